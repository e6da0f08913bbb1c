/** The rooms as screens see them: one handle a room, whose fields are computed from what is held. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Language, RoomHandle, RoomState, Rooms } from "./contract";
import type { History } from "./history";
import type { Member, Message, RoomView } from "./model";
import { roomName } from "./names";
import type { Own } from "./own";
import type { PeopleCache } from "./people";
import type { Quotes } from "./quotes";
import type { Store } from "./store";
import { shown, unreadCounter } from "./timeline";
import type { Typing } from "./typing";

const NOTHING: ReadonlySet<string> = new Set();

export interface RoomsNeeds {
  store: Store;
  people: PeopleCache;
  typing: Typing;
  history: History;
  quotes: Quotes;
  own: ReadonlySignal<Own | null>;
  receipts: ReadonlySignal<string>;
}

export class RoomBook implements Rooms {
  readonly #needs: RoomsNeeds;
  readonly #handles = new Map<string, RoomHandle>();
  readonly #stopped = signal<{ room: string; seq: number } | null>(null);
  readonly failed: ReadonlySignal<ReadonlySet<string>>;
  readonly drafts: ReadonlySignal<ReadonlySet<string>>;

  constructor(needs: RoomsNeeds) {
    this.#needs = needs;
    this.failed = computed(() => needs.own.value?.outbox.failedRooms.value ?? NOTHING);
    this.drafts = computed(() => needs.own.value?.drafts.rooms.value ?? NOTHING);
  }

  get list(): ReadonlySignal<readonly RoomView[] | null> {
    return this.#needs.store.list;
  }

  get totalUnread(): ReadonlySignal<number> {
    return this.#needs.store.totalUnread;
  }

  get(id: string): RoomHandle {
    const held = this.#handles.get(id);
    if (held) return held;
    const made = this.#make(id);
    this.#handles.set(id, made);
    return made;
  }

  name(view: RoomView, language: Language): string {
    const me = this.#needs.own.value?.user ?? "";
    return roomName(view, me, (id) => this.#needs.people.get(id), language);
  }

  /** The room comes on screen: where reading stopped stays marked until it is opened again. */
  stoppedHere(room: string, seq: number): void {
    this.#stopped.value = { room, seq };
  }

  clear(): void {
    this.#stopped.value = null;
    this.#handles.clear();
  }

  #make(id: string): RoomHandle {
    const { store, own, typing, history, receipts, quotes } = this.#needs;
    const state = store.cell(id);
    const timeline = computed(() => shown(state.value?.timeline ?? null));
    const members = computed(() => state.value?.members ?? null);
    return {
      id,
      state,
      timeline,
      members: computed(() => byJoining([...(members.value?.byUser.values() ?? [])])),
      outbox: computed(() => this.#unsent(id, state.value)),
      loading: computed(() => history.loading(id).value),
      loadError: computed(() => history.error(id).value),
      typing: computed(() => typing.of(id).value.filter((user) => user !== own.value?.user)),
      draft: computed(() => own.value?.drafts.get(id) ?? ""),
      unreadCount: computed(() => unreadCounter(members.value, own.value?.user ?? "", receipts.value)),
      quoted: (seq) => {
        const held = rowOf(state.value?.timeline?.rows ?? [], seq);
        if (!held) return quotes.of(id, seq);
        return held.gone || held.kind === "revoked" ? null : held;
      },
      stoppedAt: computed(() => (this.#stopped.value?.room === id ? this.#stopped.value.seq : null)),
    };
  }

  #unsent(id: string, state: RoomState | null) {
    const own = this.#needs.own.value;
    return own?.outbox.of(id, () => arrived(state?.timeline?.rows ?? [], own.user), heldAt(state)) ?? [];
  }
}

/** The version at which a room's rows are held. */
export function heldAt(state: RoomState | null): number {
  return state?.timeline?.version ?? state?.room.version ?? 0;
}

function rowOf(rows: readonly Message[], seq: number): Message | undefined {
  return rows.find((row) => row.seq === seq);
}

function byJoining(members: Member[]): Member[] {
  return members.sort((a, b) => a.joined_seq - b.joined_seq || (a.user < b.user ? -1 : 1));
}

/** The keys of my own talks in the window. */
function arrived(rows: readonly Message[], me: string): ReadonlySet<string> {
  const mine = rows.filter((row) => row.sender === me);
  return new Set(mine.flatMap((row) => row.client_id ?? []));
}
