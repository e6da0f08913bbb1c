/**
 * How long to wait before the next try: at random in a window as long as the trouble has lasted. Those who were cut off
 * together do not come together, and whoever comes back soon waited shortly.
 */

const SHORTEST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 30_000;
/** A restarting server gets its clients back spread over so long, where it does not say how long. */
const RESTART_WINDOW_MS = 4_000;

export class Backoff {
  readonly #longest: number;
  readonly #first: number;
  #least: number;
  #since: number | null = null;

  /** `first`: the window in the beginning, ms; `longest`: the window that is never passed. */
  constructor(longest: number = LONGEST_WAIT_MS, first = 1_000) {
    this.#longest = longest;
    this.#first = first;
    this.#least = first;
  }

  next(): number {
    const now = Date.now();
    this.#since ??= now;
    const window = Math.min(this.#longest, Math.max(this.#least, now - this.#since));
    return Math.max(SHORTEST_WAIT_MS, Math.random() * window);
  }

  /** The trouble is over, or what comes is a new one. */
  reset(): void {
    this.#since = null;
    this.#least = this.#first;
  }

  /** All of a server's clients come back: in the window that it names, ms; NaN where it names none. */
  spread(window: number): void {
    this.#least = Math.max(this.#least, window || RESTART_WINDOW_MS);
  }
}
