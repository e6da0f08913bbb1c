/** Brings what the server says into the store, in order: one sync at a time, and what comes meanwhile waits for it. */
import { batch } from "@preact/signals-core";
import type { RoomState } from "./contract";
import { WireError } from "./errors";
import { fillMessage, type Message } from "./model";
import type { Store } from "./store";
import {
  applyCursors,
  applyDelta,
  applyMine,
  applyOpen,
  applyRoomEvent,
  applyView,
  type HeldRooms,
  isBehind,
  type RoomEvent,
} from "./sync";
import type { AnyEvent, MyRoom, OpenAnswer, RoomAnswer, RoomView, SyncAnswer } from "./wire";

/** Events that wait for a sync at most; past that another sync is cheaper than applying them. */
const WAITING = 2000;
/** How long a part may stand behind its room before a sync is asked: the event that raises it is often on its way. */
const PATIENCE_MS = 700;
const RETRY_MS = 3_000;

export interface UpdatesNeeds {
  store: Store;
  sync(request: HeldRooms): Promise<SyncAnswer>;
  getRoom(room: string): Promise<RoomAnswer>;
  now(): number;
  onMessage(room: string, message: Message): void;
  /** A room's state has changed; `before` is null for one that came in. */
  onRoom(room: string, before: RoomState | null, after: RoomState | null): void;
}

export class Updates {
  readonly #needs: UpdatesNeeds;
  readonly #store: Store;
  #syncing = false;
  #waiting: AnyEvent[] = [];
  #overflow = false;
  #later: ReturnType<typeof setTimeout> | undefined;
  readonly #fetching = new Set<string>();
  /** The highest version heard of a room that is not held (yet). */
  readonly #missed = new Map<string, number>();
  /** The personal version at which my side of a room last changed: a reply read before that is old. */
  readonly #mineAt = new Map<string, number>();
  /** Cursors that moved after an opened room's members were read, and came before them. */
  readonly #earlyCursors = new Map<string, Record<string, number>>();

  constructor(needs: UpdatesNeeds) {
    this.#needs = needs;
    this.#store = needs.store;
  }

  clear(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#waiting = [];
    this.#missed.clear();
    this.#mineAt.clear();
    this.#earlyCursors.clear();
  }

  /** The sync that came with the welcome: everything is as fresh as it. */
  welcomed(answer: SyncAnswer, asked: HeldRooms): void {
    this.#waiting = [];
    this.#missed.clear();
    this.#synced(answer, asked);
    this.#store.loaded();
  }

  event(event: AnyEvent): void {
    if (!this.#syncing) batch(() => this.#apply(event));
    else if (this.#waiting.length < WAITING) this.#waiting.push(event);
    else this.#overflow = true;
  }

  /** An answer that brings a room; `personal` as it stood when it was asked for. */
  answered(view: RoomView, personal: number): void {
    this.#merge(view, personal, (held) => applyView(held, view));
  }

  opened(answer: OpenAnswer, personal: number): void {
    const { id } = answer.room.room;
    const early = this.#earlyCursors.get(id);
    this.#earlyCursors.delete(id);
    this.#merge(answer.room, personal, (held) => {
      const next = applyOpen(held, answer);
      return early && next.members ? { ...next, members: applyCursors(next.members, early, 0) } : next;
    });
  }

  /** My side of a room as the server has just counted it. */
  mine(room: string, change: Partial<Pick<MyRoom, "read_seq" | "unread">>): void {
    const held = this.#store.peek(room);
    if (held) this.put(room, { ...held, mine: { ...held.mine, ...change } });
  }

  put(room: string, state: RoomState): void {
    const before = this.#store.peek(room);
    this.#store.put(room, state);
    this.#needs.onRoom(room, before, state);
  }

  gone(room: string): void {
    const before = this.#store.peek(room);
    this.#store.remove(room);
    this.#missed.delete(room);
    this.#mineAt.delete(room);
    this.#earlyCursors.delete(room);
    if (before) this.#needs.onRoom(room, before, null);
  }

  /** Asks what changed since what is held. One at a time. */
  requestSync(): void {
    if (this.#syncing) return;
    this.#syncing = true;
    const asked = this.#store.held();
    this.#needs.sync(asked).then(
      (answer) => this.#synced(answer, asked),
      (error: unknown) => this.#syncFailed(error),
    );
  }

