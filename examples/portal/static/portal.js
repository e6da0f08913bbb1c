// All that this portal does with the messenger beside the script tag: links that open a talk, and signing out of both.

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-chat]");
  if (link) window.Sendjay?.chatWith(link.dataset.chat);
});

document.getElementById("sign-out")?.addEventListener("submit", (event) => {
  if (!window.Sendjay) return;
  event.preventDefault();
  // Whether or not the messenger answers, the portal's own sign-out goes on.
  window.Sendjay.signOut().finally(() => event.target.submit());
});
