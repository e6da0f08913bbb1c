/** What the host's page may listen to. */

export interface MessageHeard {
  room: string;
  sender: string;
  kind: string;
  /** Only if the person's settings show the text of talks in notifications. */
  text?: string;
}

export type ConnectionHeard = "connected" | "connecting" | "elsewhere" | "off";

export interface Heard {
  unread: number;
  message: MessageHeard;
  open: "panel" | "window" | "tab";
  close: undefined;
  connection: ConnectionHeard;
}

type Listener<Name extends keyof Heard> = (what: Heard[Name]) => void;

export class Listeners {
  /** How it stands: told to whoever comes later as well. */
  readonly #state: Partial<Heard> = {};
  readonly #listeners: { [Name in keyof Heard]?: Set<Listener<Name>> } = {};

  /** Returns how to stop listening. */
  on<Name extends keyof Heard>(name: Name, listener: Listener<Name>): () => void {
    const known: Record<string, Set<Listener<Name>>> = this.#listeners as never;
    known[name] ??= new Set();
    const listeners = known[name];
    listeners.add(listener);
    if (name in this.#state) call(listener, this.#state[name] as Heard[Name]);
    return () => void listeners.delete(listener);
  }

  tell<Name extends keyof Heard>(name: Name, what: Heard[Name]): void {
    if (name === "unread" || name === "connection") this.#state[name] = what;
    for (const listener of this.#listeners[name] ?? []) call(listener as Listener<Name>, what);
  }
}

/** The host's own mistake is shown as such, and stops nothing of ours. */
function call<Name extends keyof Heard>(listener: Listener<Name>, what: Heard[Name]): void {
  try {
    listener(what);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
