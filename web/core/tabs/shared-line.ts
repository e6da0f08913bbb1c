/** One tab talks: the tab that leads has the connection, the others are served by it; each of them may be either. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ConnectionState } from "../contract";
import { offline } from "../errors";
import type { Line, LineListener } from "../line";
import type { Standing } from "../place";
import { randomId } from "../storage";
import type { Commands } from "../wire";
import { type ElectByChannel, type Election, hold } from "./election";
import { Follower } from "./follower";
import { Heartbeat } from "./heartbeat";
import { Leading } from "./leading";
import type { Servable } from "./port-line";
import { type Asking, isAsking, later, NO_TERM, type TabMessage, type Telling } from "./protocol";
import { Serving } from "./serving";
import { alone, type Port, type Surroundings } from "./surroundings";
import type { Tab } from "./tab";
import { TabChannel } from "./tab-channel";

/** How often a tab that is looked at asks whether the leader lives. A lock tells of a death by itself, not of a freeze. */
const PULSE_WITH_LOCKS_MS = 3_000;
const PULSE_MS = 1_000;
/** Where no lock tells of a death, tabs that nobody looks at ask as well: else they would be without a line for hours. */
const HIDDEN_PULSE_MS = 20_000;
/** A leader that hears of a newer term has been replaced, or the clock was set back: the lock says which by then. */
const DOUBT_MS = 300;
/** This page itself, among those served through it. */
const PAGE = "page";

export interface SharedLineNeeds {
  readonly name: string;
  readonly standing: Standing;
  readonly surroundings: Surroundings;
  readonly electByChannel: ElectByChannel;
  readonly tab: Tab;
  readonly listener: LineListener;
  /**
   * A connection of this tab's own. `isFresh`: the person has just opened this page, which counts as using it; coming
   * to lead because another tab went does not.
   */
  connect(listener: LineListener, isFresh: () => boolean): Line;
  /** A tab that this one served is gone. */
  onTabGone(): void;
}

export class SharedLine implements Servable {
  readonly #needs: SharedLineNeeds;
  readonly #state = signal<ConnectionState>({ phase: "stopped" });
  readonly #leads = signal(false);
  readonly #listener: LineListener;
  readonly #follower: Follower;
  readonly #heartbeat: Heartbeat;
  /** Frames that are served through this page, and the page itself: to the other tabs they are one. */
  readonly #here: Serving;
  readonly #ports = new Map<string, Port>();
  readonly #connection: Line;
  #channel: TabChannel | null = null;
  #election: Election | null = null;
  #leading: Leading | null = null;
  /** The term that is followed, and the newest that was heard of. */
  #term = NO_TERM;
  #newest = NO_TERM;
  #leader: string | null = null;
  #visible = true;
  #welcomedOnce = false;
  /** Opened by a person a moment ago, and no tab was there before it. */
  #fresh = true;

