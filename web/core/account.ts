/** Who is signed in on this page, and what begins and ends with them. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Api, Me } from "./api";
import type { MyProfileChange, Session } from "./contract";
import { WireError } from "./errors";
import type { Person } from "./model";

/** This person has signed this device out from another one, as lost. */
const DEVICE_REMOVED = "device_removed";
const MEANS_SIGNED_OUT: ReadonlySet<string> = new Set(["unauthorized", DEVICE_REMOVED]);

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
    needs.api.onDeviceRemoved = () => this.ended(DEVICE_REMOVED);
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

  /** A window of the messenger that a portal's page has opened: that page's session, in cookies. */
  async handoff(code: string, origin: string): Promise<void> {
    await this.#needs.api.handoff(code, origin);
    await this.#begin();
  }

  async signOut(): Promise<void> {
    const { user } = this;
    this.#leaving = true;
    try {
      await this.#needs.api.signOut();
    } catch (error) {
      // Signed out already is as good.
      if (!(error instanceof WireError) || !MEANS_SIGNED_OUT.has(error.code)) throw error;
    } finally {
      this.#leaving = false;
    }
    this.ended(null);
    if (user !== null) await this.#needs.erase(user);
  }

  async updateMe(change: MyProfileChange): Promise<void> {
    this.#enter(await this.#needs.api.updateMe(change));
  }

  async setPhoto(photo: Blob | null): Promise<void> {
    this.#enter(await this.#needs.api.setPhoto(photo));
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
    this.#forget();
    this.#session.value = { phase: "unknown" };
    this.#needs.connect();
  }

  /**
   * The session is over, by this person or by the server (`reason`). Unsent talks and drafts stay for their return,
   * unless the device was given up for lost.
   */
  ended(reason: string | null): void {
    const isLost = reason === DEVICE_REMOVED;
    if (this.#session.peek().phase !== "signed_out") {
      const wasIn = this.#session.peek().phase === "signed_in" && !this.#leaving;
      this.#forget();
      this.#session.value = { phase: "signed_out", reason: wasIn || isLost ? reason : null };
    }
    if (isLost) void this.#eraseLast();
  }

  /** Also when the page did not get to know yet who was signed in here. */
  async #eraseLast(): Promise<void> {
    const { api } = this.#needs;
    const user = api.lastUser;
    if (user === null) return;
    await this.#needs.erase(user);
    api.lastUser = null;
  }

  #forget(): void {
    this.#needs.forget();
    this.#needs.api.forget();
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
    this.#needs.api.lastUser = me.person.id;
    this.#needs.enter(me.person);
    this.#session.value = { phase: "signed_in", me: me.person, login: me.login, kind: me.kind };
  }
}
