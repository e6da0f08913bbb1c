/** A few small values in the host's localStorage; in memory where that is refused. */
import { browserKeyValues, randomId } from "../core/storage";

const values = browserKeyValues();
const SESSION = "embed.session";
const PANEL = "sendjay.panel";
/** As in panel.css. */
const PANEL_COVERS_BELOW_PX = 640;
/** ms without a page of the host's. */
const AWAY_MS = 1_800_000;

/** The same for all pages of the host in this browser. */
export function deviceId(): string {
  const known = values.get("embed.device");
  if (known) return known;
  const fresh = randomId();
  values.set("embed.device", fresh);
  return fresh;
}

export function buttonSide(): "left" | "right" {
  return values.get("embed.side") === "left" ? "left" : "right";
}

export function keepButtonSide(side: "left" | "right"): void {
  values.set("embed.side", side);
}

/**
 * True once for each sign-in: for a session's first page, and for the first one after some time without any. Who closes
 * the browser in the evening comes back to the same session.
 */
export function isFirstPageOf(session: string): boolean {
  const [known, left] = (values.get(SESSION) ?? "").split(" ");
  const isFirst = known !== session || performance.timeOrigin - Number(left) > AWAY_MS;
  keepSession(session);
  return isFirst && isKept();
}

/** At the beginning and the end of a page. */
export function keepSession(session: string): void {
  values.set(SESSION, `${session} ${Date.now()}`);
}

export function forgetSession(): void {
  values.set(SESSION, null);
  keepPanel("", null);
}

/** At the end of a page, for the next one in this tab: the room of the open panel, "" for none; null: it is not open. */
export function keepPanel(user: string, room: string | null): void {
  try {
    if (room === null) sessionStorage.removeItem(PANEL);
    else sessionStorage.setItem(PANEL, `${room} ${user}`);
  } catch {
    // Where nothing is kept, the next page begins without.
  }
}

/**
 * The room ("" for none) that the open panel showed this person on the page before, in this tab; null where it was not
 * open, or would cover the page that the person has just gone to. Once: windows that a page opens get a copy of what
 * it keeps.
 */
export function takePanel(user: string): string | null {
  try {
    const [room = "", ...whose] = (sessionStorage.getItem(PANEL) ?? "").split(" ");
    keepPanel(user, null);
    return whose.join(" ") === user && innerWidth >= PANEL_COVERS_BELOW_PX ? room : null;
  } catch {
    return null;
  }
}

/** Where a browser keeps nothing, every page would be the first. */
function isKept(): boolean {
  try {
    return localStorage.length > 0;
  } catch {
    return false;
  }
}
