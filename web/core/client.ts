import type { Client } from "./contract";

export interface ClientOptions {
  /** Where the server is; empty: where this page came from. */
  baseUrl?: string;
}

export function createClient(_options: ClientOptions = {}): Client {
  throw new Error("not built yet");
}
