/**
 * Tells the person of talks as they come, one notification a room, in the leading tab alone. Needs no store: a page
 * that only has a line (a portal's) uses it with `known.ts`.
 */
import { fillMessage, fillView, type Message, type MySettings, type RoomView } from "../model";
import type { AnyEvent, Commands, MyRoom } from "../wire";
import { isNotified, minutesOfDay, noteOf } from "./rules";
import type { NotificationSurface } from "./surface";

/** Away for longer than this: what was said meanwhile is a number, not a row of notifications. */
const LONG_AWAY_MS = 120_000;
const ROOMS_AFTER_A_GAP = 3;
/** A room that is talked in fast changes its notification no faster than this. */
const SHOW_EVERY_MS = 1_000;
const NAMES_WITHIN_MS = 1_500;
const BEAT_MS = 20_000;
const MOST_NOTES = 50;
const MOST_SEEN = 1_000;

export interface NotifierNeeds {
  surface(): NotificationSurface | null;
  /** Whether this page is the one that tells: the leading tab, or the only one. */
  leads(): boolean;
  ready(): boolean;
  me(): string | null;
  settings(): MySettings;
  /** Before the person's eyes, on any device. */
  inFront(room: string): boolean;
  viewOf(room: string): Promise<RoomView | null>;
  nameOf(person: string): Promise<string | null>;
  news(since: number): Promise<Commands["news.get"]["answer"]>;
  /** A value that outlives the page, shared by the tabs of this browser: until when something was heard. */
  heardUntil: { get(): string | null; set(value: string): void };
}

/** What a room's notification stands for. */
interface Entry {
  latest: Message;
  seqs: number[];
  /** Unread ones from before, known by number only. */
  before: number;
  shown: Message | null;
  busy: boolean;
}

export class Notifier {
  readonly #needs: NotifierNeeds;
  readonly #entries = new Map<string, Entry>();
  readonly #seen = new Map<string, number>();
  #beat: ReturnType<typeof setInterval> | undefined;
  /** When the line was last known to live, by this machine's clock, and the newest moment heard of, by the server's. */
  #aliveAt = 0;
  #newestAt = 0;
  #beatAt = 0;

  constructor(needs: NotifierNeeds) {
    this.#needs = needs;
  }

  start(): void {
    this.#beatAt = Date.now();
    this.#beat ??= setInterval(() => this.#stillAlive(), BEAT_MS);
  }

