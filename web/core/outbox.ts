/**
 * What is on its way: stored before it is sent, in order, one at a time per room, until the server has it. Talks wait for
 * the person after a refusal; errands (an invitation, leaving) go by themselves, and one that is refused is over.
 */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Carried, OutboxItem } from "./contract";
import { WireError } from "./errors";
import { type LocalStorage, randomId, type Unsent } from "./storage";

/** Tries of one talk at which the server stumbled; then the person decides. */
const MOST_TRIES = 8;
const LONGEST_WAIT_MS = 30_000;
const MOST_UNSENT = 5_000;
/** Not the server's word on what was asked: the line was not there, or not yet. */
const COMES_BACK = new Set(["offline", "timeout", "unauthorized", "hello_first", "parked"]);
/** Nor this: it has too much to do, and says when to come again. However long it lasts, nobody has to press anything. */
const PUT_OFF = new Set(["busy", "rate_limited"]);

export interface OutboxNeeds {
  storage: LocalStorage;
  user: string;
  /** This tab. */
  tab: string;
  /** Whether another tab lives no more, so that what it has left is to be sent from here. */
  isGone(tab: string): Promise<boolean>;
  ready(): boolean;
  /** Resolves with the version at which the room has it; 0: there is nothing to wait for. */
  carryOut(unsent: Unsent): Promise<number>;
  /** The version at which the room is held, to know when an acked talk is in it. */
  roomVersion(room: string): number;
  onErrandRefused(errand: Unsent, code: string): void;
}

export type Errand = Pick<Unsent, "clientId" | "kind" | "room" | "people"> & Carried;

/** What is unsent and how far it has come. `ack`: the room's version that has it. */
interface Entry extends Unsent {
  readonly ack: number | null;
}

type Lane = { sending: boolean; tries: number; timer: ReturnType<typeof setTimeout> | undefined };

export class Outbox {
  readonly #needs: OutboxNeeds;
  readonly #entries = signal<readonly Entry[]>([]);
  readonly #lanes = new Map<string, Lane>();
  #closed = false;
  #loaded = false;
  #order = 0;
  readonly failedRooms: ReadonlySignal<ReadonlySet<string>>;

  constructor(needs: OutboxNeeds) {
    this.#needs = needs;
    const failed = () => this.#entries.value.filter((entry) => entry.failed !== null).map(({ room }) => room);
    this.failedRooms = computed(() => new Set(failed()));
  }

