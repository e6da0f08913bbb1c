/** What the embed script and the messenger's own pages say to each other. The core's line has a port of its own. */

/** By `window.postMessage`, before anything else: which of our pages is there. */
export interface PageReady {
  /** window-sign-in: nobody is signed in there, a code is wanted. */
  sendjay: "panel-ready" | "window-ready" | "window-sign-in";
}

/** To the panel, with two ports: one for what follows here, one for the line to the server. */
export interface PanelPorts {
  sendjay: "panel-ports";
  user: string;
}

/** To a window: how to be the same person there, and what to show. */
export interface Handoff {
  sendjay: "handoff";
  /** One use, one minute; null until it was asked for. */
  code: string | null;
  user: string;
  /** What the portal's pages call this browser: the window takes the place from them, and gives it back. */
  browser: string;
  room: string | null;
}

export type ToPanel =
  | { kind: "token"; token: string | null }
  | { kind: "room"; room: string }
  | { kind: "shown"; shown: boolean };

export type FromPanel =
  /** A token is wanted; a fresh one if the last was refused. */
  | { kind: "token"; renew: boolean }
  /** The messenger is on screen: nothing of the host's has to stand over it any more. */
  | { kind: "drawn" }
  /** What it shows: a room, or none. */
  | { kind: "at"; room: string | null }
  | { kind: "close" }
  /** Go on in a window of its own. */
  | { kind: "window"; room: string | null };