  stop(): void {
    clearInterval(this.#beat);
    this.#beat = undefined;
    if (this.#needs.ready()) this.#alive();
    this.#remember();
  }

  /** Somebody else, or nobody, uses this page now. */
  clear(): void {
    this.#needs.surface()?.clear();
    this.#entries.clear();
    this.#seen.clear();
    this.#aliveAt = 0;
    this.#newestAt = 0;
  }

  /** Connected (again); `serverTime` as the welcome names it. */
  welcomed(serverTime: number): void {
    this.#recall();
    void this.#lookAgain();
    const away = Date.now() - this.#aliveAt;
    const since = this.#newestAt;
    this.#alive();
    this.#newestAt = Math.max(since, serverTime);
    if (since > 0 && away >= 0 && away <= LONG_AWAY_MS && this.#mayShow()) void this.#catchUp(since);
  }

  event(event: AnyEvent): void {
    this.#alive();
    if (event.ev === "message.new") this.#talk(event.room, fillMessage(event.message));
    else if (event.ev === "mine.changed") for (const mine of event.rooms ?? []) this.#mine(mine);
    else if (event.ev === "room.gone") this.close(event.room);
    else if (event.ev === "message.changed" && event.message.kind === "revoked")
      this.#takenBack(event.room, [event.message.seq]);
  }

  /** The room has been seen: nothing of it is news. */
  close(room: string): void {
    const had = this.#entries.delete(room);
    if (had || this.#needs.leads()) this.#needs.surface()?.close(room);
  }

  #talk(room: string, message: Message): void {
    this.#newestAt = Math.max(this.#newestAt, message.at);
    if (!this.#isNew(room, message.seq)) return;
    // Whoever answers has read.
    if (message.sender === this.#needs.me()) this.close(room);
    else if (this.#mayShow() && this.#mayNotify(message, room, null)) this.#add(room, message, 0);
  }

  #add(room: string, message: Message, before: number): void {
    const entry = this.#entries.get(room) ?? { latest: message, seqs: [], before, shown: null, busy: false };
    entry.latest = message;
    entry.seqs.push(message.seq);
    this.#entries.set(room, entry);
    if (this.#entries.size > MOST_NOTES) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.close(oldest);
    }
    void this.#show(room, entry);
  }

  async #show(room: string, entry: Entry): Promise<void> {
    if (entry.busy || entry.shown === entry.latest) return;
    entry.busy = true;
    const talk = entry.latest;
    const view = await this.#needs.viewOf(room).catch(() => null);
    const names = view ? await this.#names(view, talk.sender) : new Map<string, string>();
    // Read, left or answered while the names were fetched.
    if (this.#entries.get(room) === entry) {
      if (view === null || !this.#mayNotify(talk, room, view)) this.#drop(room, entry);
      else this.#tell(entry, talk, view, names);
    }
    setTimeout(() => {
      entry.busy = false;
      if (this.#entries.get(room) === entry) void this.#show(room, entry);
    }, SHOW_EVERY_MS);
  }

  #drop(room: string, entry: Entry): void {
    this.#entries.delete(room);
    if (entry.shown) this.#needs.surface()?.close(room);
  }

  #tell(entry: Entry, talk: Message, view: RoomView, names: ReadonlyMap<string, string>): void {
    const surface = this.#needs.surface();
    if (!surface) return;
    entry.shown = talk;
    const count = entry.before + entry.seqs.filter((seq) => seq <= talk.seq).length;
    const nameOf = (person: string) => names.get(person) ?? null;
    const told = { talk, count, view, me: this.#needs.me() ?? "", nameOf };
    surface.show(noteOf(told, this.#needs.settings(), surface.words()));
  }

  #mine(mine: MyRoom): void {
    const entry = this.#entries.get(mine.room);
    if (entry) entry.seqs = entry.seqs.filter((seq) => seq > mine.read_seq);
    const isSeen = mine.unread === 0 || mine.muted || entry?.seqs.length === 0;
    if (isSeen) this.close(mine.room);
  }

  #takenBack(room: string, seqs: readonly number[]): void {
    const entry = this.#entries.get(room);
    if (!entry?.seqs.some((seq) => seqs.includes(seq))) return;
    entry.seqs = entry.seqs.filter((seq) => !seqs.includes(seq));
    // What its words said is no longer to be read, even where others are still new.
    if (entry.seqs.length === 0 || seqs.includes(entry.latest.seq)) this.close(room);
  }

  /** What was read, muted or left while nothing was heard is no news any more. */
  async #lookAgain(): Promise<void> {
    for (const [room, entry] of [...this.#entries]) {
      const view = await this.#needs.viewOf(room).catch(() => null);
      if (this.#entries.get(room) !== entry) continue;
      if (view === null) this.close(room);
      else this.#mine(view.mine);
    }
  }

  async #catchUp(since: number): Promise<void> {
    const answer = await this.#needs.news(since).catch(() => null);
    const views = (answer?.rooms ?? []).slice(0, ROOMS_AFTER_A_GAP).map(fillView);
    for (const view of views) {
      const { id, last } = view.room;
      if (last === null || last.at <= since || !this.#isNew(id, last.seq)) continue;
      if (this.#mayShow() && this.#mayNotify(last, id, view)) this.#add(id, last, view.mine.unread - 1);
    }
  }

  #mayShow(): boolean {
    return this.#needs.leads() && this.#needs.surface()?.permitted() === true;
  }

  /** Without a view: as far as can be told before the room is known. */
  #mayNotify(talk: Message, room: string, view: RoomView | null): boolean {
    const me = this.#needs.me();
    if (me === null) return false;
    return isNotified(talk, {
      me,
      settings: this.#needs.settings(),
      inFront: this.#needs.inFront(room),
      muted: view?.mine.muted ?? false,
      readSeq: view?.mine.read_seq ?? 0,
      minutes: minutesOfDay(new Date()),
    });
  }

  async #names(view: RoomView, sender: string): Promise<ReadonlyMap<string, string>> {
    const wanted = [...new Set([sender, ...view.room.people])];
    const names = new Map<string, string>();
    const asked = wanted.map(async (id) => {
      const name = await this.#needs.nameOf(id).catch(() => null);
      if (name !== null) names.set(id, name);
    });
    // A notification without a name is better than none.
    await Promise.race([Promise.all(asked), new Promise((late) => setTimeout(late, NAMES_WITHIN_MS))]);
    return names;
  }

  #isNew(room: string, seq: number): boolean {
    if ((this.#seen.get(room) ?? 0) >= seq) return false;
    this.#seen.delete(room);
    this.#seen.set(room, seq);
    if (this.#seen.size > MOST_SEEN) {
      const [oldest] = this.#seen.keys();
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return true;
  }

  #alive(): void {
    this.#aliveAt = Date.now();
  }

  /** A machine that slept wakes here, with a line that only looks alive: such a beat says nothing. */
  #stillAlive(): void {
    const slept = Date.now() - this.#beatAt > LONG_AWAY_MS;
    this.#beatAt = Date.now();
    if (slept || !this.#needs.ready()) return;
    this.#alive();
    this.#remember();
  }

  #remember(): void {
    if (this.#newestAt === 0) return;
    this.#needs.heardUntil.set(`${this.#needs.me()} ${this.#aliveAt} ${this.#newestAt}`);
  }

  /** What the page before this one, or another tab, has heard: this one goes on from there. */
  #recall(): void {
    if (this.#newestAt > 0) return;
    const [user, alive, newest] = (this.#needs.heardUntil.get() ?? "").split(" ");
    if (user !== this.#needs.me()) return;
    this.#aliveAt = Number(alive) || 0;
    this.#newestAt = Number(newest) || 0;
  }
}
