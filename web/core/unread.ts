/** Unread numbers come from the server alone: rooms that got talks are asked about, gathered, one request at a time. */

import { WireError } from "./errors";

const GATHER_MS = 300;
const RETRY_MS = 3_000;
const MOST_ROOMS = 500;

export interface UnreadNeeds {
  ask(rooms: string[]): Promise<Record<string, number>>;
  /** Whether the number would be taken back at once, because the person is reading the room. */
  isBeingRead(room: string): boolean;
  /** My read cursor. */
  cursor(room: string): number;
  apply(room: string, unread: number): void;
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
    this.#schedule(GATHER_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dirty.clear();
  }

  /** Connected again: asks what could not be asked. */
  resume(): void {
    this.#schedule(GATHER_MS);
  }

  #schedule(wait: number): void {
    if (this.#asking || this.#dirty.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#askNow();
    }, wait);
  }

  async #askNow(): Promise<void> {
    const rooms = [...this.#dirty].filter((room) => !this.#needs.isBeingRead(room)).slice(0, MOST_ROOMS);
    if (rooms.length < MOST_ROOMS) this.#dirty.clear();
    else for (const room of rooms) this.#dirty.delete(room);
    if (rooms.length === 0) return;
    this.#asking = true;
    let wait = GATHER_MS;
    try {
      const cursors = new Map(rooms.map((room) => [room, this.#needs.cursor(room)]));
      for (const [room, unread] of Object.entries(await this.#needs.ask(rooms))) {
        // Read further meanwhile: whoever moved the cursor brought a newer number.
        if (cursors.get(room) === this.#needs.cursor(room)) this.#needs.apply(room, unread);
      }
    } catch (error) {
      // The next sync would not bring them: these rooms have not moved since.
      for (const room of rooms) this.#dirty.add(room);
      wait = RETRY_MS;
      if (error instanceof WireError && error.code === "offline") wait = 0;
    }
    this.#asking = false;
    // Offline it waits for resume().
    if (wait > 0) this.#schedule(wait);
  }
}
