/** One socket at a time, kept alive: connect, say hello with a sync in the first frame, and come back after trouble. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ConnectionState } from "./contract";
import { offline, timeout, WireError } from "./errors";
import type { HeldRooms } from "./sync";
import { type AnyEvent, Close, type Commands, type ErrorReply, type Reply, type Welcome } from "./wire";

const ANSWER_MS = 10_000;
const PROBE_MS = 5_000;
const LONGEST_WAIT_MS = 30_000;
const SHORTEST_WAIT_MS = 300;
/** A connection that lived this long was good: the next trouble starts from the shortest wait. */
const GOOD_MS = 10_000;

export interface ConnectionNeeds {
  url: string;
  /** Null: the page's cookie says who it is. */
  token(): string | null;
  sync(): HeldRooms;
  refresh(): Promise<"refreshed" | "signed_out" | "unreachable">;
  onWelcome(welcome: Welcome, asked: HeldRooms): void;
  onEvent(event: AnyEvent): void;
  /** The session is over; nothing more is tried. */
  onStopped(reason: string | null): void;
  makeSocket?: (url: string) => WebSocket;
}

interface Pending {
  resolve(ok: unknown): void;
  reject(error: WireError): void;
  deadline: ReturnType<typeof setTimeout>;
}

export class Connection {
  readonly #needs: ConnectionNeeds;
  readonly #state = signal<ConnectionState>({ phase: "stopped" });
  readonly #pending = new Map<number, Pending>();
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setInterval> | undefined;
  #lastId = 0;
  #tries = 0;
  /** Since the last welcome. */
  #refreshes = 0;
  #readyAt = 0;
  #heardAt = 0;
  #welcomedOnce = false;
  #signedOutReason: string | null = null;

  constructor(needs: ConnectionNeeds) {
    this.#needs = needs;
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state.peek().phase === "ready";
  }

  start(): void {
    if (this.#state.peek().phase !== "stopped") return;
    this.#tries = 0;
    this.#signedOutReason = null;
    this.#connect();
  }

  stop(): void {
    this.#detach();
    this.#state.value = { phase: "stopped" };
  }

  /** Is it alive, whatever it looks like? Waiting and parked connections try at once. */
  probe(): void {
    const { phase } = this.#state.peek();
    if (phase === "waiting" || phase === "parked") this.#connect();
    else if (phase === "ready") this.#ask("tick", {}, PROBE_MS).catch(() => undefined);
  }

  request<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    if (!this.isReady) return Promise.reject(offline());
    return this.#ask(cmd, fields, ANSWER_MS);
  }

  #connect(): void {
    this.#detach();
    this.#state.value = { phase: "connecting", first: !this.#welcomedOnce };
    let socket: WebSocket;
    try {
      socket = (this.#needs.makeSocket ?? ((url) => new WebSocket(url)))(this.#needs.url);
    } catch {
      this.#wait();
      return;
    }
    this.#socket = socket;
    this.#timer = setTimeout(() => this.#lost(), ANSWER_MS);
    socket.onopen = () => this.#hello();
    socket.onmessage = (message) => this.#receive(message.data);
    socket.onclose = (close) => this.#closed(close.code);
  }

  #hello(): void {
    const sync = this.#needs.sync();
    const token = this.#needs.token();
    this.#ask("hello", token === null ? { sync } : { token, sync }, ANSWER_MS).then(
      (welcome) => this.#welcomed(welcome, sync),
      (error: WireError) => {
        if (error.code === "unauthorized") void this.#refresh();
        else if (error.code !== "offline" && error.code !== "timeout") this.#lost();
      },
    );
  }

  #welcomed(welcome: Welcome, asked: HeldRooms): void {
    clearTimeout(this.#timer);
    this.#welcomedOnce = true;
    this.#refreshes = 0;
    this.#readyAt = Date.now();
    const silence = (welcome.tick_seconds + 10) * 1000;
    this.#watchdog = setInterval(() => {
      if (Date.now() - this.#heardAt > silence) this.probe();
    }, silence / 2);
    this.#state.value = { phase: "ready" };
    this.#needs.onWelcome(welcome, asked);
  }

  #ask<C extends keyof Commands>(
    cmd: C,
    fields: Commands[C]["request"],
    withinMs: number,
  ): Promise<Commands[C]["answer"]> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#pending.delete(id);
        reject(timeout());
        this.#lost();
      }, withinMs);
      this.#pending.set(id, { resolve: (ok) => resolve(ok as Commands[C]["answer"]), reject, deadline });
      this.#send(JSON.stringify({ id, cmd, ...fields }));
    });
  }

  #send(frame: string): void {
    try {
      this.#socket?.send(frame);
    } catch {
      this.#lost();
    }
  }

  #receive(data: unknown): void {
    this.#heardAt = Date.now();
    if (typeof data !== "string") return;
    const frame = JSON.parse(data) as AnyEvent | Reply | ErrorReply;
    if ("re" in frame) this.#answered(frame);
    // Here and not from a timer: hidden tabs have their timers held back, and the server would take us for dead.
    else if (frame.ev === "tick") this.#send(JSON.stringify({ id: ++this.#lastId, cmd: "tick" }));
    else if (frame.ev === "signed_out") this.#signedOutReason = frame.reason;
    else if (this.isReady) this.#needs.onEvent(frame);
  }

  #answered(frame: Reply | ErrorReply): void {
    const pending = frame.re === null ? undefined : this.#pending.get(frame.re);
    if (frame.re === null || !pending) return;
    this.#pending.delete(frame.re);
    clearTimeout(pending.deadline);
    if ("error" in frame) {
      const { code, message, retry, retry_after_ms } = frame.error;
      pending.reject(new WireError(code, message, retry ?? false, retry_after_ms ?? null));
    } else pending.resolve(frame.ok);
  }

  #closed(code: number): void {
    if (this.#readyAt > 0 && Date.now() - this.#readyAt > GOOD_MS) this.#tries = 0;
    if (code === Close.REFRESH) void this.#refresh();
    else if (code === Close.STOP) this.#end(this.#signedOutReason);
    else if (code === Close.PARKED) {
      this.#detach();
      this.#state.value = { phase: "parked", by: null };
    } else {
      // A restarting server gets its clients back spread over some seconds.
      if (code === Close.RESTART) this.#tries = Math.max(this.#tries, 3);
      this.#wait();
    }
  }

  async #refresh(): Promise<void> {
    this.#detach();
    const mine = { phase: "connecting", first: !this.#welcomedOnce } as const;
    this.#state.value = mine;
    const outcome = await this.#needs.refresh();
    if (this.#state.peek() !== mine) return;
    if (outcome === "signed_out") this.#end(null);
    // The first time at once; a token that keeps being refused must not turn into a storm.
    else if (outcome === "refreshed" && this.#refreshes++ === 0) this.#connect();
    else this.#wait();
  }

  #end(reason: string | null): void {
    this.stop();
    this.#needs.onStopped(reason);
  }

  /** No word from the other side: taken for dead, as if it had closed without a code. */
  #lost(): void {
    this.#closed(1006);
  }

  #wait(): void {
    this.#detach();
    const longest = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.#tries++);
    const wait = Math.max(SHORTEST_WAIT_MS, Math.random() * longest);
    this.#state.value = { phase: "waiting", retryAt: Date.now() + wait };
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  /** The old socket can say nothing more before a new one exists. */
  #detach(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#watchdog);
    const socket = this.#socket;
    this.#socket = null;
    this.#readyAt = 0;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, deadline } of pending) {
      clearTimeout(deadline);
      reject(offline());
    }
  }
}
