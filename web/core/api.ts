/** REST: signing in and staying signed in, the directory, my profile. Tokens live in cookies that scripts cannot read. */
import type { AccountKind, MyProfileChange, ServerInfo } from "./contract";
import { offline, WireError } from "./errors";
import { fillOrg, fillPerson, type Org, type Person } from "./model";
import { type KeyValues, randomId } from "./storage";
import type * as wire from "./wire";

const ANSWER_MS = 15_000;

export interface Me {
  readonly person: Person;
  readonly login: string;
  readonly kind: AccountKind;
}

export type RefreshOutcome = "refreshed" | "signed_out" | "unreachable";

interface MeAnswer {
  person: wire.Person;
  login: string;
  kind: AccountKind;
}

export class Api {
  readonly #base: string;
  readonly #values: KeyValues;
  #refreshing: Promise<RefreshOutcome> | null = null;

  constructor(base: string, values: KeyValues) {
    this.#base = base;
    this.#values = values;
  }

  server(): Promise<ServerInfo> {
    return this.#send("GET", "/api/server");
  }

  async signIn(login: string, password: string): Promise<void> {
    await this.#send("POST", "/api/auth/sign-in", { login, password, device: this.#device(), cookies: true });
    this.#values.set("refresh-attempt", null);
  }

  async signUp(login: string, password: string, name: string): Promise<void> {
    const body = { login, password, name, device: this.#device(), cookies: true };
    await this.#send("POST", "/api/auth/sign-up", body);
    this.#values.set("refresh-attempt", null);
  }

  async signOut(): Promise<void> {
    // Also with an expired token: it is renewed, or the session would live on.
    await this.call("POST", "/api/auth/sign-out", {});
  }

  async changePassword(current: string, next: string): Promise<void> {
    await this.call("POST", "/api/auth/password", { current, new: next });
  }

  async me(): Promise<Me> {
    return fillMe(await this.call<MeAnswer>("GET", "/api/me"));
  }

  async updateMe(change: MyProfileChange): Promise<Me> {
    return fillMe(await this.call<MeAnswer>("PATCH", "/api/me", change));
  }

  async orgs(): Promise<Org[]> {
    return (await this.call<{ orgs: wire.Org[] }>("GET", "/api/directory/orgs")).orgs.map(fillOrg);
  }

  people(query: { org: string } | { q: string }): Promise<Person[]> {
    return this.#people("GET", `/api/directory/people?${new URLSearchParams(query)}`);
  }

  peopleByIds(ids: readonly string[]): Promise<Person[]> {
    return this.#people("POST", "/api/directory/people", { ids });
  }

  team(): Promise<Person[]> {
    return this.#people("GET", "/api/directory/team");
  }

  photoUrl(person: Person): string | null {
    if (person.photo === null) return null;
    const id = encodeURIComponent(person.id);
    return `${this.#base}/api/directory/people/${id}/photo?v=${encodeURIComponent(person.photo)}`;
  }

  /** Asks as the signed-in person; an expired token is renewed once. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const began = Date.now();
    try {
      return await this.#send<T>(method, path, body);
    } catch (error) {
      if (!(error instanceof WireError) || error.code !== "unauthorized") throw error;
      const outcome = await this.refresh(began);
      if (outcome === "unreachable") throw offline();
      if (outcome === "signed_out") throw error;
      return this.#send<T>(method, path, body);
    }
  }

  /** Renews the token, unless another tab has done so since `began`. Tabs never do it at the same time. */
  refresh(began: number): Promise<RefreshOutcome> {
    this.#refreshing ??= this.#refreshAlone(began).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refreshAlone(began: number): Promise<RefreshOutcome> {
    const locks = globalThis.navigator?.locks;
    return locks ? locks.request("sendjay.refresh", () => this.#refreshNow(began)) : this.#refreshNow(began);
  }

  async #refreshNow(began: number): Promise<RefreshOutcome> {
    if (Number(this.#values.get("refreshed-at") ?? 0) > began) return "refreshed";
    // The same attempt until it is answered: if the answer is lost, the old token still gives the same new one.
    const attempt = this.#values.get("refresh-attempt") ?? randomId();
    this.#values.set("refresh-attempt", attempt);
    try {
      await this.#send("POST", "/api/auth/refresh", { attempt });
    } catch (error) {
      if (!(error instanceof WireError) || error.retry) return "unreachable";
      this.#values.set("refresh-attempt", null);
      return "signed_out";
    }
    this.#values.set("refresh-attempt", null);
    this.#values.set("refreshed-at", String(Date.now()));
    return "refreshed";
  }

  async #people(method: string, path: string, body?: unknown): Promise<Person[]> {
    return (await this.call<{ people: wire.Person[] }>(method, path, body)).people.map(fillPerson);
  }

  async #send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.#exchange(method, path, body);
    const answer = parsed(text);
    if (status >= 200 && status < 300) return answer as T;
    const refusal = (answer as { error?: wire.Refusal } | null)?.error;
    if (refusal) {
      const { code, message, retry, retry_after_ms } = refusal;
      throw new WireError(code, message, retry ?? false, retry_after_ms ?? null);
    }
    // Not our server's words: a proxy's page. What it means is in the status alone.
    if (status === 401) throw new WireError("unauthorized", "Please sign in again.");
    throw status >= 500 || status === 429 ? offline() : new WireError("internal", `HTTP status ${status}`);
  }

  async #exchange(method: string, path: string, body: unknown): Promise<{ status: number; text: string }> {
    const init: RequestInit = {
      method,
      credentials: this.#base === "" ? "same-origin" : "include",
      signal: AbortSignal.timeout(ANSWER_MS),
    };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers = { "Content-Type": "application/json" };
    }
    try {
      const answer = await fetch(this.#base + path, init);
      return { status: answer.status, text: await answer.text() };
    } catch {
      throw offline();
    }
  }

  #device(): { id: string; kind: "web"; name: string } {
    const id = this.#values.get("device") ?? randomId();
    this.#values.set("device", id);
    return { id, kind: "web", name: "" };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fillMe(answer: MeAnswer): Me {
  return { person: fillPerson(answer.person), login: answer.login, kind: answer.kind };
}
