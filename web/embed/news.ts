/** The number of unread talks, asked of the server when something has happened; never counted here. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { AnyEvent, NewsAnswer } from "../core/wire";

/** Talks that come together are asked about together. */
const GATHERS_MS = 250;
const NOT_OFTENER_MS = 2_000;

export interface NewsNeeds {
  ask(): Promise<NewsAnswer>;
  /** A tab that nobody sees and that does not lead asks when it is looked at. */
  mayAsk(): boolean;
}

export class News {
  readonly #needs: NewsNeeds;
  readonly #unread = signal(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = 0;
  #isBehind = false;

  constructor(needs: NewsNeeds) {
    this.#needs = needs;
  }

  get unread(): ReadonlySignal<number> {
    return this.#unread;
  }

  heard(event: AnyEvent): void {
    if (event.ev === "message.new" || event.ev === "mine.changed" || event.ev === "room.gone") this.soon();
  }

  soon(): void {
    this.#isBehind = true;
    if (this.#timer !== undefined || !this.#needs.mayAsk()) return;
    const wait = Math.max(GATHERS_MS, this.#askedAt + NOT_OFTENER_MS - Date.now());
    this.#timer = setTimeout(() => void this.#ask(), wait);
  }

  /** At once, after a welcome. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#ask();
  }

  /** Somebody looks at the page. */
  seen(): void {
    if (this.#isBehind) this.soon();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isBehind = false;
    this.#unread.value = 0;
  }

  async #ask(): Promise<void> {
    this.#timer = undefined;
    this.#isBehind = false;
    this.#askedAt = Date.now();
    try {
      this.#unread.value = (await this.#needs.ask()).unread;
    } catch {
      // Without a line: the next welcome asks again.
    }
  }
}
