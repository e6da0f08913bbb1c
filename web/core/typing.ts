/** Who types in the room on screen, and telling the others that I do. */
import type { ReadonlySignal } from "@preact/signals-core";
import { SignalMap } from "./signal-map";

const LASTS_MS = 6_000;
const REPEAT_MS = 4_000;
const NOBODY: readonly string[] = [];

export class Typing {
  readonly #rooms = new SignalMap<readonly string[]>(NOBODY, 200);
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #told: { room: string; at: number } | null = null;

  of(room: string): ReadonlySignal<readonly string[]> {
    return this.#rooms.cell(room);
  }

  heard(room: string, user: string, typing: boolean): void {
    const key = JSON.stringify([room, user]);
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    const users = this.#rooms.peek(room);
    if (!typing) {
      if (users.includes(user)) {
        this.#rooms.set(
          room,
          users.filter((other) => other !== user),
        );
      }
      return;
    }
    if (!users.includes(user)) this.#rooms.set(room, [...users, user]);
    this.#timers.set(
      key,
      setTimeout(() => this.heard(room, user, false), LASTS_MS),
    );
  }

  /** Whether to tell the server now that I type: at once, then every 4 s. */
  due(room: string): boolean {
    const now = Date.now();
    if (this.#told?.room === room && now - this.#told.at < REPEAT_MS) return false;
    this.#told = { room, at: now };
    return true;
  }

  /** Sent or gave up; true if the others think that I still type. */
  ended(room: string): boolean {
    const told = this.#told;
    if (told?.room !== room) return false;
    this.#told = null;
    return Date.now() - told.at < LASTS_MS;
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#told = null;
    this.#rooms.clear();
  }
}
