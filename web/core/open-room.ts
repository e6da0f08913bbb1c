/** The room on screen: its members and newest rows are loaded, and loaded again when they were dropped. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { RoomState } from "./contract";
import { WireError } from "./errors";

/** Rooms whose rows stay held after they were closed, so that going back is instant. */
const KEPT = 20;

export interface OpenRoomNeeds {
  ready(): boolean;
  peek(room: string): RoomState | null;
  put(room: string, state: RoomState): void;
  /** Asks for members and cursors, and brings them into the store. */
  open(room: string): Promise<void>;
  close(room: string): void;
  /** The server knows of no such room of mine: the news of that was lost. */
  gone(room: string): void;
  loadHead(room: string): Promise<void>;
  /** Where reading stopped, told once each time a room is opened. */
  stopped(room: string, seq: number): void;
}

export class OpenRoom {
  readonly #needs: OpenRoomNeeds;
  readonly #room = signal<string | null>(null);
  #recent: string[] = [];
  #knowsWhereStopped = false;

  constructor(needs: OpenRoomNeeds) {
    this.#needs = needs;
  }

  get room(): ReadonlySignal<string | null> {
    return this.#room;
  }

  open(room: string): void {
    const before = this.#room.peek();
    if (before === room) return;
    if (before !== null) this.#needs.close(before);
    this.#room.value = room;
    this.#knowsWhereStopped = false;
    this.#keep(room);
    this.#noteStopped(room);
    this.resume();
  }

  close(room: string): void {
    if (this.#room.peek() !== room) return;
    this.#room.value = null;
    this.#needs.close(room);
  }

  clear(): void {
    this.#room.value = null;
    this.#recent = [];
  }

  /** Connected (again): a new connection has no room open. */
  resume(): void {
    const room = this.#room.peek();
    if (room === null || !this.#needs.ready()) return;
    this.#needs.open(room).catch((error: unknown) => {
      if (error instanceof WireError && error.code === "not_found") this.#needs.gone(room);
    });
    this.#loadHead(room);
  }

  /** Tells of every change of a room; what was dropped of the open one is fetched again. */
  changed(room: string, before: RoomState | null, after: RoomState | null): void {
    if (room !== this.#room.peek() || after === null) return;
    this.#noteStopped(room);
    const lostMembers = before?.members && !after.members;
    const cameAgain = before?.mine.epoch !== after.mine.epoch;
    if (lostMembers || cameAgain) this.resume();
    else if (before.timeline && !after.timeline) this.#loadHead(room);
  }

  #loadHead(room: string): void {
    if (this.#needs.peek(room)?.timeline) return;
    this.#needs.loadHead(room).catch(() => undefined);
  }

  #noteStopped(room: string): void {
    const state = this.#needs.peek(room);
    if (this.#knowsWhereStopped || !state) return;
    this.#knowsWhereStopped = true;
    this.#needs.stopped(room, state.mine.read_seq);
  }

  #keep(room: string): void {
    this.#recent = [room, ...this.#recent.filter((other) => other !== room)];
    for (const old of this.#recent.splice(KEPT)) {
      const state = this.#needs.peek(old);
      if (state) this.#needs.put(old, { ...state, timeline: null, members: null });
    }
  }
}
