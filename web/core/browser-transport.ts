/** The ways to the server that a browser has. */
import type { Socket } from "./socket";
import type { KeyValues } from "./storage";
import { StreamSocket } from "./stream-socket";
import { type Transport, TransportChoice } from "./transport";

export interface BrowserTransportNeeds {
  /** The server's origin: https://talk.example.com. */
  base: string;
  token(): string | null;
  values: KeyValues;
  /** Stands in for WebSockets where there are none; there is no other way then. */
  makeSocket?: ((url: string) => WebSocket) | undefined;
}

export function browserTransport({ base, token, values, makeSocket }: BrowserTransportNeeds): Transport {
  const url = `${base.replace(/^http/, "ws")}/ws`;
  const open = makeSocket ?? ((at: string) => new WebSocket(at));
  return new TransportChoice({
    openSocket: () => open(url) as unknown as Socket,
    openStream: makeSocket ? null : () => new StreamSocket(base, token),
    values,
    online: () => globalThis.navigator?.onLine !== false,
  });
}
