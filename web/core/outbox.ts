/** Talks on their way: stored before they are sent, in order, one at a time per room, until the server has them. */
import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { OutboxItem } from "./contract";
import { WireError } from "./errors";
import { type LocalStorage, randomId, type StoredTalk } from "./storage";
import type { SendAnswer } from "./wire";

/** Tries of one talk that the server put off; then the person decides. */
const MOST_TRIES = 8;
const LONGEST_WAIT_MS = 30_000;
const MOST_UNSENT = 5_000;

export interface OutboxNeeds {
  storage: LocalStorage;
  user: string;
  ready(): boolean;
  send(room: string, clientId: string, body: string): Promise<SendAnswer>;
  /** The version at which the room is held, to know when an acked talk is in it. */
  roomVersion(room: string): number;
}

/** A talk and how far it has come. `ack`: the room's version that has it. */
interface Entry extends StoredTalk {
  readonly ack: number | null;
}

type Lane = { sending: boolean; tries: number; timer: ReturnType<typeof setTimeout> | undefined };

export class Outbox {
  readonly #needs: OutboxNeeds;
  readonly #entries = signal<readonly Entry[]>([]);
  readonly #lanes = new Map<string, Lane>();
  readonly #tab = randomId();
  #closed = false;
  #order = 0;
  readonly failedRooms: ReadonlySignal<ReadonlySet<string>>;

  constructor(needs: OutboxNeeds) {
    this.#needs = needs;
    const failed = () => this.#entries.value.filter((entry) => entry.failed !== null).map(({ room }) => room);
    this.failedRooms = computed(() => new Set(failed()));
    // Held while this tab lives: the browser lets it go with the tab, and another tab may then send what is left.
    void globalThis.navigator?.locks
      ?.request(tabLock(this.#tab), () => new Promise<void>((resolve) => (this.#letGo = resolve)))
      .catch(() => undefined);
  }

  #letGo: () => void = () => undefined;

  /** What is to be shown of a room: not what its timeline has. */
  of(room: string, arrivedKeys: () => ReadonlySet<string>, version: number): OutboxItem[] {
    const unsettled = this.#entries.value.filter((entry) => {
      return entry.room === room && (entry.ack === null || entry.ack > version);
    });
    if (unsettled.length === 0) return [];
    const arrived = arrivedKeys();
    return unsettled
      .filter((entry) => !arrived.has(entry.clientId))
      .map(({ clientId, body, at, failed }) => {
        return { clientId, room, body, at, state: failed === null ? "sending" : "failed", reason: failed };
      });
  }

  /** Throws WireError("too_many") when more wait than a person can have meant. */
  add(room: string, body: string): void {
    if (this.#entries.peek().length >= MOST_UNSENT) throw new WireError("too_many", "Too many talks wait.");
    const { user } = this.#needs;
    const talk = { clientId: randomId(), user, tab: this.#tab, room, body, at: Date.now(), failed: null };
    void this.#queue({ ...talk, order: this.#nextOrder() });
  }

  resend(clientId: string): void {
    const entry = this.#find(clientId);
    if (!entry || entry.failed === null) return;
    const { ack: _ack, ...talk } = entry;
    this.#drop(clientId);
    void this.#queue({ ...talk, tab: this.#tab, order: this.#nextOrder(), failed: null });
  }

  delete(clientId: string): void {
    this.#drop(clientId);
    void this.#needs.storage.deleteTalk(clientId).catch(() => undefined);
  }

  /** Takes over what closed tabs have left, and sends what waits. At each connect. */
  async resume(): Promise<void> {
    const stored = await this.#needs.storage.talks(this.#needs.user).catch(() => []);
    for (const tab of new Set(stored.map((talk) => talk.tab))) {
      if (tab === this.#tab || !(await isGone(tab))) continue;
      const left = stored.filter((talk) => talk.tab === tab && !this.#find(talk.clientId));
      for (const talk of left.sort((a, b) => a.order - b.order)) {
        this.#order = Math.max(this.#order, talk.order);
        await this.#queue({ ...talk, tab: this.#tab });
      }
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
    this.#letGo();
  }

  async #queue(talk: StoredTalk): Promise<void> {
    const entries = [...this.#entries.peek(), { ...talk, ack: null }];
    this.#entries.value = entries.sort((a, b) => a.order - b.order);
    // Where storage is refused or full the talk still goes; it only does not outlive the page.
    await this.#needs.storage.putTalk(talk).catch(() => undefined);
    if (this.#find(talk.clientId)) this.#pump(talk.room);
    else if (!this.#closed) await this.#needs.storage.deleteTalk(talk.clientId).catch(() => undefined);
  }

  #pump(room: string): void {
    const lane = this.#lane(room);
    if (this.#closed || lane.sending || lane.timer !== undefined || !this.#needs.ready()) return;
    const next = this.#entries.peek().find((entry) => {
      return entry.room === room && entry.ack === null && entry.failed === null;
    });
    if (!next) return;
    lane.sending = true;
    this.#needs
      .send(room, next.clientId, next.body)
      .then(
        (answer) => this.#acked(next.clientId, answer.version),
        (error: unknown) => this.#refused(next, error, lane),
      )
      .finally(() => {
        lane.sending = false;
        this.#pump(room);
      });
  }

  #acked(clientId: string, version: number): void {
    const entry = this.#find(clientId);
    void this.#needs.storage.deleteTalk(clientId).catch(() => undefined);
    if (!entry) return;
    this.#lane(entry.room).tries = 0;
    batch(() => {
      this.#replace({ ...entry, ack: version });
      this.settle(entry.room, this.#needs.roomVersion(entry.room));
    });
  }

  #refused(entry: Entry, error: unknown, lane: Lane): void {
    const refusal = error instanceof WireError ? error : new WireError("internal", String(error));
    const comesBack = ["offline", "timeout", "unauthorized", "hello_first"].includes(refusal.code);
    if (comesBack && !this.#needs.ready()) return;
    if ((comesBack || refusal.retry) && ++lane.tries < MOST_TRIES) {
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
    const { ack: _ack, ...talk } = { ...held, failed: refusal.code };
    this.#replace({ ...talk, ack: null });
    void this.#needs.storage.putTalk(talk).catch(() => undefined);
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
    this.#entries.value = this.#entries.peek().filter((entry) => entry.clientId !== clientId);
  }
}

function tabLock(tab: string): string {
  return `sendjay.tab.${tab}`;
}

/** Whether the tab that wrote a talk lives no more: its lock is free. */
async function isGone(tab: string): Promise<boolean> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return true;
  return locks.request(tabLock(tab), { ifAvailable: true }, (lock) => lock !== null).catch(() => true);
}
