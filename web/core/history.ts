/** Loads stretches of a room's timeline: its head, further in both directions, or around a seq. */
import type { ReadonlySignal } from "@preact/signals-core";
import type { Client, Loading, RoomState } from "./contract";
import { WireError } from "./errors";
import { fillMessage } from "./model";
import { SignalMap } from "./signal-map";
import { extend, newTimeline, type Page } from "./timeline";
import type { HistoryAnswer } from "./wire";

export const PAGE = 60;

type Where = { before?: number; after?: number; around?: number };

export interface HistoryNeeds {
  peek(room: string): RoomState | null;
  put(room: string, state: RoomState): void;
  ask(room: string, where: Where, limit: number): Promise<HistoryAnswer>;
  /** A page was read before changes that are held. */
  onBehind(): void;
}

export class History {
  readonly #needs: HistoryNeeds;
  readonly #loading = new SignalMap<Loading>("none", 500);
  readonly #errors = new SignalMap<string | null>(null, 500);
  readonly #running = new Map<string, Promise<void>>();
  readonly #turns = new Map<string, number>();

  constructor(needs: HistoryNeeds) {
    this.#needs = needs;
  }

  loading(room: string): ReadonlySignal<Loading> {
    return this.#loading.cell(room);
  }

  error(room: string): ReadonlySignal<string | null> {
    return this.#errors.cell(room);
  }

  head(room: string): Promise<void> {
    const timeline = this.#needs.peek(room)?.timeline;
    if (timeline && !timeline.moreAfter) return Promise.resolve();
    if (this.#loading.peek(room) === "head") return this.#running.get(room) ?? Promise.resolve();
    return this.#load(room, "head", {});
  }

  around(room: string, seq: number): Promise<void> {
    const rows = this.#needs.peek(room)?.timeline?.rows ?? [];
    const isHeld = rows.length > 0 && (rows[0]?.seq ?? 0) <= seq && (rows.at(-1)?.seq ?? 0) >= seq;
    return isHeld ? Promise.resolve() : this.#load(room, "jump", { around: seq });
  }

  older(room: string): Promise<void> {
    const timeline = this.#needs.peek(room)?.timeline;
    const first = timeline?.rows[0];
    if (!timeline?.moreBefore || !first) return Promise.resolve();
    return this.#running.get(room) ?? this.#load(room, "older", { before: first.seq });
  }

  newer(room: string): Promise<void> {
    const timeline = this.#needs.peek(room)?.timeline;
    if (!timeline?.moreAfter) return Promise.resolve();
    const last = timeline.rows.at(-1)?.seq ?? 0;
    return this.#running.get(room) ?? this.#load(room, "newer", { after: last });
  }

  /** A room's head came with another answer. What is held, or asked for, is left alone. */
  arrived(room: string, answer: HistoryAnswer): void {
    const state = this.#needs.peek(room);
    if (!state || state.timeline || this.#running.has(room)) return;
    this.#take(room, state, "head", {}, filled(answer));
  }

  clear(): void {
    this.#running.clear();
    this.#turns.clear();
    this.#loading.clear();
    this.#errors.clear();
  }

  /** A later load of the same room makes an earlier one's page worthless. */
  #load(room: string, kind: Loading, where: Where): Promise<void> {
    const turn = (this.#turns.get(room) ?? 0) + 1;
    this.#turns.set(room, turn);
    const isCurrent = () => this.#turns.get(room) === turn;
    const running = this.#fetch(room, kind, where, isCurrent).finally(() => {
      if (!isCurrent()) return;
      this.#running.delete(room);
      this.#loading.set(room, "none");
    });
    this.#running.set(room, running);
    this.#loading.set(room, kind);
    this.#errors.set(room, null);
    return running;
  }

  async #fetch(room: string, kind: Loading, where: Where, isCurrent: () => boolean): Promise<void> {
    const epoch = this.#needs.peek(room)?.mine.epoch;
    try {
      const answer = await this.#needs.ask(room, where, PAGE);
      const state = this.#needs.peek(room);
      if (!isCurrent() || !state || (epoch !== undefined && state.mine.epoch !== epoch)) return;
      this.#take(room, state, kind, where, filled(answer));
    } catch (error) {
      if (isCurrent()) this.#errors.set(room, error instanceof WireError ? error.code : "internal");
      throw error;
    }
  }

  #take(room: string, state: RoomState, kind: Loading, where: Where, page: Page): void {
    let timeline = state.timeline;
    if (kind === "head") timeline = newTimeline({ ...page, moreAfter: false }, state.mine.floor);
    else if (kind === "jump") timeline = newTimeline(page, state.mine.floor);
    else if (timeline && where.before !== undefined)
      timeline = extend(timeline, page, "before", where.before);
    else if (timeline && where.after !== undefined) timeline = extend(timeline, page, "after", where.after);
    this.#needs.put(room, { ...state, timeline });
    // Nothing of it is to be seen: what lies before it is.
    if (timeline?.moreBefore && timeline.rows.every((row) => row.gone))
      queueMicrotask(() => void this.older(room));
    if (timeline && timeline.version < state.room.version) this.#needs.onBehind();
  }
}

function filled(answer: HistoryAnswer): Page {
  return {
    rows: answer.messages.map(fillMessage),
    version: answer.version,
    moreBefore: answer.more_before ?? false,
    moreAfter: answer.more_after ?? false,
  };
}

/** Loading as screens call it: it never rejects, what went wrong stands in the room's `loadError`. */
export function paging(
  history: History,
): Pick<Client, "loadOlder" | "loadNewer" | "loadAround" | "loadHead"> {
  return {
    loadOlder: (room) => history.older(room).catch(() => undefined),
    loadNewer: (room) => history.newer(room).catch(() => undefined),
    loadAround: (room, seq) => history.around(room, seq).catch(() => undefined),
    loadHead: (room) => history.head(room).catch(() => undefined),
  };
}
