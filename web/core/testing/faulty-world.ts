/** A network and a server that do to a connection whatever they are told to, and watch that it keeps its rules. */
import type { RefreshOutcome } from "../rest";
import type { Socket } from "../socket";
import type { Transport } from "../transport";

type Phase = "connecting" | "open" | "closed";

class WatchedSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  phase: Phase = "connecting";
  hasGreeted = false;
  isParked = false;
  /** Nothing passes any more, and nothing says so. */
  isDead = false;
  readonly #world: FaultyWorld;

  constructor(world: FaultyWorld) {
    this.#world = world;
  }

  send(frame: string): void {
    const { id, cmd } = JSON.parse(frame) as { id: number; cmd: string };
    if (this.phase !== "open") this.#world.broke(`${cmd} said on a socket that is ${this.phase}`);
    if (!this.hasGreeted && cmd !== "hello") this.#world.broke(`${cmd} said before hello`);
    if (this.hasGreeted && cmd === "hello") this.#world.broke("hello said twice");
    this.hasGreeted = true;
    this.#world.later(2, () => this.#world.heard(this, id, cmd));
  }

  close(): void {
    this.phase = "closed";
  }

  push(frame: unknown): void {
    this.#world.later(2, () => {
      if (this.phase === "open" && !this.isDead) this.onmessage?.({ data: JSON.stringify(frame) });
    });
  }

  ended(code: number): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    this.onclose?.({ code });
  }
}

export class FaultyWorld implements Transport {
  onBetter: () => void = () => undefined;
  readonly faults: string[] = [];
  accepts: "opens" | "refuses" | "hangs" | "throws" = "opens";
  /** New sockets are dead as soon as they are open. */
  isSilent = false;
  /** What hello and place.take are refused with. */
  refusal: string | null = null;
  /** Somebody else has the place. */
  isTaken = false;
  refreshing: { outcome: RefreshOutcome; ms: number } = { outcome: "refreshed", ms: 5 };
  triesAtOnce = false;
  /** The connection was stopped or told that all is over. */
  isOver = true;
  /** What is on its way through this world: timers that are none of the connection's. */
  underWay = 0;
  #sockets: WatchedSocket[] = [];

  get live(): WatchedSocket[] {
    return this.#sockets.filter((socket) => socket.phase !== "closed");
  }

  heal(): void {
    Object.assign(this, {
      accepts: "opens",
      isSilent: false,
      refusal: null,
      isTaken: false,
      triesAtOnce: false,
    });
    this.refreshing = { outcome: "refreshed", ms: 5 };
    // What is dead stays dead: it is for the connection to find out.
    for (const socket of this.live) if (socket.isParked) socket.push({ ev: "place.free" });
  }

  silence(isSilent: boolean): void {
    this.isSilent = isSilent;
    if (isSilent) for (const socket of this.live) socket.isDead = true;
  }

  later(ms: number, happens: () => void): void {
    this.underWay++;
    setTimeout(() => {
      this.underWay--;
      happens();
    }, ms);
  }

  broke(rule: string): void {
    this.faults.push(rule);
  }

  open(): Socket {
    if (this.isOver) this.broke("tried after the end");
    if (this.live.length > 0) this.broke("a second socket beside a live one");
    if (this.accepts === "throws") throw new Error("blocked");
    const socket = new WatchedSocket(this);
    this.#sockets = [...this.live, socket];
    const { accepts } = this;
    this.later(3, () => {
      if (socket.phase !== "connecting" || accepts === "hangs") return;
      if (accepts === "refuses") socket.ended(1006);
      else {
        socket.phase = "open";
        socket.isDead = this.isSilent;
        socket.onopen?.();
      }
    });
    return socket;
  }

  worked(): void {}
  left(): void {}

  failed(): boolean {
    return this.triesAtOnce;
  }

  refresh(): Promise<RefreshOutcome> {
    const { outcome, ms } = this.refreshing;
    return new Promise((resolve) => this.later(ms, () => resolve(outcome)));
  }

  heard(socket: WatchedSocket, id: number, cmd: string): void {
    if (socket.isDead || socket.phase !== "open") return;
    const greets = cmd === "hello" || cmd === "place.take";
    if (greets && this.refusal) {
      socket.push({ re: id, error: { code: this.refusal, message: "" } });
      return;
    }
    if (greets) socket.isParked = this.isTaken;
    socket.push({ re: id, ok: greets ? this.#welcome() : {} });
  }

  pushAll(event: unknown): void {
    for (const socket of this.live) if (socket.hasGreeted) socket.push(event);
  }

  park(): void {
    this.isTaken = true;
    for (const socket of this.live) socket.isParked = true;
    this.pushAll({ ev: "parked", by: { kind: "web" } });
  }

  #welcome(): unknown {
    const base = { user: "a", session: "s", connection: "c", server_time: 0, receipts: "all" };
    const parked = this.isTaken ? { kind: "web" } : null;
    return { ...base, tick_seconds: 25, max_frame_bytes: 1, generation: 1, token_seconds: 600, parked };
  }
}
