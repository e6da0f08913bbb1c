/** The line of the host's pages: one of its tabs has the connection, in the background; a panel shares it. */
import { Connection } from "../core/connection";
import type { LineListener } from "../core/line";
import type { Socket } from "../core/socket";
import { browserKeyValues } from "../core/storage";
import { SharedLine } from "../core/tabs/shared-line";
import { browserSurroundings } from "../core/tabs/surroundings";
import { Tab } from "../core/tabs/tab";
import { TransportChoice } from "../core/transport";
import { electionToCome } from "./election-to-come";
import { deviceId } from "./memory";
import { StreamToCome } from "./stream-to-come";
import type { Visitor } from "./visitor";

const STANDING = "background";

/** Tabs share a line only where the same person is signed in: a host may have another one in each. */
export function shareLine(base: string, visitor: Visitor, user: string, listener: LineListener): SharedLine {
  const name = `sendjay.embed ${base} ${user}`;
  const surroundings = browserSurroundings();
  const tab = new Tab(surroundings, name);
  tab.enter();
  const visible = () => document.visibilityState === "visible";
  return new SharedLine({
    name,
    standing: STANDING,
    surroundings,
    electByChannel: electionToCome(base),
    tab,
    listener,
    connect: (own, isFresh) => connect(base, visitor, own, () => isFresh() && visible()),
    onTabGone: () => undefined,
  });
}

function connect(base: string, visitor: Visitor, listener: LineListener, visible: () => boolean): Connection {
  const values = browserKeyValues();
  const token = () => visitor.token;
  return new Connection({
    ...listener,
    transport: new TransportChoice({
      openSocket: () => new WebSocket(`${base.replace(/^http/, "ws")}/ws`) as Socket,
      openStream: () => new StreamToCome(base, token),
      values,
      online: () => navigator.onLine,
    }),
    token,
    refresh: (began) => visitor.renew(began),
    standing: () => STANDING,
    browser: deviceId(),
    visible,
    values,
  });
}
