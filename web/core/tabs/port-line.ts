/** A line through another page: a frame asks the page that embeds it, whatever part that one has among its tabs. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ConnectionState } from "../contract";
import { offline } from "../errors";
import type { Line, LineListener } from "../line";
import { randomId } from "../storage";
import type { Commands } from "../wire";
import { Follower } from "./follower";
import { type Asking, NO_TERM, type Telling, type Unstamped } from "./protocol";
import { messagePort, type Port } from "./surroundings";

export class PortLine implements Line {
  readonly #port: Port;
  readonly #id = randomId();
  readonly #state = signal<ConnectionState>({ phase: "stopped" });
  readonly #follower: Follower;
  #welcomedOnce = false;

  constructor(port: MessagePort, listener: LineListener) {
    this.#port = messagePort(port);
    this.#follower = new Follower({
      listener,
      post: (message) => this.#post(message),
      onState: (state) => this.#moved(state),
      onSilent: () => this.probe(),
    });
    this.#port.onmessage = (message) => {
      if (this.#state.peek().phase !== "stopped") this.#follower.hear(message as Telling);
    };
  }

  get state(): ReadonlySignal<ConnectionState> {
    return this.#state;
  }

  get isReady(): boolean {
    return this.#state.peek().phase === "ready";
  }

  start(): void {
    if (this.#state.peek().phase !== "stopped") return;
    this.#moved({ phase: "connecting", first: true });
    this.#post({ kind: "join" });
  }

  stop(): void {
    if (this.#state.peek().phase === "stopped") return;
    this.#post({ kind: "bye" });
    this.#state.value = { phase: "stopped" };
    this.#follower.lost();
  }

  probe(): void {
    this.#post({ kind: "ping", probe: true });
  }

  useHere(): void {
    if (this.#state.peek().phase === "parked") this.#post({ kind: "use" });
  }

  request<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    return this.isReady ? this.#follower.request(cmd, fields) : Promise.reject(offline());
  }

  #moved(state: ConnectionState): void {
    if (state.phase === "ready") this.#welcomedOnce = true;
    this.#state.value = state.phase === "connecting" ? { ...state, first: !this.#welcomedOnce } : state;
  }

  #post(message: Unstamped<Asking>): void {
    this.#port.post({ ...message, from: this.#id, term: NO_TERM });
  }
}

/** A line that other pages may be served from. */
export interface Servable extends Line {
  serve(port: Port): () => void;
}

/** Serves a frame through its MessagePort; returns how to stop. */
export function servePort(line: Servable, port: MessagePort): () => void {
  return line.serve(messagePort(port));
}
