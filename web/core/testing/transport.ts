/** Ways to a server that is in the same test. */
import type { Socket } from "../socket";
import type { KeyValues } from "../storage";
import type { Transport } from "../transport";

export function transportOver(open: (url: string) => WebSocket): Transport {
  return {
    open: () => open("ws://server/ws") as unknown as Socket,
    worked: () => undefined,
    failed: () => false,
    left: () => undefined,
    onBetter: () => undefined,
  };
}

/** What the tabs of one browser share. */
export function sharedValues(): KeyValues {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => (value === null ? values.delete(key) : values.set(key, value)),
  };
}
