/**
 * What one connection keeps for several users of it: open rooms, people watched, rooms in focus. The server keeps one set
 * for each connection; here it is the union of what each member has said.
 */
import { WireError } from "../errors";
import type { Commands, PresenceAnswer } from "../wire";

/** What the server takes of a connection. */
const WATCHED = 1000;
const IN_FOCUS = 50;

export type Ask = <C extends keyof Commands>(
  cmd: C,
  fields: Commands[C]["request"],
) => Promise<Commands[C]["answer"]>;

export class Shares {
  readonly #ask: Ask;
  readonly #rooms = new Map<string, Set<string>>();
  readonly #watched = new Map<string, readonly string[]>();
  readonly #focus = new Map<string, readonly string[]>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  get focused(): readonly string[] {
    return union(this.#focus, IN_FOCUS);
  }

  /** A new connection keeps nothing yet; each member says anew what it needs. */
  clear(): void {
    this.#rooms.clear();
    this.#watched.clear();
    this.#focus.clear();
  }

  ask(member: string, cmd: keyof Commands, fields: object): Promise<unknown> {
    if (cmd === "room.open") return this.#open(member, fields as { room: string });
    if (cmd === "room.close") return this.#close(member, (fields as { room: string }).room);
    if (cmd === "presence.watch") return this.#watch(member, (fields as { people: string[] }).people);
    if (cmd === "focus.set") return this.#look(member, (fields as { rooms: string[] }).rooms);
    // The connection says these itself.
    if (cmd === "hello" || cmd === "place.take") {
      return Promise.reject(new WireError("invalid", "Only the connection itself says this."));
    }
    return this.#ask(cmd, fields as never);
  }

  /** A member is gone: what only it needed is let go. */
  release(member: string): void {
    for (const room of [...this.#rooms.keys()]) this.#close(member, room).catch(() => undefined);
    if (this.#watched.delete(member)) this.#tellWatched().catch(() => undefined);
    if (this.#focus.delete(member)) this.#tellFocus().catch(() => undefined);
  }

  async #open(member: string, fields: { room: string }): Promise<unknown> {
    const { room } = fields;
    const members = this.#rooms.get(room) ?? new Set();
    this.#rooms.set(room, members.add(member));
    try {
      return await this.#ask("room.open", fields);
    } catch (error) {
      if (error instanceof WireError && error.code === "not_found") this.#rooms.delete(room);
      throw error;
    }
  }

  #close(member: string, room: string): Promise<unknown> {
    const members = this.#rooms.get(room);
    const had = members?.delete(member) ?? false;
    if (!had || (members && members.size > 0)) return Promise.resolve({});
    this.#rooms.delete(room);
    return this.#ask("room.close", { room });
  }

  async #watch(member: string, people: readonly string[]): Promise<PresenceAnswer> {
    put(this.#watched, member, people);
    const answer = await this.#tellWatched();
    const asked = new Set(people);
    const known = Object.entries(answer.people ?? {}).filter(([id]) => asked.has(id));
    return { ...answer, people: Object.fromEntries(known) };
  }

  #look(member: string, rooms: readonly string[]): Promise<unknown> {
    put(this.#focus, member, rooms);
    return this.#tellFocus();
  }

  #tellWatched(): Promise<PresenceAnswer> {
    return this.#ask("presence.watch", { people: union(this.#watched, WATCHED) });
  }

  #tellFocus(): Promise<unknown> {
    return this.#ask("focus.set", { rooms: union(this.#focus, IN_FOCUS) });
  }
}

function put(shares: Map<string, readonly string[]>, member: string, share: readonly string[]): void {
  shares.delete(member);
  if (share.length > 0) shares.set(member, share);
}

/** Whoever spoke last comes first, should it be more than the server takes. */
function union(shares: ReadonlyMap<string, readonly string[]>, most: number): string[] {
  const all = new Set([...shares.values()].reverse().flat());
  return [...all].slice(0, most).sort();
}
