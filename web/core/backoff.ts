/** How long to wait before the next try: full jitter, so that those who were cut off together do not come together. */

const LONGEST_WAIT_MS = 30_000;
const SHORTEST_WAIT_MS = 300;
/** A restarting server gets its clients back spread over some seconds. */
const SPREAD_TRIES = 3;

export class Backoff {
  readonly #longest: number;
  readonly #first: number;
  #tries = 0;

  constructor(longest: number = LONGEST_WAIT_MS, first = 1000) {
    this.#longest = longest;
    this.#first = first;
  }

  next(): number {
    const longest = Math.min(this.#longest, this.#first * 2 ** this.#tries++);
    return Math.max(SHORTEST_WAIT_MS, Math.random() * longest);
  }

  reset(): void {
    this.#tries = 0;
  }

  spread(): void {
    this.#tries = Math.max(this.#tries, SPREAD_TRIES);
  }
}
