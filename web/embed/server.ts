/** What is asked of the two servers: the host's for a ticket, the messenger's for everything else. */
import type { MySettings, Person } from "../core/wire";
import { warn, warnOfSilence } from "./warn";

const ANSWER_MS = 15_000;

export interface SessionAnswer {
  access_token: string;
  /** Seconds. */
  access_expires_in: number;
  session: string;
  user: Person;
  settings?: MySettings;
}

export class Refusal extends Error {
  readonly code: string;
  /** In so many ms the same may be asked again; null: the answer would be the same. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, retryAfterMs: number | null) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

const outOfReach = () => new Refusal("offline", "", 0);

/** Null: nobody is signed in at the host. Rejects where the host cannot be asked. */
export async function fetchTicket(url: string, base: string): Promise<string | null> {
  const answer = await fetch(url, {
    credentials: "same-origin",
    cache: "no-store",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const { ok, status } = answer;
  if ([204, 401, 403].includes(status)) return null;
  let ticket: unknown;
  try {
    ticket = ok ? ((await answer.json()) as { ticket?: unknown }).ticket : undefined;
  } catch {
    // A page instead of JSON: most likely the host's sign-in, after a redirect.
  }
  if (typeof ticket === "string") return ticket || null;
  if (ticket !== null || !ok) {
    warn(base, "no_ticket", `${url} (HTTP status ${status})`);
  }
  if (status >= 500 || status === 429) throw outOfReach();
  return null;
}

export class Messenger {
  readonly base: string;

  constructor(base: string) {
    this.base = base;
  }

  session(ticket: string, device: string): Promise<SessionAnswer> {
    return this.post("/api/embed/session", { ticket, device: { id: device } }, null);
  }

  async handoff(token: string): Promise<string> {
    return (await this.post<{ code: string }>("/api/embed/handoff", {}, token)).code;
  }

  async people(token: string, ids: string[]): Promise<Person[]> {
    return (await this.post<{ people: Person[] }>("/api/directory/people", { ids }, token)).people;
  }

  async signOut(token: string): Promise<void> {
    await this.post("/api/auth/sign-out", {}, token);
  }

  async post<T>(path: string, body: object, token: string | null): Promise<T> {
    const headers: Record<string, string> = { "Content-Type": "application/json" };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    let answer: Response;
    try {
      answer = await fetch(this.base + path, {
        method: "POST",
        credentials: "omit",
        body: JSON.stringify(body),
        headers,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
    } catch {
      warnOfSilence(this.base);
      throw outOfReach();
    }
    const said = (await answer.json().catch(() => ({}))) as T & { error?: ErrorSaid };
    if (answer.ok) return said;
    // Not our server's words: somebody in between.
    if (!said.error) throw outOfReach();
    const { code, message, retry, retry_after_ms } = said.error;
    throw new Refusal(code, message, retry ? (retry_after_ms ?? 0) : null);
  }
}

interface ErrorSaid {
  code: string;
  message: string;
  retry?: boolean;
  retry_after_ms?: number | null;
}
