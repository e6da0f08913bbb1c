/** Renews the access token before it ends, while a connection stands; the server extends the connection by itself. */
import { Backoff } from "./backoff";
import type { RefreshOutcome } from "./rest";

/** Of a new token whose time nobody has told: not renewed more often than this. */
const SHORTEST_LIFE_MS = 60_000;
const LONGEST_RETRY_MS = 60_000;
/** Timers hold no more than 31 bits of ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface TokenKeeperNeeds {
  /** Renews it, unless another tab has done so since `began` (ms since 1970). */
  refresh(began: number): Promise<RefreshOutcome>;
  /** How many seconds a new token is good for; null: as long as the longest one seen. */
  lifeSeconds(): number | null;
  /** The session is over. */
  onEnded(outcome: "device_removed" | "signed_out"): void;
}

export class TokenKeeper {
  readonly #needs: TokenKeeperNeeds;
  readonly #backoff = new Backoff(LONGEST_RETRY_MS, 5_000);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #longestMs = SHORTEST_LIFE_MS;
  #turn = 0;

  constructor(needs: TokenKeeperNeeds) {
    this.#needs = needs;
  }

  /** The token in use is good for so long. */
  begin(seconds: number | undefined): void {
    this.end();
    if (!seconds) return;
    this.#longestMs = Math.max(this.#longestMs, seconds * 1000);
    this.#renewWithin(seconds * 1000);
  }

  end(): void {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#backoff.reset();
  }

  /** At about four fifths of the time, and not at the same moment as everybody who came back with us. */
  #renewWithin(ms: number): void {
    this.#in(ms * (0.75 + Math.random() * 0.1));
  }

  #in(wait: number): void {
    const learned = Date.now();
    this.#timer = setTimeout(() => void this.#renew(learned), Math.min(wait, LONGEST_TIMER_MS));
  }

  async #renew(learned: number): Promise<void> {
    const turn = this.#turn;
    const outcome = await this.#needs.refresh(learned);
    if (turn !== this.#turn) return;
    if (outcome === "unreachable") this.#in(this.#backoff.next());
    else if (outcome === "refreshed") {
      this.#backoff.reset();
      const life = this.#needs.lifeSeconds();
      this.#renewWithin(life === null ? this.#longestMs : Math.max(life, 5) * 1000);
    } else this.#needs.onEnded(outcome);
  }
}
