/** Who is signed in at the host, and their access token: in memory alone, renewed by a new ticket before it ends. */
import type { MySettings, Person } from "../core/wire";
import { deviceId, forgetSession } from "./memory";
import { fetchTicket, type Messenger, Refusal, type SessionAnswer } from "./server";
import { warn } from "./warn";

export interface Visit {
  readonly user: Person;
  readonly session: string;
  readonly settings: MySettings;
}

export type Outcome = "refreshed" | "signed_out" | "unreachable";

export class Visitor {
  readonly #ticketUrl: string;
  readonly #messenger: Messenger;
  #token: string | null = null;
  #visit: Visit | null = null;
  #renewedAt = 0;
  #asking: Promise<Outcome> | null = null;
  /** Nothing is asked before (ms since 1970): the server wished so. */
  #quietUntil = 0;

  constructor(ticketUrl: string, messenger: Messenger) {
    this.#ticketUrl = ticketUrl;
    this.#messenger = messenger;
  }

  get token(): string | null {
    return this.#token;
  }

  get visit(): Visit | null {
    return this.#visit;
  }

  /** A new token, unless there has been one since `began` (ms since 1970). Asked once, however many wait for it. */
  renew(began: number): Promise<Outcome> {
    if (this.#token !== null && this.#renewedAt > began) return Promise.resolve("refreshed");
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** Nobody is signed in: the next sign-in is a new one, whatever session it continues. */
  leave(): void {
    this.#token = null;
    this.#visit = null;
    forgetSession();
  }

  /** Ends the session on the server as well. */
  async signOut(): Promise<void> {
    const token = this.#token;
    this.leave();
    if (token !== null) await this.#messenger.signOut(token);
  }

  /** Asks as this person; an expired token is renewed once. */
  async asking<T>(ask: (token: string) => Promise<T>): Promise<T> {
    const began = Date.now();
    try {
      return await ask(this.#token ?? "");
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== "unauthorized") throw error;
      await this.renew(began);
      return ask(this.#token ?? "");
    }
  }

  async #ask(): Promise<Outcome> {
    if (Date.now() < this.#quietUntil) return "unreachable";
    try {
      const answer = (await this.#exchange()) ?? null;
      if (answer === null) {
        this.leave();
        return "signed_out";
      }
      if (this.#visit && this.#visit.user.id !== answer.user.id) return "signed_out";
      this.#take(answer);
      return "refreshed";
    } catch (error) {
      return this.#judge(error);
    }
  }

  /** A ticket may be used up by the time it arrives: once more with a new one, and no oftener. */
  async #exchange(again = true): Promise<SessionAnswer | null> {
    const ticket = await fetchTicket(this.#ticketUrl, this.#messenger.base);
    if (ticket === null) return null;
    try {
      return await this.#messenger.session(ticket, deviceId());
    } catch (error) {
      if (again && error instanceof Refusal && error.code === "bad_ticket") return this.#exchange(false);
      throw error;
    }
  }

  #take(answer: SessionAnswer): void {
    this.#token = answer.access_token;
    this.#renewedAt = Date.now();
    this.#visit = { user: answer.user, session: answer.session, settings: answer.settings ?? {} };
  }

  #judge(error: unknown): Outcome {
    if (!(error instanceof Refusal)) return "unreachable";
    if (error.retryAfterMs !== null) {
      this.#quietUntil = Date.now() + error.retryAfterMs;
      return "unreachable";
    }
    const { base } = this.#messenger;
    if (error.code === "bad_ticket" || error.code === "not_found") warn(base, error.code);
    else warn(base, "refused", error.message);
    return "signed_out";
  }
}
