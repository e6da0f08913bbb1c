/**
 * What was written in the last moment: the database takes some milliseconds to keep it, and a page that crashes within
 * them would lose what its person saw on the screen already. The browser takes this word at once.
 */
import type { Unsent } from "./storage";

const PREFIX = "sendjay.unsent.";

export function note(unsent: Unsent): void {
  try {
    localStorage.setItem(PREFIX + unsent.clientId, JSON.stringify(unsent));
  } catch {
    // Refused or full: then the database alone has it, a moment later.
  }
}

export function strike(clientId: string): void {
  try {
    localStorage.removeItem(PREFIX + clientId);
  } catch {
    // Refused: nothing was noted.
  }
}

/** What pages noted and had no time to store. */
export function noted(user: string): Unsent[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(localStorage.getItem(key) ?? "null") as Unsent | null)
      .filter((unsent) => unsent !== null)
      .filter((unsent) => unsent.user === user);
  } catch {
    return [];
  }
}
