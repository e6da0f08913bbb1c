/** What a host page may call: `window.Sendjay`. Nothing here ever throws; what cannot be done is told in the console. */
import type { Heard } from "./listeners";
import type { Options } from "./options";

export interface SendjayApi {
  readonly version: string;
  /** Unread talks in all rooms that are not muted. */
  readonly unread: number;
  /** For pages whose script tag has no data-ticket-url. */
  start(options: Partial<Options> & { ticketUrl: string }): void;
  open(): void;
  openRoom(room: string): void;
  /** The talk of two with somebody, by their id; made if there is none. */
  chatWith(user: string): Promise<void>;
  /** The talk about an item ("kind/id") with its owner. `signed`: the host's ticket address vouches for it. */
  chatAbout(item: string, signed?: boolean): Promise<void>;
  close(): void;
  /** Ends the session here; to be called as the person signs out of the host. Always resolves. */
  signOut(): Promise<void>;
  /** Returns how to stop listening. */
  on<Name extends keyof Heard>(name: Name, listener: (what: Heard[Name]) => void): () => void;
}

declare global {
  interface Window {
    Sendjay?: SendjayApi;
  }
}
