/** How a REST request travels: with cookies or the page's own token, within a deadline, renewed once when expired. */
import { offline, WireError } from "./errors";
import { type KeyValues, randomId } from "./storage";
import type * as wire from "./wire";

const ANSWER_MS = 15_000;
/** A tab that was frozen while it renewed the token must not keep the others from doing so. */
const LOCK_MS = 20_000;

/** `device_removed`: ended by this person from another device; what this browser keeps of them is to be erased. */
export type RefreshOutcome = "refreshed" | "signed_out" | "device_removed" | "unreachable";

/** A token that the page holds itself (in memory), instead of cookies. */
export interface PageToken {
  token(): string | null;
  renew(): Promise<RefreshOutcome>;
}

interface Exchange {
  readonly status: number;
  readonly body: Blob;
}

export class Rest {
  readonly base: string;
  readonly #values: KeyValues;
  readonly #page: PageToken | null;
  /** Called when the server says that this device was signed out from another one. */
  onDeviceRemoved: () => void = () => undefined;
  #refreshing: Promise<RefreshOutcome> | null = null;
  #renewedAt = 0;

  constructor(base: string, values: KeyValues, page: PageToken | null) {
    this.base = base;
    this.#values = values;
    this.#page = page;
  }

  get hasPageToken(): boolean {
    return this.#page !== null;
  }

  /** How many seconds a new token is good for, as far as known. */
  get tokenLife(): number | null {
    return (this.#page === null && Number(this.#values.get("token-life"))) || null;
  }

  /** Somebody has signed in: nothing of the former session concerns this one. */
  sessionBegan(tokenLife: number | undefined): void {
    this.#values.set("refresh-attempt", null);
    this.#values.set("generation", null);
    this.#keepLife(tokenLife);
  }

  /** Asks as the signed-in person; an expired token is renewed once. */
  call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#renewing(() => this.send<T>(method, path, body));
  }

  /** What a request that others make has to carry. */
  headers(): Record<string, string> {
    const token = this.#page?.token() ?? null;
    return token === null ? {} : { Authorization: `Bearer ${token}` };
  }

  /** A file, asked for in the same way. */
  file(path: string): Promise<Blob> {
    return this.#renewing(async () => {
      const answer = await this.#exchange("GET", path, undefined);
      if (answer.status !== 200) throw refusalOf(answer.status, await answer.body.text());
      return answer.body;
    });
  }

  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#exchange(method, path, body);
    const text = await answer.body.text();
    if (answer.status >= 200 && answer.status < 300) return parsed(text) as T;
    throw refusalOf(answer.status, text);
  }

  /** Renews the token, unless another tab has done so since `began`. Tabs never do it at the same time. */
  refresh(began: number): Promise<RefreshOutcome> {
    this.#refreshing ??= (this.#page ? this.#renew(this.#page, began) : this.#refreshAlone(began)).finally(
      () => {
        this.#refreshing = null;
      },
    );
    return this.#refreshing;
  }

  async #renewing<T>(ask: () => Promise<T>): Promise<T> {
    const began = Date.now();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (error.code === "device_removed") this.onDeviceRemoved();
      if (error.code !== "unauthorized") throw error;
      const outcome = await this.refresh(began);
      if (outcome === "refreshed") return ask();
      if (outcome === "unreachable") throw offline();
      if (outcome === "device_removed") this.onDeviceRemoved();
      throw error;
    }
  }

  async #renew(page: PageToken, began: number): Promise<RefreshOutcome> {
    if (this.#renewedAt > began) return "refreshed";
    const silence = new Promise<RefreshOutcome>((resolve) => setTimeout(resolve, LOCK_MS, "unreachable"));
    const outcome = await Promise.race([page.renew().catch(() => "unreachable" as const), silence]);
    if (outcome === "refreshed") this.#renewedAt = Date.now();
    return outcome;
  }

  async #refreshAlone(began: number): Promise<RefreshOutcome> {
    const locks = globalThis.navigator?.locks;
    if (!locks) return this.#refreshNow(began);
    try {
      const signal = AbortSignal.timeout(LOCK_MS);
      return await locks.request("sendjay.refresh", { signal }, () => this.#refreshNow(began));
    } catch {
      // Both asking is harmless: they share the attempt, which the server answers in the same way.
      return this.#refreshNow(began);
    }
  }

  async #refreshNow(began: number): Promise<RefreshOutcome> {
    const refreshedAt = Number(this.#values.get("refreshed-at") ?? 0);
    // One from the future was written before the clock was set back, and says nothing.
    if (refreshedAt > began && refreshedAt <= Date.now() + 1000) return "refreshed";
    // The same attempt until it is answered: if the answer is lost, the old token still gives the same new one.
    const attempt = this.#values.get("refresh-attempt") ?? randomId();
    this.#values.set("refresh-attempt", attempt);
    try {
      const answer = await this.send<{ access_expires_in?: number } | null>("POST", "/api/auth/refresh", {
        attempt,
      });
      this.#keepLife(answer?.access_expires_in);
    } catch (error) {
      // A session ends by our server's word alone: what somebody in between says must cost nobody their password.
      const code = error instanceof WireError && !error.retry ? error.code : "";
      if (code !== "unauthorized" && code !== "device_removed") return "unreachable";
      this.#values.set("refresh-attempt", null);
      return code === "device_removed" ? code : "signed_out";
    }
    this.#values.set("refresh-attempt", null);
    this.#values.set("refreshed-at", String(Date.now()));
    return "refreshed";
  }

  #keepLife(seconds: number | undefined): void {
    if (seconds) this.#values.set("token-life", String(seconds));
  }

  async #exchange(method: string, path: string, body: unknown): Promise<Exchange> {
    const headers = this.headers();
    const init: RequestInit = { method, headers, signal: AbortSignal.timeout(ANSWER_MS) };
    if (this.#page) init.credentials = "omit";
    else init.credentials = this.base === "" ? "same-origin" : "include";
    if (body instanceof Blob) init.body = body;
    else if (body !== undefined) {
      init.body = JSON.stringify(body);
      headers["Content-Type"] = "application/json";
    }
    try {
      const answer = await fetch(this.base + path, init);
      return { status: answer.status, body: await answer.blob() };
    } catch {
      throw offline();
    }
  }
}

function refusalOf(status: number, text: string): WireError {
  const refusal = (parsed(text) as { error?: wire.Refusal } | null)?.error;
  if (refusal) {
    const { code, message, retry, retry_after_ms } = refusal;
    return new WireError(code, message, retry ?? false, retry_after_ms ?? null);
  }
  // Not our server's words: a proxy's page. What it means is in the status alone.
  if (status === 401) return new WireError("unauthorized", "Please sign in again.", true);
  return status >= 500 || status === 429 ? offline() : new WireError("internal", `HTTP status ${status}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
