/** This tab among the others of its origin: that it lives, and whether another one still does. */
import { randomId } from "../storage";
import type { Port, Surroundings } from "./surroundings";

const ANSWERS_WITHIN_MS = 800;
const CALL_EVERY_MS = 20_000;

type Call = { readonly ask: string } | { readonly here: string };

export class Tab {
  readonly id = randomId();
  readonly #surroundings: Surroundings;
  readonly #name: string;
  readonly #answers = new Set<(tab: string) => void>();
  #channel: Port | null = null;
  #letGo: (() => void) | null = null;

  constructor(surroundings: Surroundings, name: string) {
    this.#surroundings = surroundings;
    this.#name = name;
  }

  enter(): void {
    if (this.#letGo) return;
    const gone = new Promise<void>((resolve) => {
      this.#letGo = resolve;
    });
    const { locks } = this.#surroundings;
    // Held while this tab lives: the browser lets it go with the tab.
    if (locks) locks.request(lockOf(this.id), () => gone).catch(() => undefined);
    else this.#listen();
  }

  leave(): void {
    this.#letGo?.();
    this.#letGo = null;
    this.#channel?.close();
    this.#channel = null;
  }

  /** Whether a tab lives no more: its lock is free or, without locks, it does not answer. */
  async isGone(tab: string): Promise<boolean> {
    if (tab === this.id) return false;
    const { locks } = this.#surroundings;
    if (!locks) return !(await this.#answersNow(tab));
    return locks.request(lockOf(tab), { ifAvailable: true }, (lock) => lock !== null).catch(() => true);
  }

  /** Calls `onGone` once when that tab is gone; returns how to stop watching. */
  watch(tab: string, onGone: () => void): () => void {
    const { locks } = this.#surroundings;
    if (!locks) return this.#callEverySoOften(tab, onGone);
    const watching = new AbortController();
    locks
      .request(lockOf(tab), { signal: watching.signal }, () => {
        if (!watching.signal.aborted) onGone();
      })
      .catch(() => undefined);
    return () => watching.abort();
  }

  #listen(): void {
    this.#channel = this.#surroundings.openChannel(`${this.#name}.tabs`);
    if (!this.#channel) return;
    this.#channel.onmessage = (message) => {
      const call = message as Call;
      if ("here" in call) for (const answered of this.#answers) answered(call.here);
      else if (call.ask === this.id) this.#channel?.post({ here: this.id } satisfies Call);
    };
  }

  async #answersNow(tab: string): Promise<boolean> {
    const channel = this.#channel;
    if (!channel) return false;
    return new Promise((resolve) => {
      const done = (answered: boolean) => {
        clearTimeout(patience);
        this.#answers.delete(heard);
        resolve(answered);
      };
      const heard = (other: string) => {
        if (other === tab) done(true);
      };
      const patience = setTimeout(() => done(false), ANSWERS_WITHIN_MS);
      this.#answers.add(heard);
      channel.post({ ask: tab } satisfies Call);
    });
  }

  /** Twice without an answer: a tab that is busy for a moment is not gone. */
  #callEverySoOften(tab: string, onGone: () => void): () => void {
    let missed = 0;
    const calls = setInterval(async () => {
      missed = (await this.isGone(tab)) ? missed + 1 : 0;
      if (missed !== 2) return;
      clearInterval(calls);
      onGone();
    }, CALL_EVERY_MS);
    return () => {
      missed = Number.NEGATIVE_INFINITY;
      clearInterval(calls);
    };
  }
}

function lockOf(tab: string): string {
  return `sendjay.tab.${tab}`;
}