  /** What is to be shown of a room: not what its timeline has. */
  of(room: string, arrivedKeys: () => ReadonlySet<string>, version: number): OutboxItem[] {
    const unsettled = this.#entries.value.filter((entry) => {
      const isTalk = entry.kind === "talk" && entry.room === room;
      return isTalk && (entry.ack === null || entry.ack > version);
    });
    if (unsettled.length === 0) return [];
    const arrived = arrivedKeys();
    return unsettled
      .filter((entry) => !arrived.has(entry.clientId))
      .map((entry) => {
        const state = entry.failed === null ? "sending" : "failed";
        const { clientId, body, at, failed } = entry;
        return { ...carriedOf(entry), clientId, room, body, at, state, reason: failed };
      });
  }

  /** Throws WireError("too_many") when more wait than a person can have meant. */
  add(room: string, body: string, carried: Carried = {}): void {
    this.#enter({ clientId: randomId(), kind: "talk", room, people: [], ...carriedOf(carried) }, body);
  }

  /** Behind what waits in its room already. */
  run(errand: Errand): void {
    this.#enter(errand, "");
  }

  /** Whether something of a room is still to go. */
  waits(room: string): boolean {
    return this.#entries.peek().some((entry) => entry.room === room && isToGo(entry));
  }

  resend(clientId: string): void {
    const entry = this.#find(clientId);
    if (!entry || entry.failed === null) return;
    const { ack: _ack, ...talk } = entry;
    this.#drop(clientId);
    void this.#queue({ ...talk, tab: this.#needs.tab, order: this.#nextOrder(), failed: null });
  }

  delete(clientId: string): void {
    this.#drop(clientId);
    void this.#needs.storage.deleteUnsent(clientId).catch(() => undefined);
  }

  /** Takes over what closed tabs have left, and sends what waits. At each connect, and when a tab is gone. */
  async resume(): Promise<void> {
    const { storage, user, tab, isGone } = this.#needs;
    const stored = await storage.unsent(user).catch(() => []);
    this.#load(stored);
    for (const other of new Set(stored.map((unsent) => unsent.tab))) {
      if (other === tab || !(await isGone(other)) || this.#closed) continue;
      this.#take(await storage.adopt(user, other, tab).catch(() => []));
    }
    for (const room of new Set(this.#entries.peek().map((entry) => entry.room))) this.#pump(room);
  }

  /** The room is held at `version` now: acked talks up to it are in its timeline. */
  settle(room: string, version: number): void {
    const entries = this.#entries.peek();
    const rest = entries.filter((entry) => entry.room !== room || entry.ack === null || entry.ack > version);
    if (rest.length < entries.length) this.#entries.value = rest;
  }

  close(): void {
    this.#closed = true;
    for (const lane of this.#lanes.values()) clearTimeout(lane.timer);
    this.#lanes.clear();
    this.#entries.value = [];
  }

  #enter(errand: Errand, body: string): void {
    if (this.#entries.peek().length >= MOST_UNSENT) throw new WireError("too_many", "Too much waits.");
    const { user, tab } = this.#needs;
    const entered = { ...errand, user, tab, body, at: Date.now(), order: this.#nextOrder(), failed: null };
    void this.#queue(entered);
  }

  /** What this tab had stored before it rested, once; what it has still and another took over meanwhile is not its own. */
  #load(stored: readonly Unsent[]): void {
    const { tab } = this.#needs;
    for (const unsent of stored) if (unsent.tab !== tab) this.#drop(unsent.clientId);
    if (!this.#loaded && !this.#closed) this.#take(stored.filter((unsent) => unsent.tab === tab));
    this.#loaded = true;
  }

  #take(stored: readonly Unsent[]): void {
    const taken = stored.filter((unsent) => !this.#find(unsent.clientId));
    if (this.#closed || taken.length === 0) return;
    for (const { order } of taken) this.#order = Math.max(this.#order, order);
    this.#put(taken.map((unsent) => ({ ...unsent, ack: null })));
  }

  #put(entries: readonly Entry[]): void {
    this.#entries.value = [...this.#entries.peek(), ...entries].sort((a, b) => a.order - b.order);
  }

  async #queue(unsent: Unsent): Promise<void> {
    this.#put([{ ...unsent, ack: null }]);
    // Where storage is refused or full it still goes; it only does not outlive the page.
    await this.#needs.storage.putUnsent(unsent).catch(() => undefined);
    if (this.#find(unsent.clientId)) this.#pump(unsent.room);
    else if (!this.#closed) await this.#needs.storage.deleteUnsent(unsent.clientId).catch(() => undefined);
  }

  #pump(room: string): void {
    const lane = this.#lane(room);
    if (this.#closed || lane.sending || lane.timer !== undefined || !this.#needs.ready()) return;
    const next = this.#entries.peek().find((entry) => entry.room === room && isToGo(entry));
    if (!next) return;
    lane.sending = true;
    this.#needs
      .carryOut(next)
      .then(
        (version) => this.#acked(next.clientId, version),
        (error: unknown) => this.#refused(next, error, lane),
      )
      .finally(() => {
        lane.sending = false;
        this.#pump(room);
      });
  }

  #acked(clientId: string, version: number): void {
    const entry = this.#find(clientId);
    void this.#needs.storage.deleteUnsent(clientId).catch(() => undefined);
    if (!entry) return;
    this.#lane(entry.room).tries = 0;
    batch(() => {
      this.#replace({ ...entry, ack: version });
      this.settle(entry.room, this.#needs.roomVersion(entry.room));
    });
  }

  #refused(entry: Entry, error: unknown, lane: Lane): void {
    const refusal = error instanceof WireError ? error : new WireError("internal", String(error));
    const comesBack = COMES_BACK.has(refusal.code);
    if (comesBack && !this.#needs.ready()) return;
    lane.tries += 1;
    const goesAgain = PUT_OFF.has(refusal.code) || ((comesBack || refusal.retry) && lane.tries < MOST_TRIES);
    if (goesAgain) {
      const wait = Math.random() * Math.min(LONGEST_WAIT_MS, 1000 * 2 ** lane.tries);
      lane.timer = setTimeout(
        () => {
          lane.timer = undefined;
          this.#pump(entry.room);
        },
        Math.max(refusal.retryAfterMs ?? 200, wait),
      );
      return;
    }
    lane.tries = 0;
    const held = this.#find(entry.clientId);
    if (!held) return;
    if (held.kind !== "talk") {
      this.delete(held.clientId);
      this.#needs.onErrandRefused(held, refusal.code);
      return;
    }
    const { ack: _ack, ...talk } = { ...held, failed: refusal.code };
    this.#replace({ ...talk, ack: null });
    void this.#needs.storage.putUnsent(talk).catch(() => undefined);
  }

  #lane(room: string): Lane {
    const lane = this.#lanes.get(room) ?? { sending: false, tries: 0, timer: undefined };
    this.#lanes.set(room, lane);
    return lane;
  }

  #nextOrder(): number {
    this.#order = Math.max(this.#order + 1, Date.now());
    return this.#order;
  }

  #find(clientId: string): Entry | undefined {
    return this.#entries.peek().find((entry) => entry.clientId === clientId);
  }

  #replace(entry: Entry): void {
    this.#entries.value = this.#entries
      .peek()
      .map((held) => (held.clientId === entry.clientId ? entry : held));
  }

  #drop(clientId: string): void {
    if (this.#find(clientId))
      this.#entries.value = this.#entries.peek().filter((entry) => entry.clientId !== clientId);
  }
}

/** What goes with a text, and nothing else: left out where there is nothing. */
export function carriedOf({ replyTo, mentions, files, forward }: Carried): Carried {
  return {
    ...(replyTo && { replyTo }),
    ...(mentions?.length && { mentions }),
    ...(files?.length && { files }),
    ...(forward && { forward }),
  };
}

function isToGo(entry: Entry): boolean {
  return entry.ack === null && entry.failed === null;
}
