/** Brings what the server says into the store, in order: one sync at a time, and what comes meanwhile waits for it. */
import { batch } from "@preact/signals-core";
import type { RoomState } from "./contract";
import { fillMessage, type Message } from "./model";
import type { Store } from "./store";
import {
  applyCursors,
  applyDelta,
  applyGone,
  applyMine,
  applyOpen,
  applyRoomEvent,
  applyView,
  type HeldRooms,
  isBehind,
  isTakenBack,
  type RoomEvent,
} from "./sync";
import { SyncQueue } from "./sync-queue";
import type { AnyEvent, MineChanged, MyRoom, OpenAnswer, RoomAnswer, RoomView, SyncAnswer } from "./wire";

/** Rooms not held of which something was heard, at most. */
const MISSED = 2000;
/** Messages deleted for oneself that are remembered of one room, at most. */
const DELETED = 5000;

export interface UpdatesNeeds {
  store: Store;
  sync(request: HeldRooms): Promise<SyncAnswer>;
  getRoom(room: string): Promise<RoomAnswer>;
  now(): number;
  onMessage(room: string, message: Message): void;
  /** A message that stood already is this now. */
  onChanged(room: string, message: Message): void;
  /** What my personal stream brings beside rooms, at its version. */
  onPersonal(news: Pick<SyncAnswer, "drafts" | "settings">, version: number): void;
  /** A room's state has changed; `before` is null for one that came in. */
  onRoom(room: string, before: RoomState | null, after: RoomState | null): void;
}

export class Updates {
  readonly #needs: UpdatesNeeds;
  readonly #store: Store;
  readonly #queue: SyncQueue;
  readonly #fetching = new Set<string>();
  /** The highest version heard of a room that is not held (yet). */
  readonly #missed = new Map<string, number>();
  /** The personal version at which my side of a room last changed: a reply read before that is old. */
  readonly #mineAt = new Map<string, number>();
  /** What I have deleted for myself while this page was open: a page of history may have been read before. */
  readonly #deleted = new Map<string, Set<number>>();
  /** Cursors that moved after an opened room's members were read, and came before them. */
  readonly #earlyCursors = new Map<string, Record<string, number>>();

  constructor(needs: UpdatesNeeds) {
    this.#needs = needs;
    this.#store = needs.store;
    this.#queue = new SyncQueue({
      held: () => this.#store.held(),
      sync: (request) => needs.sync(request),
      take: (answer, asked) => batch(() => this.#take(answer, asked)),
      apply: (event) => batch(() => this.#apply(event)),
      isBehind: () => this.#isBehind(),
    });
  }

  clear(): void {
    this.#queue.clear();
    this.#missed.clear();
    this.#mineAt.clear();
    this.#deleted.clear();
    this.#earlyCursors.clear();
  }

  /** The sync that came with the welcome: everything is as fresh as it. */
  welcomed(answer: SyncAnswer, asked: HeldRooms): void {
    this.#queue.clear();
    this.#missed.clear();
    this.#queue.taken(answer, asked);
    this.#store.loaded();
  }

  event(event: AnyEvent): void {
    this.#queue.event(event);
  }

  /** Something is known to be missing: asks for it. */
  requestSync(): void {
    this.#queue.request();
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
    const deleted = this.#deleted.get(room);
    const next = deleted ? applyGone(state, deleted) : state;
    this.#store.put(room, next);
    this.#needs.onRoom(room, before, next);
  }

  /** I have deleted these for myself, here or on another device. */
  deleted(told: Readonly<Record<string, readonly number[]>> | undefined): void {
    for (const [room, seqs] of Object.entries(told ?? {})) {
      const known = this.#deleted.get(room) ?? new Set();
      this.#deleted.set(room, new Set([...known, ...seqs].slice(-DELETED)));
      const held = this.#store.peek(room);
      if (held) this.put(room, held);
    }
  }

  gone(room: string): void {
    const before = this.#store.peek(room);
    this.#store.remove(room);
    this.#missed.delete(room);
    this.#mineAt.delete(room);
    this.#earlyCursors.delete(room);
    if (before) this.#needs.onRoom(room, before, null);
  }

  #isBehind(): boolean {
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

  #take(answer: SyncAnswer, asked: HeldRooms): void {
    for (const delta of answer.rooms ?? []) {
      const { id } = delta.room;
      this.put(id, applyDelta(this.#store.peek(id), delta, asked.rooms[id]));
    }
    for (const mine of answer.mine ?? []) this.#applyMine(mine, answer.personal);
    this.deleted(answer.deleted);
    for (const room of answer.gone ?? []) this.gone(room);
    this.#store.personal = Math.max(this.#store.personal, answer.personal);
    this.#needs.onPersonal(answer, answer.personal);
  }

  #apply(event: AnyEvent): void {
    if (event.ev === "message.new" || event.ev === "message.changed" || event.ev === "room.changed")
      this.#applyRoomEvent(event);
    else if (event.ev === "room.added") this.#applyAdded(event.room, event.version);
    else if (event.ev === "room.gone") this.gone(event.room);
    else if (event.ev === "read.moved") this.#applyRead(event.room, event.cursors, event.read_version);
    else if (event.ev === "mine.changed") this.#applyPersonal(event);
    else if (event.ev === "behind") this.#queue.request();
  }

  #applyRead(room: string, cursors: Record<string, number>, readVersion: number): void {
    const held = this.#store.peek(room);
    if (held?.members) {
      this.put(room, { ...held, members: applyCursors(held.members, cursors, readVersion) });
    } else this.#earlyCursors.set(room, { ...this.#earlyCursors.get(room), ...cursors });
  }

  #applyRoomEvent(event: RoomEvent): void {
    if (event.ev === "message.changed") this.#needs.onChanged(event.room, fillMessage(event.message));
    const held = this.#store.peek(event.room);
    if (held === null) {
      this.#missedOf(event.room, event.version);
      this.fetchRoom(event.room);
      return;
    }
    const next = applyRoomEvent(held, event);
    if (next === null) {
      // The text goes at once; what I may see in its place, the sync says.
      if (isTakenBack(event) && event.ev === "message.changed")
        this.put(event.room, applyGone(held, new Set([event.message.seq])));
      this.#missedOf(event.room, event.version);
      this.#queue.request();
      return;
    }
    const isNews = event.version > held.room.version;
    this.put(event.room, next);
    if (isBehind(next)) this.#queue.soon();
    if (isNews && event.ev === "message.new") this.#needs.onMessage(event.room, fillMessage(event.message));
  }

  #applyAdded(room: string, version: number): void {
    if (this.#store.peek(room) === null) this.#store.cameIn(room, this.#needs.now());
    this.#missedOf(room, version);
    this.fetchRoom(room);
  }

  #applyPersonal(event: MineChanged): void {
    const { personal } = event;
    if (personal <= this.#store.personal) return;
    if (personal > this.#store.personal + 1) {
      this.#queue.request();
      return;
    }
    this.#store.personal = personal;
    for (const mine of event.rooms ?? []) this.#applyMine(mine, personal);
    this.deleted(event.deleted);
    this.#needs.onPersonal(event, personal);
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
    if (missed > version || isBehind(next)) this.#queue.soon();
  }

  #missedOf(room: string, version: number): void {
    if (this.#missed.size > MISSED) this.#missed.clear();
    this.#missed.set(room, Math.max(version, this.#missed.get(room) ?? 0));
  }
}
