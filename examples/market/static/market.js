// Days are picked in the calendar; and all that this site does with the messenger beside its tag and its element.

const ask = document.getElementById("ask");
const days = [...document.querySelectorAll("[data-day]")];

function show() {
  const since = ask.since.value;
  const until = ask.until.value || since;
  for (const day of days) {
    const isPicked = since <= day.dataset.day && day.dataset.day <= until;
    day.classList.toggle("picked", isPicked);
    day.setAttribute("aria-pressed", isPicked);
  }
  const sum = ask.querySelector("[data-sum]");
  const count = (Date.parse(ask.until.value) - Date.parse(since)) / 86_400_000 + 1;
  sum.hidden = !(count > 0);
  const won = (count * Number(ask.dataset.price)).toLocaleString("ko");
  if (!sum.hidden) sum.textContent = ask.dataset.price === "0" ? `${count}일 · 무료` : `${count}일 · ${won}원`;
}

function pick(day) {
  const { since, until } = ask;
  // The first click begins, the second ends; a third begins anew.
  const begins = !since.value || until.value || day < since.value;
  if (begins) since.value = day;
  until.value = begins ? "" : day;
  show();
}

if (ask) {
  const hint = ask.querySelector("[data-hint]");
  if (days.length) hint.textContent = `달력에서 빌릴 날과 돌려줄 날을 차례로 눌러 보세요. ${hint.textContent}`;
  for (const day of days) day.addEventListener("click", () => pick(day.dataset.day));
  ask.addEventListener("change", show);
  // One day: whoever has picked only the first gives it back on the same.
  ask.querySelector("button").addEventListener("click", () => (ask.until.value ||= ask.since.value));
  show();
} else {
  for (const day of days) day.disabled = true;
}

document.addEventListener("submit", (event) => {
  const { question } = event.target.dataset;
  if (question && !confirm(question)) event.preventDefault();
});

document.addEventListener("DOMContentLoaded", () => {
  const chats = document.querySelector("[data-open-chats]");
  if (!chats || !window.Sendjay) return;
  chats.hidden = false;
  chats.addEventListener("click", () => window.Sendjay.open());
});

document.getElementById("sign-out")?.addEventListener("submit", (event) => {
  if (!window.Sendjay) return;
  event.preventDefault();
  // Whether or not the messenger answers, the site's own sign-out goes on.
  window.Sendjay.signOut().finally(() => event.target.submit());
});
