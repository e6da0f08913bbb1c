/** The line of a page: shared with the other tabs of its origin, or a connection of its own. */

import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Api } from "./api";
import { browserTransport } from "./browser-transport";
import { Connection } from "./connection";
import type { Line, LineListener } from "./line";
import type { Standing } from "./place";
import type { KeyValues } from "./storage";
import { electByChannel } from "./tabs/channel-election";
import { SharedLine } from "./tabs/shared-line";
import { alone, browserSurroundings, type Surroundings } from "./tabs/surroundings";
import { Tab } from "./tabs/tab";

export interface PageLineOptions {
  baseUrl?: string;
  token?: () => string | null;
  makeSocket?: (url: string) => WebSocket;
  /** A messenger that the person looks at, or a page that has it in the background. */
  standing?: Standing;
  /** The same for all pages of one browser; by default what this origin keeps for it. */
  browser?: string;
  /** A line that stands already, such as a PortLine. */
  line?: (listener: LineListener) => Line;
  /** Shares nothing with other tabs. */
  alone?: boolean;
  /** Stands in for what a browser gives its tabs to find each other by. */
  surroundings?: Surroundings;
}

export interface PageLineNeeds {
  readonly options: PageLineOptions;
  readonly api: Api;
  readonly values: KeyValues;
  readonly listener: LineListener;
  visible(): boolean;
  onTabGone(): void;
}

export interface PageLine {
  readonly line: Line;
  readonly tab: Tab;
  /** By what this page finds the others that have the same session, and under what name. */
  readonly surroundings: Surroundings;
  readonly name: string;
  readonly leads: ReadonlySignal<boolean>;
  /** Tells the line whether a person can see this page. */
  setVisible(visible: boolean): void;
  /** Rooms before the person's eyes in any tab of this browser. */
  focused(): readonly string[];
}

export function pageLine(needs: PageLineNeeds): PageLine {
  const { options, listener } = needs;
  const name = ["sendjay.line", options.baseUrl ?? ""].join(" ").trim();
  const browser = options.surroundings ?? browserSurroundings();
  if (options.line || options.alone) {
    // Whether another tab lives is asked all the same: its unsent talks are not for this one to send.
    const surroundings = alone();
    const tab = new Tab(options.alone ? { ...surroundings, locks: browser.locks } : browser, name);
    const line = options.line?.(listener) ?? connection(needs, listener, needs.visible);
    const leads = signal(options.line === undefined);
    return { line, tab, name, surroundings, leads, setVisible: () => undefined, focused: () => [] };
  }
  const tab = new Tab(browser, name);
  const line = new SharedLine({
    name,
    standing: options.standing ?? "window",
    surroundings: browser,
    electByChannel,
    tab,
    listener,
    connect: (shared, isFresh) => connection(needs, shared, () => isFresh() && needs.visible()),
    onTabGone: needs.onTabGone,
  });
  const setVisible = (visible: boolean) => line.setVisible(visible);
  const { leads } = line;
  return { line, tab, name, surroundings: browser, leads, setVisible, focused: () => line.focused };
}

function connection(needs: PageLineNeeds, listener: LineListener, visible: () => boolean): Connection {
  const { options, api, values } = needs;
  const base = options.baseUrl || globalThis.location?.origin || "";
  const token = options.token ?? (() => null);
  return new Connection({
    ...listener,
    transport: browserTransport({ base, token, values, makeSocket: options.makeSocket }),
    token,
    values,
    standing: () => options.standing ?? "window",
    browser: options.browser ?? api.browser,
    visible,
    refresh: (began) => api.refresh(began),
    tokenLife: () => api.tokenLife,
  });
}
