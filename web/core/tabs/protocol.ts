/** What tabs say to each other: those that are served ask, the one that serves tells. */
import type { ConnectionState } from "../contract";
import type { Standing } from "../place";
import type { AnyEvent, Commands, Welcome } from "../wire";

/**
 * A leadership, and which of them is newer: `later()` makes one above all that were heard of. Everything told or asked
 * under another one is stale.
 */
export type Term = string;

/** Who says it, and under whom. `number` counts the welcomes of one term: each is a connection of its own. */
export interface Stamp {
  readonly from: string;
  readonly term: Term;
}

export type Asking = Stamp &
  (
    | { readonly kind: "join" }
    /** Are you there? `probe`: and is the connection? */
    | { readonly kind: "ping"; readonly probe: boolean }
    | {
        readonly kind: "request";
        readonly id: number;
        readonly number: number;
        readonly cmd: keyof Commands;
        readonly fields: object;
      }
    /** The person uses this tab: a parked line takes the place over. */
    | { readonly kind: "use" }
    | { readonly kind: "bye" }
  );

export type Telling = Stamp &
  /** Who serves, and how the line stands. `welcome` comes without its sync: each tab asks for its own. */
  (
    | {
        readonly kind: "lead";
        readonly standing: Standing;
        readonly state: ConnectionState;
        readonly number: number;
        readonly welcome: Welcome | null;
      }
    | { readonly kind: "state"; readonly state: ConnectionState }
    | { readonly kind: "welcome"; readonly number: number; readonly welcome: Welcome }
    | { readonly kind: "event"; readonly number: number; readonly event: AnyEvent }
    | { readonly kind: "answer"; readonly id: number; readonly ok: unknown }
    | { readonly kind: "refusal"; readonly id: number; readonly error: Refused }
    | { readonly kind: "pong" }
    | { readonly kind: "ended"; readonly reason: string | null }
    /** This tab serves no more. */
    | { readonly kind: "left" }
  );

export type TabMessage = Asking | Telling;

/** What is said, without who says it. */
export type Unstamped<M> = M extends Stamp ? Omit<M, keyof Stamp> : never;

/** A WireError, which loses its class on the way. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
  readonly retryAfterMs: number | null;
}

const ASKED = new Set(["join", "ping", "request", "use", "bye"]);

export function isAsking(message: TabMessage): message is Asking {
  return ASKED.has(message.kind);
}

export const NO_TERM: Term = "";

/** A term of this tab, above `highest`: also where the machine's clock was set back. */
export function later(highest: Term, tab: string): Term {
  const before = Number(highest.split(".")[0] ?? 0);
  return `${String(Math.max(Date.now(), before + 1)).padStart(15, "0")}.${tab}`;
}
