/** Moves my read cursor: only where the room is open and seen, the highest seq only, one request at a time per room. */
import type { RoomState } from "./contract";
import type { CursorAnswer } from "./wire";

export interface ReadingNeeds {
  peek(room: string): RoomState | null;
  mark(room: string, seq: number): Promise<CursorAnswer>;
  apply(room: string, answer: CursorAnswer): void;
}

export class Reading {
  readonly #needs: ReadingNeeds;
  /** The highest seq seen, until the server has it. */
  readonly #seen = new Map<string, number>();
  readonly #telling = new Set<string>();

  constructor(needs: ReadingNeeds) {
    this.#needs = needs;
  }

  saw(room: string, seq: number): void {
    if (seq <= this.reached(room)) return;
    this.#seen.set(room, seq);
    void this.#tell(room);
  }

  /** How far the room is read, what is still on its way to the server included. */
  reached(room: string): number {
    return Math.max(this.#needs.peek(room)?.mine.read_seq ?? 0, this.#seen.get(room) ?? 0);
  }

  /** Connected again: tells what could not be told. */
  resume(): void {
    for (const room of this.#seen.keys()) void this.#tell(room);
  }

  clear(): void {
    this.#seen.clear();
  }

  async #tell(room: string): Promise<void> {
    if (this.#telling.has(room)) return;
    this.#telling.add(room);
    try {
      for (let seq = this.#seen.get(room); seq !== undefined; seq = this.#seen.get(room)) {
        const answer = await this.#needs.mark(room, seq);
        if (this.#seen.get(room) === seq) this.#seen.delete(room);
        this.#needs.apply(room, answer);
      }
    } catch {
      // Not connected: told again at the next welcome. No longer mine: nothing to tell.
      if (this.#needs.peek(room) === null) this.#seen.delete(room);
    } finally {
      this.#telling.delete(room);
    }
  }
}
