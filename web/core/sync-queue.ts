/** One sync at a time; events that come meanwhile wait and are applied after it, in order. */
import { WireError } from "./errors";
import type { HeldRooms } from "./sync";
import type { AnyEvent, SyncAnswer } from "./wire";

/** Events that wait for a sync at most; past that another sync is cheaper than applying them. */
const WAITING = 2000;
/** How long a part may stand behind its room before a sync is asked: the event that raises it is often on its way. */
const PATIENCE_MS = 700;
const RETRY_MS = 3_000;

export interface SyncQueueNeeds {
  held(): HeldRooms;
  sync(request: HeldRooms): Promise<SyncAnswer>;
  take(answer: SyncAnswer, asked: HeldRooms): void;
  apply(event: AnyEvent): void;
  isBehind(): boolean;
}

export class SyncQueue {
  readonly #needs: SyncQueueNeeds;
  #syncing = false;
  #waiting: AnyEvent[] = [];
  #overflow = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: SyncQueueNeeds) {
    this.#needs = needs;
  }

  event(event: AnyEvent): void {
    if (!this.#syncing) this.#needs.apply(event);
    else if (this.#waiting.length < WAITING) this.#waiting.push(event);
    else this.#overflow = true;
  }

  /** Asks what changed since what is held. */
  request(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    const asked = this.#needs.held();
    this.#needs.sync(asked).then(
      (answer) => this.taken(answer, asked),
      (error: unknown) => this.#failed(error),
    );
  }

  /** Asks for a sync unless what lags has come up by itself in a moment. */
  soon(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      if (this.#needs.isBehind()) this.request();
    }, PATIENCE_MS);
  }

  /** A sync answer, asked here or brought by a welcome. */
  taken(answer: SyncAnswer, asked: HeldRooms): void {
    this.#needs.take(answer, asked);
    this.#syncing = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.event(event);
    const lacks = this.#overflow;
    this.#overflow = false;
    if (lacks) this.request();
    else if (this.#needs.isBehind()) this.soon();
  }

  clear(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#waiting = [];
    this.#overflow = false;
  }

  #failed(error: unknown): void {
    // Not connected: the next welcome brings a sync of its own, and all that waits is in it.
    this.#syncing = false;
    this.clear();
    if (error instanceof WireError && error.code === "offline") return;
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.request();
    }, RETRY_MS);
  }
}
