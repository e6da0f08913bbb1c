/** Rooms of which some page of this browser shows a notification: whoever hears that one was read closes it. */
import type { KeyValues } from "../storage";

const STORED = "notified";
const MOST = 50;

export class ShownRooms {
  readonly #values: KeyValues;

  constructor(values: KeyValues) {
    this.#values = values;
  }

  has(room: string): boolean {
    return this.all().includes(room);
  }

  add(room: string): void {
    const others = this.all().filter((other) => other !== room);
    this.#values.set(STORED, JSON.stringify([...others, room].slice(-MOST)));
  }

  remove(room: string): void {
    const rooms = this.all();
    if (!rooms.includes(room)) return;
    const rest = rooms.filter((other) => other !== room);
    this.#values.set(STORED, rest.length > 0 ? JSON.stringify(rest) : null);
  }

  all(): string[] {
    try {
      const held: unknown = JSON.parse(this.#values.get(STORED) ?? "[]");
      return Array.isArray(held) ? held.filter((room) => typeof room === "string") : [];
    } catch {
      return [];
    }
  }
}
