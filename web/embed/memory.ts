/** A few small values in the host's localStorage; in memory where that is refused. */
import { browserKeyValues, randomId } from "../core/storage";

const values = browserKeyValues();

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

/** True once for each session. */
export function isFirstPageOf(session: string): boolean {
  if (values.get("embed.session") === session) return false;
  values.set("embed.session", session);
  return true;
}

export function forgetSession(): void {
  values.set("embed.session", null);
}
