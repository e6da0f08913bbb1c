/** One channel at a time, kept alive: connect, say hello with a sync in it, and come back after trouble. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { Backoff } from "./backoff";
import { Channel } from "./channel";
import type { ConnectionState } from "./contract";
import { offline, type WireError } from "./errors";
import type { Line, LineListener } from "./line";
import { fillHolder, type PlaceNeeds, PlaceWish } from "./place";
import type { RefreshOutcome } from "./rest";
import type { Closing } from "./socket";
import type { HeldRooms } from "./sync";
import { TokenKeeper } from "./token-keeper";
import type { Transport } from "./transport";
import { WakeWatch } from "./wake";
import {
  type AnyEvent,
  CLOSE_PARKED,
  CLOSE_REFRESH,
  CLOSE_RESTART,
  CLOSE_STOP,
  type Commands,
  type Welcome,
} from "./wire";

const ANSWER_MS = 10_000;
/** So long before the server's next tick is due a silent line is probed: it is known to be dead within one tick. */
const BEFORE_TICK_MS = 5_000;
/** A connection that lived this long was good: the next trouble starts from the shortest wait. */
const GOOD_MS = 10_000;
/** While answers are on their way, a move to a better way of travelling waits this long. */
const MOVE_MS = 500;
/** Tells the server that this page leaves, rather than comes back in a moment. */
const LEAVES = 1000;

export interface ConnectionNeeds extends LineListener, PlaceNeeds {
  transport: Transport;
  /** Null: the page's cookie says who it is. */
  token(): string | null;
  /** Renews the access token, unless another tab has done so since `began` (ms since 1970). */
  refresh(began: number): Promise<RefreshOutcome>;
  /** How many seconds a new access token is good for, where that is known. */
  tokenLife?(): number | null;
}

/**
 * opening: until hello is answered. live: answered, be it ready or parked. resting: a timer runs to the next try.
 * quiet: parked without a socket, and nothing happens until somebody comes.
 */
type Step = "stopped" | "opening" | "live" | "refreshing" | "resting" | "quiet";
type Parked = Extract<ConnectionState, { phase: "parked" }>;

export class Connection implements Line {
  readonly #needs: ConnectionNeeds;
  readonly #state = signal<ConnectionState>({ phase: "stopped" });
  readonly #wish: PlaceWish;
  readonly #keeper: TokenKeeper;
  readonly #backoff = new Backoff();
  readonly #wake = new WakeWatch(() => this.#woke());
  #step: Step = "stopped";
  /** Shown instead of whatever is tried meanwhile. */
  #parked: Parked | null = null;
  #channel: Channel | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Since the last welcome. */
  #refreshes = 0;
  #helloAt = 0;
  /** Raised whenever the former course of things is left. */
  #turn = 0;
  #liveAt = 0;
  #taking: "claim" | "offer" | null = null;
  #wasReady = false;
  #signedOutReason: string | null = null;

