/** Everything held of my rooms, each room in a signal of its own. */
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import type { RoomState } from "./contract";
import type { RoomView } from "./model";
import { type Held, type HeldRooms, heldVersions } from "./sync";

/** Rooms named in a sync; the others come whole but without rows, which costs a little and harms nothing. */
const NAMED_ROOMS = 1000;

export class Store {
  readonly #rooms = new Map<string, Signal<RoomState | null>>();
  readonly #views = new Map<string, ReadonlySignal<RoomView | null>>();
  readonly #ids = signal<readonly string[]>([]);
  readonly #loaded = signal(false);
  /** When a room without talks came in, so that a new one stands on top of the list. */
  readonly #cameAt = new Map<string, number>();
  personal = 0;

  readonly list: ReadonlySignal<readonly RoomView[] | null> = computed(() => {
    if (!this.#loaded.value) return null;
    const views = this.#ids.value.flatMap((id) => this.#view(id).value ?? []);
    return views.filter((view) => !view.mine.hidden).sort((a, b) => this.#compare(a, b));
  });

  readonly totalUnread: ReadonlySignal<number> = computed(() => {
    const counted = (this.list.value ?? []).filter((view) => !view.mine.muted);
    return counted.reduce((sum, view) => sum + view.mine.unread, 0);
  });

  /** The signal of a room, whether it is one of mine or not. */
  cell(id: string): Signal<RoomState | null> {
    const held = this.#rooms.get(id);
    if (held) return held;
    const made = signal<RoomState | null>(null);
    this.#rooms.set(id, made);
    return made;
  }

  peek(id: string): RoomState | null {
    return this.#rooms.get(id)?.peek() ?? null;
  }

  put(id: string, state: RoomState): void {
    const cell = this.cell(id);
    if (cell.peek() === state) return;
    batch(() => {
      if (cell.peek() === null) this.#ids.value = [...this.#ids.peek(), id];
      cell.value = state;
    });
  }

  /** A room that was not there before, while the person looks on. */
  cameIn(id: string, at: number): void {
    this.#cameAt.set(id, at);
  }

  remove(id: string): void {
    batch(() => {
      this.#ids.value = this.#ids.peek().filter((other) => other !== id);
      this.#cameAt.delete(id);
      this.#views.delete(id);
      this.cell(id).value = null;
    });
  }

  ids(): readonly string[] {
    return this.#ids.peek();
  }

  /** The first whole answer has come: an empty list is an empty list from here on. */
  loaded(): void {
    this.#loaded.value = true;
  }

  /** What is held, for the server to say what has changed since. */
  held(): HeldRooms {
    const states = this.#ids.peek().flatMap((id) => this.peek(id) ?? []);
    if (states.length > NAMED_ROOMS) states.sort((a, b) => worth(b) - worth(a));
    const rooms: Record<string, Held> = {};
    for (const state of states.slice(0, NAMED_ROOMS)) rooms[state.room.id] = heldVersions(state);
    return { rooms, personal: this.personal };
  }

  clear(): void {
    batch(() => {
      for (const cell of this.#rooms.values()) cell.value = null;
      this.#ids.value = [];
      this.#cameAt.clear();
      this.#views.clear();
      this.#loaded.value = false;
      this.personal = 0;
    });
  }

  /** What the list shows of a room: the same object until that changes, however many rows and cursors come. */
  #view(id: string): ReadonlySignal<RoomView | null> {
    const held = this.#views.get(id);
    if (held) return held;
    let shown: RoomView | null = null;
    const made = computed(() => {
      const state = this.cell(id).value;
      if (state === null) shown = null;
      else if (shown?.room !== state.room || shown.mine !== state.mine) {
        shown = { room: state.room, mine: state.mine };
      }
      return shown;
    });
    this.#views.set(id, made);
    return made;
  }

  #compare(a: RoomView, b: RoomView): number {
    if (a.mine.pinned !== b.mine.pinned) return a.mine.pinned ? -1 : 1;
    return this.#movedAt(b) - this.#movedAt(a) || (a.room.id < b.room.id ? -1 : 1);
  }

  #movedAt(view: RoomView): number {
    return Math.max(view.room.last?.at ?? 0, view.room.created_at, this.#cameAt.get(view.room.id) ?? 0);
  }
}

/** Rooms with rows held first, then the newest. */
function worth(state: RoomState): number {
  return (state.timeline ? Number.MAX_SAFE_INTEGER / 2 : 0) + (state.room.last?.at ?? 0);
}
