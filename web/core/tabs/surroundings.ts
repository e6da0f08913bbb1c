/** What a browser gives its tabs to find each other by; tests put another in its place. */

/** One end of a way between pages. Throws DataCloneError on what cannot be copied. */
export interface Port {
  post(message: unknown): void;
  onmessage: ((message: unknown) => void) | null;
  close(): void;
}

export interface Surroundings {
  /** Null where the browser has no BroadcastChannel or refuses it: every tab is alone. */
  openChannel(name: string): Port | null;
  /** Null on pages that came over plain http, and in old browsers. */
  readonly locks: LockManager | null;
}

export function browserSurroundings(): Surroundings {
  return { openChannel: broadcastPort, locks: globalThis.navigator?.locks ?? null };
}

/** Those of a page that speaks to no other. */
export function alone(): Surroundings {
  return { openChannel: () => null, locks: null };
}

export function messagePort(port: MessagePort): Port {
  const made: Port = {
    post: (message) => port.postMessage(message),
    onmessage: null,
    close: () => port.close(),
  };
  port.onmessage = ({ data }) => made.onmessage?.(data);
  return made;
}

function broadcastPort(name: string): Port | null {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return null;
  }
  const made: Port = {
    post: (message) => channel.postMessage(message),
    onmessage: null,
    close: () => channel.close(),
  };
  channel.onmessage = ({ data }) => made.onmessage?.(data);
  return made;
}