  /** Asks for a sync unless what lags has come up by itself in a moment. */
  syncIfBehind(): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      if (this.#anyBehind()) this.requestSync();
    }, PATIENCE_MS);
  }

  #syncFailed(error: unknown): void {
    // Not connected: the next welcome brings a sync of its own, and all that waits is in it.
    this.#syncing = false;
    this.#waiting = [];
    if (error instanceof WireError && error.code === "offline") return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.requestSync();
    }, RETRY_MS);
  }

  #anyBehind(): boolean {
    for (const [room, version] of this.#missed) {
      const held = this.#store.peek(room);
      if (held && held.room.version < version) return true;
      if (held) this.#missed.delete(room);
    }
    return this.#store.ids().some((id) => {
      const state = this.#store.peek(id);
      return state !== null && isBehind(state);
    });
  }

  #synced(answer: SyncAnswer, asked: HeldRooms): void {
    batch(() => {
      for (const delta of answer.rooms ?? []) {
        const { id } = delta.room;
        const held = this.#store.peek(id);
        const next = applyDelta(held, delta, asked.rooms[id]);
        this.put(id, next);
      }
      for (const mine of answer.mine ?? []) this.#applyMine(mine, answer.personal);
      for (const room of answer.gone ?? []) this.gone(room);
      this.#store.personal = Math.max(this.#store.personal, answer.personal);
    });
    this.#release();
    if (this.#anyBehind()) this.syncIfBehind();
  }

  #release(): void {
    this.#syncing = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (this.#overflow) {
      this.#overflow = false;
      this.syncIfBehind();
    }
    for (const event of waiting) this.event(event);
  }

  #apply(event: AnyEvent): void {
    if (event.ev === "message.new" || event.ev === "room.changed") this.#applyRoomEvent(event);
    else if (event.ev === "room.added") this.#applyAdded(event.room, event.version);
    else if (event.ev === "room.gone") this.gone(event.room);
    else if (event.ev === "read.moved") this.#applyRead(event.room, event.cursors, event.read_version);
    else if (event.ev === "mine.changed") this.#applyPersonal(event.personal, event.rooms);
  }

  #applyRead(room: string, cursors: Record<string, number>, readVersion: number): void {
    const held = this.#store.peek(room);
    if (held?.members) {
      this.put(room, { ...held, members: applyCursors(held.members, cursors, readVersion) });
    } else this.#earlyCursors.set(room, { ...this.#earlyCursors.get(room), ...cursors });
  }

  #applyRoomEvent(event: RoomEvent): void {
    const held = this.#store.peek(event.room);
    if (held === null) {
      this.#missedOf(event.room, event.version);
      this.fetchRoom(event.room);
      return;
    }
    const next = applyRoomEvent(held, event);
    if (next === null) {
      this.#missedOf(event.room, event.version);
      this.requestSync();
      return;
    }
    const isNews = event.version > held.room.version;
    this.put(event.room, next);
    if (isBehind(next)) this.syncIfBehind();
    if (isNews && event.ev === "message.new") this.#needs.onMessage(event.room, fillMessage(event.message));
  }

  #applyAdded(room: string, version: number): void {
    if (this.#store.peek(room) === null) this.#store.cameIn(room, this.#needs.now());
    this.#missedOf(room, version);
    this.fetchRoom(room);
  }

  #applyPersonal(personal: number, rooms: MyRoom[]): void {
    if (personal <= this.#store.personal) return;
    if (personal > this.#store.personal + 1) {
      this.requestSync();
      return;
    }
    this.#store.personal = personal;
    for (const mine of rooms) this.#applyMine(mine, personal);
  }

  #applyMine(mine: MyRoom, personal: number): void {
    this.#mineAt.set(mine.room, personal);
    const held = this.#store.peek(mine.room);
    if (held) this.put(mine.room, applyMine(held, mine));
    else if (!mine.hidden) this.fetchRoom(mine.room);
  }

  /** A room that is mine now, or may be: told of before it is held. */
  fetchRoom(room: string): void {
    if (this.#fetching.has(room)) return;
    this.#fetching.add(room);
    const personal = this.#store.personal;
    this.#needs
      .getRoom(room)
      .then((answer) => this.answered(answer.room, personal))
      // Not mine after all, or not connected: the next welcome names every room of mine.
      .catch(() => this.#missed.delete(room))
      .finally(() => this.#fetching.delete(room));
  }

  #merge(view: RoomView, personal: number, apply: (held: RoomState | null) => RoomState): void {
    const { id, version } = view.room;
    const held = this.#store.peek(id);
    const isOldMine = (this.#mineAt.get(id) ?? 0) > personal;
    const next = apply(held);
    const keepsMine = held !== null && isOldMine && next.mine.epoch === held.mine.epoch;
    batch(() => this.put(id, keepsMine ? { ...next, mine: held.mine } : next));
    const missed = this.#missed.get(id) ?? 0;
    if (missed <= version) this.#missed.delete(id);
    if (missed > version || isBehind(next)) this.syncIfBehind();
  }

  #missedOf(room: string, version: number): void {
    if (this.#missed.size > WAITING) this.#missed.clear();
    this.#missed.set(room, Math.max(version, this.#missed.get(room) ?? 0));
  }
}
