/** When to ask the host who is signed in: at once, and while nobody is, whenever somebody comes back to the page. */
import type { Visitor } from "./visitor";

const NOT_OFTENER_MS = 10_000;
const SHORTEST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

export class Entrance {
  readonly #visitor: Visitor;
  readonly #onEnter: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #askedAt = 0;
  #isOver = false;
  /** Resolves as soon as the host has said who is signed in, or has not. */
  asking = Promise.resolve();

  constructor(visitor: Visitor, onEnter: () => void) {
    this.#visitor = visitor;
    this.#onEnter = onEnter;
  }

  begin(): void {
    addEventListener("focus", () => this.#comeBack());
    addEventListener("online", () => this.#comeBack());
    document.addEventListener("visibilitychange", () => this.#comeBack());
    this.#ask();
  }

  /** The person has signed out: this page asks no more. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #comeBack(): void {
    if (document.visibilityState !== "visible" || Date.now() - this.#askedAt < NOT_OFTENER_MS) return;
    this.#ask();
  }

  #ask(): void {
    this.asking = this.#find();
  }

  async #find(): Promise<void> {
    if (this.#isOver || this.#visitor.visit) return;
    clearTimeout(this.#timer);
    this.#askedAt = Date.now();
    const outcome = await this.#visitor.renew(Date.now());
    if (this.#isOver) return;
    if (outcome === "refreshed") {
      this.#tries = 0;
      this.#onEnter();
    } else if (outcome === "unreachable") {
      const longest = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** this.#tries++);
      this.#timer = setTimeout(() => this.#ask(), longest * (0.5 + Math.random() / 2));
    }
  }
}
