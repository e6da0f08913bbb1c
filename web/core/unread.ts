/** Unread numbers come from the server alone: rooms that got talks are asked about, gathered, one request at a time. */

const GATHER_MS = 300;
const MOST_ROOMS = 500;

export interface UnreadNeeds {
  ask(rooms: string[]): Promise<Record<string, number>>;
  /** Whether the number would be taken back at once, because the person is reading the room. */
  isBeingRead(room: string): boolean;
  apply(unread: Record<string, number>): void;
}

export class UnreadNumbers {
  readonly #needs: UnreadNeeds;
  readonly #dirty = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  constructor(needs: UnreadNeeds) {
    this.#needs = needs;
  }

  touched(room: string): void {
    this.#dirty.add(room);
    this.#schedule();
  }

  /** A sync has brought every number. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dirty.clear();
  }

  #schedule(): void {
    if (this.#asking || this.#dirty.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#askNow();
    }, GATHER_MS);
  }

  async #askNow(): Promise<void> {
    const rooms = [...this.#dirty].filter((room) => !this.#needs.isBeingRead(room)).slice(0, MOST_ROOMS);
    if (rooms.length < MOST_ROOMS) this.#dirty.clear();
    else for (const room of rooms) this.#dirty.delete(room);
    if (rooms.length === 0) return;
    this.#asking = true;
    try {
      this.#needs.apply(await this.#needs.ask(rooms));
    } catch {
      // Offline: the sync of the next connection brings the numbers of rooms that moved; these moved before.
      for (const room of rooms) this.#dirty.add(room);
    }
    this.#asking = false;
    this.#schedule();
  }
}