  constructor(needs: SharedLineNeeds) {
    this.#needs = needs;
    this.#here = new Serving({
      standing: needs.standing,
      ask: (cmd, fields) => this.#ask(cmd, fields),
      post: (message, to) => this.#tellPorts({ ...message, from: PAGE, term: NO_TERM } as Telling, to),
    });
    this.#listener = this.#forwarding(needs.listener);
    this.#follower = new Follower({
      listener: this.#listener,
      post: (message) => this.#toLeader({ ...message, from: needs.tab.id, term: this.#term } as Asking),
      onState: (state) => this.#moved(state),
      onSilent: () => this.#heartbeat.check(),
    });
    this.#heartbeat = new Heartbeat({
      knock: () => this.#knock(false),
      onDead: () => this.#election?.steal(),
    });
    this.#connection = needs.connect(this.#leadingListener(), () => this.#fresh);
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state.peek().phase === "ready";
  }

  get leads(): ReadonlySignal<boolean> {
    return this.#leads;
  }

  start(): void {
    if (this.#election) return;
    this.#fresh = true;
    const { name, standing, surroundings, electByChannel, tab } = this.#needs;
    this.#moved({ phase: "connecting", first: true });
    this.#channel = TabChannel.open(surroundings, name, tab.id, (message) => this.#hear(message));
    const role = { onLead: () => this.#lead(), onLost: () => this.#lost() };
    this.#election = hold(
      role,
      { name, standing, tab: tab.id },
      this.#channel ? surroundings : alone(),
      electByChannel,
    );
    this.#pulse();
    this.#heartbeat.check();
    this.#election.start();
  }

  stop(): void {
    const election = this.#election;
    if (!election) return;
    this.#election = null;
    this.#heartbeat.stop();
    if (this.#leading) this.#stepDown(true);
    else this.#toAll({ kind: "bye", from: this.#needs.tab.id, term: this.#term });
    election.stop();
    this.#channel?.close();
    this.#channel = null;
    this.#leader = null;
    this.#follower.lost();
    this.#moved({ phase: "stopped" });
  }

  probe(): void {
    if (this.#leading) this.#connection.probe();
    else if (this.#election) {
      this.#heartbeat.check();
      this.#knock(true);
    }
  }

  useHere(): void {
    // Said at every key: what is fine needs no word.
    const { phase } = this.#state.peek();
    if (phase === "waiting") this.probe();
    else if (phase !== "parked") return;
    else if (this.#leading) this.#connection.useHere();
    else this.#use();
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#pulse();
  }

  request<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    return this.isReady ? this.#here.ask(PAGE, cmd, fields) : Promise.reject(offline());
  }

  serve(port: Port): () => void {
    const id = randomId();
    this.#ports.set(id, port);
    const leave = () => {
      if (this.#ports.delete(id)) this.#here.release(id);
      port.close();
    };
    port.onmessage = (message) => {
      const asked = { ...(message as Asking), from: id };
      if (asked.kind === "join") this.#here.introduce(id);
      else if (asked.kind === "request") this.#here.request(asked);
      else if (asked.kind === "ping") this.probe();
      else if (asked.kind === "use") this.useHere();
      else if (asked.kind === "bye") this.#here.release(id);
    };
    return leave;
  }

  /** Rooms before the person's eyes in any tab of this browser, as far as this one knows. */
  get focused(): readonly string[] {
    return (this.#leading?.serving ?? this.#here).focused;
  }

  // What the connection says goes to all tabs, and what this page hears to the frames it serves

  #leadingListener(): LineListener {
    const told = () => this.#leading?.serving;
    return {
      sync: () => this.#listener.sync(),
      onWelcome: (welcome, asked) => {
        told()?.welcomed(welcome);
        this.#listener.onWelcome(welcome, asked);
      },
      onEvent: (event) => {
        told()?.event(event);
        this.#listener.onEvent(event);
      },
      onStopped: (reason) => {
        told()?.ended(reason);
        this.#listener.onStopped(reason);
      },
    };
  }

  #forwarding(listener: LineListener): LineListener {
    return {
      sync: () => listener.sync(),
      onWelcome: (welcome, asked) => {
        this.#here.welcomed(welcome);
        listener.onWelcome(welcome, asked);
      },
      onEvent: (event) => {
        this.#here.event(event);
        listener.onEvent(event);
      },
      onStopped: (reason) => {
        this.#here.ended(reason);
        this.stop();
        listener.onStopped(reason);
      },
    };
  }

  #moved(state: ConnectionState): void {
    if (state.phase === "ready") this.#welcomedOnce = true;
    if (state.phase === "ready" || state.phase === "parked") this.#fresh = false;
    this.#state.value = state.phase === "connecting" ? { ...state, first: !this.#welcomedOnce } : state;
    this.#here.state(this.#state.peek());
  }

  #ask<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    if (!this.#leading) return this.#follower.request(cmd, fields);
    return this.#leading.serving.ask(this.#needs.tab.id, cmd, fields);
  }

  #tellPorts(message: Telling, to: string | null): void {
    if (to !== null) this.#ports.get(to)?.post(message);
    else for (const port of this.#ports.values()) port.post(message);
  }

  // Leading

  #lead(): void {
    this.#heartbeat.stop();
    this.#follower.lost();
    this.#leader = null;
    this.#leads.value = true;
    const { tab, standing, onTabGone } = this.#needs;
    this.#leading = new Leading({
      standing,
      tab,
      term: later(this.#newest, tab.id),
      connection: this.#connection,
      post: (message, to) => this.#channel?.post(message, to),
      onState: (state) => this.#moved(state),
      onTabGone: (gone) => {
        this.#channel?.forget(gone);
        onTabGone();
      },
    });
    this.#newest = this.#leading.term;
    this.#leading.begin();
  }

  /** Another tab has taken the lead. */
  #lost(): void {
    if (!this.#leading) return;
    this.#stepDown(false);
    this.#moved({ phase: "connecting", first: false });
    this.#pulse();
    this.#heartbeat.check();
  }

  #stepDown(says: boolean): void {
    const leading = this.#leading;
    this.#leading = null;
    this.#leads.value = false;
    leading?.end(says);
  }

  #heardAsLeader(message: Asking): void {
    const leading = this.#leading;
    if (!leading) return;
    if (message.term > leading.term) this.#doubt(leading, message.term);
    leading.hear(message);
  }

  #doubt(leading: Leading, newer: string): void {
    if (newer <= this.#newest) return;
    this.#newest = newer;
    setTimeout(() => {
      if (this.#leading !== leading) return;
      this.#newest = later(this.#newest, this.#needs.tab.id);
      leading.renew(this.#newest);
    }, DOUBT_MS);
  }

  // Following

  #hear(message: TabMessage): void {
    if (message.from === this.#needs.tab.id || !this.#election) return;
    if (isAsking(message)) this.#heardAsLeader(message);
    else if (this.#leading) {
      // Whoever else leads: the election decides. Their term is known from here on.
      if (message.term > this.#newest) this.#newest = message.term;
    } else this.#heardAsFollower(message);
  }

  #heardAsFollower(message: Telling): void {
    if (message.term < this.#term) {
      // A leader of old, or one whose clock was set back: it learns of the newer term.
      if (message.kind === "lead") this.#knock(false);
      return;
    }
    if (message.term > this.#term) this.#follow(message);
    this.#heartbeat.heard();
    if (message.kind === "left") this.#leaderLeft();
    else if (message.kind === "lead") this.#introduced(message);
    this.#follower.hear(message);
  }

  #follow(message: Telling): void {
    this.#term = message.term;
    this.#newest = message.term;
    this.#leader = message.from;
    this.#follower.lost();
    this.#moved({ phase: "connecting", first: false });
    // Every leader has to know whom it serves.
    this.#toLeader({ kind: "join", from: this.#needs.tab.id, term: this.#term });
  }

  #introduced(lead: Extract<Telling, { kind: "lead" }>): void {
    this.#leader = lead.from;
    const isWindow = this.#needs.standing === "window";
    if (isWindow && lead.standing === "background") {
      this.#election?.steal();
      return;
    }
    const opensHere = isWindow && this.#fresh && this.#visible;
    this.#fresh = false;
    if (opensHere && lead.state.phase === "parked") this.#use();
  }

  /** The person is here: whoever has the connection takes the place. */
  #use(): void {
    this.#toLeader({ kind: "use", from: this.#needs.tab.id, term: this.#term });
  }

  #leaderLeft(): void {
    this.#leader = null;
    this.#follower.lost();
    this.#moved({ phase: "connecting", first: false });
  }

  /** Asks whoever leads for a sign of life. */
  #knock(probe: boolean): void {
    const from = this.#needs.tab.id;
    const term = this.#term;
    if (this.#leader === null) this.#toAll({ kind: "join", from, term });
    else this.#toAll({ kind: "ping", probe, from, term });
  }

  #pulse(): void {
    this.#heartbeat.stop();
    const { locks } = this.#needs.surroundings;
    if (this.#leading || !this.#election || (locks && !this.#visible)) return;
    this.#heartbeat.every(locks ? PULSE_WITH_LOCKS_MS : this.#visible ? PULSE_MS : HIDDEN_PULSE_MS);
  }

  #toLeader(message: Asking): void {
    this.#channel?.post(message, this.#leader);
  }

  #toAll(message: Asking): void {
    this.#channel?.post(message, null);
  }
}
