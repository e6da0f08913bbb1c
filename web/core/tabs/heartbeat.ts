/** Whether the tab that leads still answers. Asked only by tabs that run: a hidden, frozen or sleeping one learns it later. */

const ANSWERS_WITHIN_MS = 400;
const MISSES = 2;
/** A timer this late says that this very machine was busy, not that the other side is dead. */
const LATE_MS = 250;
/** Late timers that count for nothing, in a row. */
const EXCUSES = 5;

export interface HeartbeatNeeds {
  knock(): void;
  onDead(): void;
}

export class Heartbeat {
  readonly #needs: HeartbeatNeeds;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #missed = 0;
  #excuses = 0;

  constructor(needs: HeartbeatNeeds) {
    this.#needs = needs;
  }

  /** Asks now, and gives up after two silences. */
  check(): void {
    if (this.#patience !== undefined) return;
    this.#missed = 0;
    this.#excuses = 0;
    this.#knock();
  }

  /** Checks every so often, while somebody looks at this tab. */
  every(periodMs: number): void {
    clearInterval(this.#pulse);
    this.#pulse = setInterval(() => this.check(), periodMs);
  }

  heard(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
  }

  stop(): void {
    this.heard();
    clearInterval(this.#pulse);
  }

  #knock(): void {
    const due = Date.now() + ANSWERS_WITHIN_MS;
    this.#patience = setTimeout(() => {
      this.#patience = undefined;
      const wasLate = Date.now() > due + LATE_MS && this.#excuses < EXCUSES;
      if (wasLate) this.#excuses += 1;
      else this.#missed += 1;
      if (this.#missed < MISSES) this.#knock();
      else this.#needs.onDead();
    }, ANSWERS_WITHIN_MS);
    this.#needs.knock();
  }
}
