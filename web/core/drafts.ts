/**
 * What the person has begun to write, per room: here at once, after a rest also at the server and so on all their
 * devices. What the server does not have yet is stored, and goes when it can. The last writer wins, by the server's
 * order; but what was written here is never replaced before the server has it.
 */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import {
  acked,
  begun,
  type DraftState,
  failed,
  found,
  heard,
  isUnsent,
  refused,
  sending,
  written,
} from "./draft-state";
import { WireError } from "./errors";
import type { LocalStorage } from "./storage";
import { MAX_TEXT } from "./text";
import type { Draft, DraftAnswer } from "./wire";

const SAVE_AFTER_MS = 400;
const TELL_AFTER_MS = 1_000;
const RETRY_MS = 5_000;
/** What another try after the next welcome may mend. */
const COMES_BACK = new Set(["offline", "timeout", "unauthorized", "hello_first", "parked"]);

export interface DraftsNeeds {
  storage: LocalStorage;
  user: string;
  ready(): boolean;
  tell(room: string, text: string): Promise<DraftAnswer>;
}

export class Drafts {
  readonly #needs: DraftsNeeds;
  readonly #states = signal<ReadonlyMap<string, DraftState>>(new Map());
  /** Written here and not stored yet. */
  readonly #unsaved = new Set<string>();
  /** What this page has put into the store or found there, and the server may not have. */
  readonly #stored = new Map<string, string>();
  /** Found in the store: another tab may be writing them, so they are read again before they go. */
  readonly #found = new Set<string>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  readonly rooms: ReadonlySignal<ReadonlySet<string>>;

  constructor(needs: DraftsNeeds) {
    this.#needs = needs;
    const begunRooms = () => [...this.#states.value].filter(([, { text }]) => text !== "");
    this.rooms = computed(() => new Set(begunRooms().map(([room]) => room)));
  }

  /** Reads a signal. */
  get(room: string): string {
    return this.#states.value.get(room)?.text ?? "";
  }

  set(room: string, typed: string): void {
    const text = typed.trim() === "" ? "" : typed;
    const before = this.#peek(room);
    if (before.text === text) return;
    this.#found.delete(room);
    this.#unsaved.add(room);
    this.#put(room, written(before, text));
    this.#cleanUp(room);
    this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_AFTER_MS);
    if (text === "") this.#tellNow(room);
    else this.#tellIn(room, TELL_AFTER_MS);
  }

  /** What my personal stream brought: `version` is the one that it stood at. */
  heard(drafts: readonly Draft[], version: number): void {
    for (const { room, text = "" } of drafts) {
      this.#put(room, heard(this.#peek(room), text, version));
      this.#cleanUp(room);
    }
  }

  async load(): Promise<void> {
    const stored = await this.#needs.storage.drafts(this.#needs.user).catch(() => []);
    for (const { room, text } of stored) {
      // What was typed while this was read is newer.
      if (this.#closed || this.#unsaved.has(room) || isUnsent(this.#peek(room))) continue;
      this.#put(room, found(this.#peek(room), text));
      this.#stored.set(room, text);
      this.#found.add(room);
      this.#cleanUp(room);
    }
    this.resume();
  }

  /** What the server is known to have, for the page that comes back from a rest. */
  known(): { drafts: Draft[]; version: number }[] {
    return [...this.#states.peek()].flatMap(([room, { kept, version }]) =>
      kept ? [{ drafts: [{ room, text: kept }], version }] : [],
    );
  }

  /** The room is no longer mine, nor what was begun in it. */
  drop(room: string): void {
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
    if (!this.#states.peek().has(room)) return;
    this.#put(room, begun);
    this.#cleanUp(room);
  }

  /** Connected: tells what the server does not have. */
  resume(): void {
    for (const [room, state] of this.#states.peek()) if (isUnsent(state)) this.#tellNow(room);
  }

  /** The person has left the field, the room or the page: nothing waits any longer. */
  flush(): void {
    this.#save();
    for (const room of [...this.#timers.keys()]) this.#tellNow(room);
  }

  close(): void {
    this.flush();
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #save(): void {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    const { storage, user } = this.#needs;
    for (const room of this.#unsaved) {
      const { text } = this.#peek(room);
      this.#stored.set(room, text);
      void storage.putDraft({ user, room, text }).catch(() => undefined);
    }
    this.#unsaved.clear();
  }

  #tellIn(room: string, wait: number): void {
    clearTimeout(this.#timers.get(room));
    this.#timers.set(
      room,
      setTimeout(() => this.#tellNow(room), wait),
    );
  }

  #tellNow(room: string): void {
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
    const state = this.#peek(room);
    if (this.#closed || !this.#needs.ready() || state.sending !== null || !isUnsent(state)) return;
    // Longer than a talk may be: kept here until it is shortened.
    if (state.text.length > MAX_TEXT) return;
    if (this.#found.has(room)) void this.#tellFound(room);
    else void this.#tell(room, state.text);
  }

  async #tell(room: string, text: string): Promise<void> {
    this.#put(room, sending(this.#peek(room), text));
    if (this.#unsaved.has(room)) this.#save();
    try {
      const { personal } = await this.#needs.tell(room, text);
      this.#put(room, acked(this.#peek(room), text, personal));
      this.#cleanUp(room);
      if (isUnsent(this.#peek(room)) && !this.#timers.has(room)) this.#tellNow(room);
    } catch (error) {
      this.#notTold(room, text, error);
    }
  }

  #notTold(room: string, text: string, error: unknown): void {
    const refusal = error instanceof WireError ? error : new WireError("internal", String(error));
    if (COMES_BACK.has(refusal.code) || refusal.retry) {
      this.#put(room, failed(this.#peek(room)));
      // Without a connection it waits for resume().
      if (this.#needs.ready()) this.#tellIn(room, Math.max(RETRY_MS, refusal.retryAfterMs ?? 0));
      return;
    }
    this.#put(room, refused(this.#peek(room), text));
    // Not a room of mine any more. Else it stays stored, and is tried again when the page next begins.
    if (refusal.code === "not_found") this.#cleanUp(room);
  }

  /** The tab that wrote it may live, have told it already or have written on. */
  async #tellFound(room: string): Promise<void> {
    const text = await this.#read(room);
    if (!this.#found.delete(room) || this.#closed) return;
    const state = this.#peek(room);
    if (text === undefined) this.#stored.delete(room);
    else this.#stored.set(room, text);
    this.#put(room, text === undefined ? acked(state, state.text, 0) : written(state, text));
    this.#tellNow(room);
  }

  /** What the server has need not be stored here. Another tab may have stored something else meanwhile. */
  #cleanUp(room: string): void {
    if (isUnsent(this.#peek(room))) return;
    this.#unsaved.delete(room);
    const mine = this.#stored.get(room);
    if (mine === undefined) return;
    this.#stored.delete(room);
    this.#found.delete(room);
    const { storage, user } = this.#needs;
    void this.#read(room)
      .then((text) => (text === mine ? storage.deleteDraft(user, room) : undefined))
      // It would only be told once more.
      .catch(() => undefined);
  }

  async #read(room: string): Promise<string | undefined> {
    const { storage, user } = this.#needs;
    const stored = await storage.drafts(user).catch(() => []);
    return stored.find((draft) => draft.room === room)?.text;
  }

  #peek(room: string): DraftState {
    return this.#states.peek().get(room) ?? begun;
  }

  #put(room: string, state: DraftState): void {
    if (this.#peek(room) === state) return;
    this.#states.value = new Map(this.#states.peek()).set(room, state);
  }
}
