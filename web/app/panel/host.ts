/** The page of a portal that has this one as a panel in it: it gives the line, the token, and says what to show. */
import { signal } from "@preact/signals";
import type { FromPanel, PageReady, PanelPorts, ToPanel } from "../../embed/messages";

/** Does this page run in somebody else's? The server lets only allowed origins frame it (frame-ancestors). */
export const inPanel = location.pathname === "/panel";

export interface Host {
  /** The user who is signed in there. */
  readonly user: string;
  /** The line to the server comes through here. */
  readonly line: MessagePort;
  readonly token: string | null;
  /** Is the panel open? Its page stays loaded while it is not. */
  readonly shown: boolean;
  /** A new token of the portal's; null where nobody is signed in there any more. */
  renew(): Promise<string | null>;
  close(): void;
  openWindow(room: string | null): void;
  /** The messenger is on screen. */
  drawn(): void;
  /** Which room it shows, or none. */
  at(room: string | null): void;
  onRoom: (room: string) => void;
}

/** Waits for the host to answer; a panel without one is no panel, and becomes the messenger's own page. */
export async function joinHost(): Promise<Host> {
  if (window.parent === window) {
    location.replace("/");
    return new Promise(() => undefined);
  }
  const { ports, user } = await portsOfHost();
  const [control, line] = ports;
  const host = new HostPage(user, control, line);
  await host.fetchToken();
  return host;
}

interface Given {
  user: string;
  ports: readonly [MessagePort, MessagePort];
}

function portsOfHost(): Promise<Given> {
  return new Promise((resolve) => {
    const heard = (event: MessageEvent<PanelPorts>) => {
      const [control, line] = event.ports;
      // Other frames of the host may post here too; the first ports of the host itself count, and no later ones.
      if (event.source !== window.parent || event.data?.sendjay !== "panel-ports" || !control || !line)
        return;
      removeEventListener("message", heard);
      resolve({ user: event.data.user, ports: [control, line] });
    };
    addEventListener("message", heard);
    // Says only that this page is there: any origin may hear it.
    window.parent.postMessage({ sendjay: "panel-ready" } satisfies PageReady, "*");
  });
}

class HostPage implements Host {
  readonly user: string;
  readonly line: MessagePort;
  readonly #control: MessagePort;
  readonly #shown = signal(true);
  #waiting: ((token: string | null) => void)[] = [];
  #token: string | null = null;
  #onRoom: ((room: string) => void) | null = null;
  /** Said before anybody listened. */
  #room: string | null = null;

  constructor(user: string, control: MessagePort, line: MessagePort) {
    this.user = user;
    this.line = line;
    this.#control = control;
    control.onmessage = (event: MessageEvent<ToPanel>) => this.#heard(event.data);
  }

  get token(): string | null {
    return this.#token;
  }

  get shown(): boolean {
    return this.#shown.value;
  }

  set onRoom(listener: (room: string) => void) {
    this.#onRoom = listener;
    if (this.#room !== null) listener(this.#room);
    this.#room = null;
  }

  fetchToken(): Promise<string | null> {
    return this.#askToken(false);
  }

  renew(): Promise<string | null> {
    return this.#askToken(true);
  }

  close(): void {
    this.#say({ kind: "close" });
  }

  openWindow(room: string | null): void {
    this.#say({ kind: "window", room });
  }

  drawn(): void {
    this.#say({ kind: "drawn" });
  }

  at(room: string | null): void {
    this.#say({ kind: "at", room });
  }

  #askToken(renew: boolean): Promise<string | null> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) this.#say({ kind: "token", renew });
    });
  }

  #heard(message: ToPanel): void {
    if (message.kind === "shown") this.#shown.value = message.shown;
    else if (message.kind === "room") {
      if (this.#onRoom) this.#onRoom(message.room);
      else this.#room = message.room;
    } else {
      this.#token = message.token;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const resolve of waiting) resolve(message.token);
    }
  }

  #say(message: FromPanel): void {
    this.#control.postMessage(message);
  }
}
