/** The way to the server, as the rest of the core sees it: a connection of this page's own, or another tab's. */
import type { ReadonlySignal } from "@preact/signals-core";
import type { ConnectionState } from "./contract";
import type { HeldRooms } from "./sync";
import type { AnyEvent, Commands, Welcome } from "./wire";

export interface Line {
  readonly state: ReadonlySignal<ConnectionState>;
  readonly isReady: boolean;
  start(): void;
  stop(): void;
  /** Is it alive, whatever it looks like? Waiting lines try at once. Never takes the place from another page. */
  probe(): void;
  /** The person uses this page now: a parked line takes the place over. */
  useHere(): void;
  /** Rejects with WireError: `offline` at once where there is no connection, `timeout` after the deadline. */
  request<C extends keyof Commands>(cmd: C, fields: Commands[C]["request"]): Promise<Commands[C]["answer"]>;
}

/** What a line tells its owner. */
export interface LineListener {
  /** What is held, asked anew at each connecting. Null: nothing is to be synced (a page in the background). */
  sync(): HeldRooms | null;
  /** Ready (again). `welcome.sync` answers `asked`. */
  onWelcome(welcome: Welcome, asked: HeldRooms | null): void;
  onEvent(event: AnyEvent): void;
  /** The session is over; nothing more is tried. */
  onStopped(reason: string | null): void;
}
