/** The side that has a line serves those that have none: answers what they ask, and tells all of them what comes. */
import type { ConnectionState } from "../contract";
import { offline, WireError } from "../errors";
import type { Standing } from "../place";
import type { AnyEvent, Commands, Welcome } from "../wire";
import type { Asking, Refused, Telling, Unstamped } from "./protocol";
import { type Ask, Shares } from "./shares";

export interface ServingNeeds {
  readonly standing: Standing;
  ask: Ask;
  /** To one member, or to all (null). */
  post(message: Unstamped<Telling>, to: string | null): void;
}

export class Serving {
  readonly #needs: ServingNeeds;
  readonly #shares: Shares;
  #state: ConnectionState = { phase: "connecting", first: true };
  #welcome: Welcome | null = null;
  #welcomedAt = 0;
  #number = 0;

  constructor(needs: ServingNeeds) {
    this.#needs = needs;
    this.#shares = new Shares((cmd, fields) => needs.ask(cmd, fields));
  }

  /** To a newcomer, or to all when this side begins to serve. */
  introduce(to: string | null): void {
    const welcome = this.#state.phase === "ready" ? this.#welcomeNow() : null;
    const { standing } = this.#needs;
    this.#needs.post({ kind: "lead", standing, state: this.#state, number: this.#number, welcome }, to);
  }

  state(state: ConnectionState): void {
    this.#state = state;
    if (state.phase !== "ready") this.#welcome = null;
    this.#needs.post({ kind: "state", state }, null);
  }

  /** Ready (again): every member asks for its own sync, and says anew what it keeps open. */
  welcomed(welcome: Welcome): void {
    this.#number += 1;
    this.#welcome = { ...welcome, sync: null };
    this.#welcomedAt = Date.now();
    this.#shares.clear();
    this.#needs.post({ kind: "welcome", number: this.#number, welcome: this.#welcome }, null);
  }

  event(event: AnyEvent): void {
    this.#needs.post({ kind: "event", number: this.#number, event }, null);
  }

  ended(reason: string | null): void {
    this.#needs.post({ kind: "ended", reason }, null);
  }

  /** A member in this very page. */
  ask<C extends keyof Commands>(
    member: string,
    cmd: C,
    fields: Commands[C]["request"],
  ): Promise<Commands[C]["answer"]> {
    return this.#shares.ask(member, cmd, fields) as Promise<Commands[C]["answer"]>;
  }

  request({ from, id, number, cmd, fields }: Extract<Asking, { kind: "request" }>): void {
    // Asked of a connection that has gone since: what it was to change went with it.
    const asked =
      number === this.#number ? this.#shares.ask(from, cmd, fields) : Promise.reject<unknown>(offline());
    asked.then(
      (ok) => this.#needs.post({ kind: "answer", id, ok }, from),
      (error: unknown) => this.#needs.post({ kind: "refusal", id, error: refused(error) }, from),
    );
  }

  /** The rooms that any member has before the person's eyes. */
  get focused(): readonly string[] {
    return this.#shares.focused;
  }

  release(member: string): void {
    this.#shares.release(member);
  }

  /** To be read by the server's clock of this moment, not of when it came. */
  #welcomeNow(): Welcome | null {
    const passed = Date.now() - this.#welcomedAt;
    return this.#welcome && { ...this.#welcome, server_time: this.#welcome.server_time + passed };
  }
}

function refused(error: unknown): Refused {
  if (!(error instanceof WireError)) {
    return { code: "internal", message: String(error), retry: false, retryAfterMs: null };
  }
  const { code, message, retry, retryAfterMs } = error;
  return { code, message, retry, retryAfterMs };
}
