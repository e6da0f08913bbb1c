/** Who is signed in on this page, and what begins and ends with them. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Api, Me } from "./api";
import type { MyProfileChange, Session } from "./contract";
import { WireError } from "./errors";
import type { Person } from "./model";

export interface AccountNeeds {
  api: Api;
  connect(): void;
  /** Ends the connection and forgets everything held in memory. */
  forget(): void;
  /** Clears what this browser keeps of a person. */
  erase(user: string): Promise<void>;
  enter(person: Person): void;
}

export class Account {
  readonly #needs: AccountNeeds;
  readonly #session = signal<Session>({ phase: "unknown" });
  #identifying: Promise<void> | null = null;
  #leaving = false;

  constructor(needs: AccountNeeds) {
    this.#needs = needs;
  }

  get session(): ReadonlySignal<Session> {
    return this.#session;
  }

  get user(): string | null {
    const session = this.#session.peek();
    return session.phase === "signed_in" ? session.me.id : null;
  }

  /** Asks the server who this is; out of reach, it stays unknown until the connection stands. */
  identify(): Promise<void> {
    this.#identifying ??= this.#identify().finally(() => {
      this.#identifying = null;
    });
    return this.#identifying;
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.#needs.api.signIn(login, password);
    await this.#begin();
  }

  async signUp(login: string, password: string, name: string): Promise<void> {
    await this.#needs.api.signUp(login, password, name);
    await this.#begin();
  }

  async signOut(): Promise<void> {
    const { user } = this;
    this.#leaving = true;
    try {
      await this.#needs.api.signOut();
    } catch (error) {
      // Signed out already is as good.
      if (!(error instanceof WireError) || error.code !== "unauthorized") throw error;
    } finally {
      this.#leaving = false;
    }
    this.ended(null);
    if (user !== null) await this.#needs.erase(user);
  }

  async updateMe(change: MyProfileChange): Promise<void> {
    this.#enter(await this.#needs.api.updateMe(change));
  }

  /** The directory tells of a change of mine made elsewhere. */
  heardOf(people: readonly Person[]): void {
    const session = this.#session.peek();
    if (session.phase !== "signed_in") return;
    const me = people.find((person) => person.id === session.me.id);
    if (me) this.#session.value = { ...session, me };
  }

  /** The server takes this page for somebody else: who it is has to be asked again. */
  doubt(): void {
    this.#needs.forget();
    this.#session.value = { phase: "unknown" };
    this.#needs.connect();
  }

  /** The session is over, by this person or by the server (`reason`). */
  ended(reason: string | null): void {
    if (this.#session.peek().phase === "signed_out") return;
    const wasIn = this.#session.peek().phase === "signed_in" && !this.#leaving;
    this.#needs.forget();
    this.#session.value = { phase: "signed_out", reason: wasIn ? reason : null };
  }

  async #begin(): Promise<void> {
    this.#enter(await this.#needs.api.me());
    this.#needs.connect();
  }

  async #identify(): Promise<void> {
    try {
      this.#enter(await this.#needs.api.me());
    } catch (error) {
      if (error instanceof WireError && error.code === "unauthorized") this.ended("expired");
    }
  }

  #enter(me: Me): void {
    this.#needs.enter(me.person);
    this.#session.value = { phase: "signed_in", me: me.person, login: me.login, kind: me.kind };
  }
}
