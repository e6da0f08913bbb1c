/** The side that is served: asks for a sync of its own after each welcome, and hears of nothing twice, late or not at all. */
import type { ConnectionState } from "../contract";
import { offline, timeout, WireError } from "../errors";
import type { LineListener } from "../line";
import type { AnyEvent, Commands, SyncAnswer, Welcome } from "../wire";
import type { Asking, Telling, Unstamped } from "./protocol";

/** A little longer than the connection itself waits for the server. */
const ANSWER_MS = 12_000;
/** Events that wait for the sync at most; past that it is asked for again. */
const WAITING = 2_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export interface FollowerNeeds {
  readonly listener: LineListener;
  /** To the side that serves. Throws on what cannot be copied. */
  post(message: Unstamped<Asking>): void;
  onState(state: ConnectionState): void;
  /** It owes an answer for too long. */
  onSilent(): void;
}

interface Pending {
  resolve(ok: unknown): void;
  reject(error: WireError): void;
  readonly deadline: ReturnType<typeof setTimeout>;
}

export class Follower {
  readonly #needs: FollowerNeeds;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** The welcome that is followed; 0: none. */
  #number = 0;
  #ready = false;
  #waiting: AnyEvent[] = [];
  #overflow = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: FollowerNeeds) {
    this.#needs = needs;
  }

  hear(message: Telling): void {
    if (message.kind === "lead") this.#introduced(message);
    else if (message.kind === "state") this.#moved(message.state);
    else if (message.kind === "welcome") this.#welcomed(message.number, message.welcome);
    else if (message.kind === "event") this.#heard(message.number, message.event);
    else if (message.kind === "answer") this.#take(message.id)?.resolve(message.ok);
    else if (message.kind === "refusal") {
      const { code, message: words, retry, retryAfterMs } = message.error;
      this.#take(message.id)?.reject(new WireError(code, words, retry, retryAfterMs));
    } else if (message.kind === "ended") {
      this.lost();
      this.#needs.listener.onStopped(message.reason);
    }
  }

  request<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    if (!this.#ready) return Promise.reject(offline());
    return this.#ask(cmd, fields);
  }

  /** Whoever served is gone, or has lost its connection: what was asked is not answered any more. */
  lost(): void {
    clearTimeout(this.#retry);
    this.#number = 0;
    this.#ready = false;
    this.#waiting = [];
    this.#overflow = false;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, deadline } of pending) {
      clearTimeout(deadline);
      reject(offline());
    }
  }

  #introduced(lead: Extract<Telling, { kind: "lead" }>): void {
    if (!lead.welcome) this.#moved(lead.state);
    else if (lead.number !== this.#number) this.#welcomed(lead.number, lead.welcome);
  }

  #moved(state: ConnectionState): void {
    // Ready comes with its welcome.
    if (state.phase === "ready") return;
    this.lost();
    this.#needs.onState(state.phase === "stopped" ? { phase: "connecting", first: false } : state);
  }

  #welcomed(number: number, welcome: Welcome): void {
    this.lost();
    this.#number = number;
    this.#needs.onState({ phase: "connecting", first: false });
    this.#sync(number, welcome, RETRY_MS);
  }

  /** What is told from here on comes after what the answer says: it waits for it. */
  #sync(number: number, welcome: Welcome, retryMs: number): void {
    const { listener } = this.#needs;
    this.#waiting = [];
    this.#overflow = false;
    const asked = listener.sync();
    const heardAt = Date.now();
    const begin = (sync: SyncAnswer | null) => {
      if (number !== this.#number) return;
      if (this.#overflow) {
        this.#sync(number, welcome, retryMs);
        return;
      }
      this.#ready = true;
      this.#needs.onState({ phase: "ready" });
      const server_time = welcome.server_time + Date.now() - heardAt;
      listener.onWelcome({ ...welcome, server_time, sync }, asked);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const event of waiting) this.#heard(number, event);
    };
    if (asked === null) begin(null);
    else
      this.#ask("sync", asked).then(begin, (error: unknown) => {
        // Without a connection the next welcome comes; anything else is asked again.
        if (number !== this.#number || (error instanceof WireError && error.code === "offline")) return;
        const next = Math.min(2 * retryMs, LONGEST_RETRY_MS);
        this.#retry = setTimeout(() => this.#sync(number, welcome, next), retryMs);
      });
  }

  #heard(number: number, event: AnyEvent): void {
    if (number !== this.#number) return;
    if (this.#ready) this.#needs.listener.onEvent(event);
    else if (this.#waiting.length < WAITING) this.#waiting.push(event);
    else this.#overflow = true;
  }

  #ask<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]> {
    this.#lastId += 1;
    const id = this.#lastId;
    const number = this.#number;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#pending.delete(id);
        reject(timeout());
        this.#needs.onSilent();
      }, ANSWER_MS);
      this.#pending.set(id, { resolve: (ok) => resolve(ok as Commands[C]["answer"]), reject, deadline });
      try {
        this.#needs.post({ kind: "request", id, number, cmd, fields });
      } catch (error) {
        this.#take(id)?.reject(new WireError("invalid", String(error)));
      }
    });
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending) clearTimeout(pending.deadline);
    this.#pending.delete(id);
    return pending;
  }
}
