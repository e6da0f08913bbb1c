/** The round button with the number of unread talks. It can be drawn to the other side, or sent there by arrow keys. */
import { buttonSide, keepButtonSide } from "./memory";
import { drawing, element } from "./shade";
import type { Language } from "./words";
import { WORDS } from "./words";

const DRAG_PX = 8;
const BADGE_MAX = 300;

export class Launcher {
  readonly button = element("button", { type: "button", class: "launcher" });
  readonly #badge = element("span", { class: "badge", hidden: "", "aria-hidden": "true" });
  readonly #language: Language;
  #dragged = false;

  constructor(language: Language, onPress: () => void) {
    this.#language = language;
    this.button.append(feather(), this.#badge);
    this.#takeSide(buttonSide());
    this.show({ unread: 0, connected: false });
    this.button.addEventListener("click", (event) => {
      // A press by key has no drag before it.
      if (!this.#dragged || event.detail === 0) onPress();
    });
    this.button.addEventListener("pointerdown", (event) => this.#drag(event));
    this.button.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") this.#takeSide("left");
      else if (event.key === "ArrowRight") this.#takeSide("right");
    });
  }

  get side(): "left" | "right" {
    return this.button.classList.contains("left") ? "left" : "right";
  }

  show({ unread, connected }: { unread: number; connected: boolean }): void {
    const text = unread >= BADGE_MAX ? `${BADGE_MAX}+` : String(unread);
    this.#badge.textContent = text;
    this.#badge.hidden = unread === 0;
    this.button.classList.toggle("off", !connected);
    const label = WORDS[this.#language].open(unread);
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
  }

  #takeSide(side: "left" | "right"): void {
    this.button.classList.toggle("left", side === "left");
    keepButtonSide(side);
  }

  #drag(down: PointerEvent): void {
    this.#dragged = false;
    const { button } = this;
    button.setPointerCapture(down.pointerId);
    const move = (event: PointerEvent) => {
      if (Math.abs(event.clientX - down.clientX) > DRAG_PX) this.#dragged = true;
      if (!this.#dragged) return;
      button.classList.add("moving");
      this.#takeSide(event.clientX < innerWidth / 2 ? "left" : "right");
    };
    const end = () => {
      button.classList.remove("moving");
      button.removeEventListener("pointermove", move);
      button.removeEventListener("lostpointercapture", end);
    };
    button.addEventListener("pointermove", move);
    button.addEventListener("lostpointercapture", end);
  }
}

function feather(): SVGElement {
  const vane =
    "M27.5 4.5C20 3.6 12.6 6.4 9 12c-2.4 3.8-2.6 8-1.9 11.2 5 .5 10.6-.4 14.6-4.2 1.3-1.3 2.3-2.7 3.1-4.2l-4.2.2 " +
    "5.2-2.5c1.2-2.7 1.7-5.5 1.7-8z";
  return drawing(["path", { d: vane }], ["path", { class: "quill", d: "M4.5 28.5C5.5 26.5 6 25 7.1 23.2" }]);
}
