/** Two ways in which a line that looks open is found out to be dead: silence, and having slept. */

const LOOKS_EVERY_MS = 5_000;
/** A look that comes this late was held back: the machine slept, or the page was frozen. */
const SLEPT_MS = 15_000;

/** Calls `onSilence` once when nothing was heard for a while. */
export class Silence {
  readonly #onSilence: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ms = 0;

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence;
  }

  begin(ms: number): void {
    this.#ms = ms;
    this.heard();
  }

  // The timer is set anew each time, rather than times compared: a clock that is set back must not make it deaf.
  heard(): void {
    clearTimeout(this.#timer);
    if (this.#ms > 0) this.#timer = setTimeout(this.#onSilence, this.#ms);
  }

  end(): void {
    this.#ms = 0;
    clearTimeout(this.#timer);
  }
}

/** Calls `onWake` when this machine or page has slept. */
export class WakeWatch {
  readonly #onWake: () => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looked = 0;

  constructor(onWake: () => void) {
    this.#onWake = onWake;
  }

  begin(): void {
    this.end();
    this.#looked = Date.now();
    this.#timer = setInterval(() => this.#look(), LOOKS_EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const gap = Date.now() - this.#looked;
    this.#looked = Date.now();
    if (Math.abs(gap) > SLEPT_MS) this.#onWake();
  }
}
