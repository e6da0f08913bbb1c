import { kept } from "../kept";

const STORED = "notified";
const MOST = 50;

/** Rooms of which some tab of this browser shows a notification: whoever hears that one was read closes it. */
function all(): string[] {
  try {
    const held: unknown = JSON.parse(kept.get(STORED) ?? "[]");
    return Array.isArray(held) ? held.filter((room) => typeof room === "string") : [];
  } catch {
    return [];
  }
}

export const shownRooms = {
  has: (room: string): boolean => all().includes(room),
  add(room: string): void {
    const others = all().filter((other) => other !== room);
    kept.set(STORED, JSON.stringify([...others, room].slice(-MOST)));
  },
  remove(room: string): void {
    const rooms = all();
    if (!rooms.includes(room)) return;
    const rest = rooms.filter((other) => other !== room);
    kept.set(STORED, rest.length > 0 ? JSON.stringify(rest) : null);
  },
};