  constructor(needs: ConnectionNeeds) {
    this.#needs = needs;
    this.#wish = new PlaceWish(needs);
    this.#keeper = new TokenKeeper({
      refresh: (began) => needs.refresh(began),
      lifeSeconds: () => needs.tokenLife?.() ?? null,
      onEnded: (outcome) => this.#end(outcome === "device_removed" ? outcome : null),
    });
    needs.transport.onBetter = () => this.#move();
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state.peek().phase === "ready";
  }

  start(): void {
    if (this.#step !== "stopped") return;
    this.#backoff.reset();
    this.#refreshes = 0;
    this.#signedOutReason = null;
    this.#wish.arrive();
    this.#wake.begin();
    this.#connect();
  }

  stop(): void {
    this.#wake.end();
    this.#detach(LEAVES);
    this.#parked = null;
    this.#enter("stopped", { phase: "stopped" });
  }

  probe(): void {
    if (this.#step === "live") this.#channel?.probe();
    else if (this.#step === "resting" || this.#step === "quiet") this.#connect();
  }

  #woke(): void {
    if (this.#step === "quiet") return;
    // What was slept through is no trouble that lasted.
    this.#backoff.reset();
    this.probe();
  }

  useHere(): void {
    if (!this.#parked) {
      this.probe();
      return;
    }
    this.#wish.want();
    if (this.#step === "live") {
      this.#take(true);
      // What looks like a line may be none: that must not cost the person who waits the full deadline.
      this.probe();
    } else {
      this.#parked = null;
      this.#connect();
    }
  }

  request<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    if (!this.isReady || !this.#channel) return Promise.reject(offline());
    return this.#channel.ask(cmd, fields, ANSWER_MS);
  }

  #connect(): void {
    this.#detach();
    this.#enter("opening", { phase: "connecting", first: !this.#wasReady });
    try {
      this.#channel = new Channel(this.#needs.transport.open(), {
        onOpen: () => this.#hello(),
        onEvent: (event) => this.#heard(event),
        onClosed: (close) => this.#closed(close),
      });
    } catch {
      this.#rest(0);
    }
  }

  #hello(): void {
    this.#helloAt = Date.now();
    const token = this.#needs.token();
    const { place } = this.#wish;
    this.#greet("hello", token === null ? { place } : { token, place });
  }

  /** `claim`: the person said so. Else the place was offered, and somebody may have taken it since. */
  #take(claim: boolean): void {
    if (this.#taking === "claim" || (this.#taking && !claim)) return;
    this.#taking = claim ? "claim" : "offer";
    this.#greet("place.take", { claim });
  }

  #greet<C extends "hello" | "place.take">(cmd: C, fields: Commands[C]["request"]): void {
    const channel = this.#channel;
    const asked = this.#needs.sync();
    channel?.ask(cmd, asked ? { ...fields, sync: asked } : fields, ANSWER_MS).then(
      (welcome) => channel === this.#channel && this.#welcomed(welcome, asked),
      (error: WireError) => channel === this.#channel && this.#refused(error),
    );
  }

  #welcomed(welcome: Welcome, asked: HeldRooms | null): void {
    this.#needs.transport.worked();
    this.#wish.settled(welcome.generation);
    this.#refreshes = 0;
    if (this.#step !== "live") this.#liveAt = Date.now();
    this.#channel?.probeAfter(Math.max(1000, welcome.tick_seconds * 1000 - BEFORE_TICK_MS));
    this.#keeper.begin(welcome.token_seconds);
    if (welcome.parked) {
      this.#park(welcome.parked);
      return;
    }
    this.#taking = null;
    this.#parked = null;
    this.#wasReady = true;
    this.#enter("live", { phase: "ready" });
    this.#needs.onWelcome(welcome, asked);
  }

  #refused(error: WireError): void {
    // Nobody waits for this answer any more: parked anew while taking the place.
    if (error.code === "offline") return;
    this.#needs.transport.worked();
    if (error.code === "unauthorized") void this.#refresh();
    else if (error.code === "device_removed") this.#end(error.code);
    else this.#rest(error.retryAfterMs ?? 0);
  }

  /** Another page has the place. The socket stays, to hear when that one goes. */
  #park(by: NonNullable<Welcome["parked"]>): void {
    this.#parked = { phase: "parked", by: fillHolder(by) };
    this.#taking = null;
    this.#enter("live", this.#parked);
    this.#channel?.dropQuestions();
  }

  #heard(event: AnyEvent): void {
    if (event.ev === "signed_out") this.#signedOutReason = event.reason;
    else if (this.#step !== "live") return;
    else if (event.ev === "parked") this.#park(event.by);
    else if (!this.#parked) this.#needs.onEvent(event);
    else if (event.ev === "place.free") this.#take(false);
  }

  #closed({ code, reason }: Closing): void {
    const isServersWord = code >= 4000 || code === CLOSE_RESTART;
    const tryAtOnce = this.#step === "opening" && !isServersWord && this.#needs.transport.failed();
    if (this.#step === "live" && Date.now() - this.#liveAt > GOOD_MS) this.#backoff.reset();
    if (code === CLOSE_RESTART) this.#backoff.spread(Number(reason));
    if (code === CLOSE_REFRESH) void this.#refresh();
    else if (code === CLOSE_STOP) this.#end(this.#signedOutReason);
    else if (code === CLOSE_PARKED) this.#quiet();
    else if (tryAtOnce) this.#connect();
    else this.#rest(0);
  }

  #quiet(): void {
    this.#detach();
    this.#parked ??= { phase: "parked", by: null };
    this.#enter("quiet", this.#parked);
  }

  /** A way that is better than the one in use passes. */
  #move(): void {
    if (this.#step !== "live") return;
    if (this.#channel?.isIdle) this.#connect();
    else this.#timer = setTimeout(() => this.#move(), MOVE_MS);
  }

  async #refresh(): Promise<void> {
    this.#detach();
    this.#enter("refreshing", { phase: "connecting", first: !this.#wasReady });
    const turn = this.#turn;
    const outcome = await this.#needs.refresh(this.#helloAt);
    if (turn !== this.#turn) return;
    if (outcome === "signed_out") this.#end(null);
    else if (outcome === "device_removed") this.#end(outcome);
    // The first time at once; a token that keeps being refused must not turn into a storm.
    else if (outcome === "refreshed" && this.#refreshes++ === 0) this.#connect();
    else this.#rest(0);
  }

  #end(reason: string | null): void {
    this.stop();
    this.#needs.onStopped(reason);
  }

  #rest(atLeastMs: number): void {
    this.#detach();
    const wait = Math.max(atLeastMs, this.#backoff.next());
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#enter("resting", { phase: "waiting", retryAt: Date.now() + wait });
  }

  #enter(step: Step, state: ConnectionState): void {
    this.#step = step;
    this.#state.value = this.#parked ?? state;
  }

  /** The old socket can say nothing more before a new one exists. */
  #detach(code?: number): void {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#keeper.end();
    this.#needs.transport.left();
    this.#taking = null;
    this.#channel?.close(code);
    this.#channel = null;
  }
}
