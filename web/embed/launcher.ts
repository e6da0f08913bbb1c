/** The round button with the number of unread talks. It can be drawn to the other side, or sent there by arrow keys. */
import { fetchLater } from "./fetch-later";
import { buttonSide, keepButtonSide } from "./memory";
import { element } from "./shade";
import { quietly } from "./warn";
import type { Language } from "./words";
import { openWords } from "./words";

const BADGE_MAX = 300;

export class Launcher {
  readonly button = element("button", { type: "button", class: "launcher" });
  readonly #badge = element("span", { class: "badge", hidden: "", "aria-hidden": "true" });
  readonly #base: string;
  readonly #language: Language;
  #dragged = false;

  constructor(base: string, language: Language, onPress: () => void) {
    this.#base = base;
    this.#language = language;
    this.button.append(element("span", { class: "feather" }), this.#badge);
    this.#takeSide(buttonSide());
    this.show({ unread: 0, connected: false });
    this.button.addEventListener("click", (event) => {
      // A press by key has no drag before it.
      if (!this.#dragged || event.detail === 0) onPress();
    });
    this.button.addEventListener("pointerdown", (event) => this.#pressed(event));
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
    const label = openWords(this.#language, unread);
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
  }

  #takeSide(side: "left" | "right"): void {
    this.button.classList.toggle("left", side === "left");
    keepButtonSide(side);
  }

  #pressed(down: PointerEvent): void {
    this.#dragged = false;
    const onSide = (side: "left" | "right") => {
      this.#dragged = true;
      this.#takeSide(side);
    };
    quietly(async () => (await fetchLater(this.#base)).drag(this.button, down, onSide));
  }
}
