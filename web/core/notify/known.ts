/** Rooms and names for a page that holds no store: asked when needed, kept in bounds. */
import { fillMine, fillView, type RoomView } from "../model";
import type { AnyEvent, RoomAnswer } from "../wire";

const HELD = 200;

/** A map that forgets what was put in first. */
class Bounded<V> extends Map<string, V> {
  override set(key: string, value: V): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > HELD) {
      const [oldest] = this.keys();
      if (oldest !== undefined) this.delete(oldest);
    }
    return this;
  }
}

export class KnownRooms {
  readonly #get: (room: string) => Promise<RoomAnswer>;
  readonly #views = new Bounded<Promise<RoomView | null>>();

  constructor(get: (room: string) => Promise<RoomAnswer>) {
    this.#get = get;
  }

  /** Null: not a room of mine, or not to be had now. */
  view(room: string): Promise<RoomView | null> {
    const known = this.#views.get(room);
    if (known) return known;
    const asked = this.#get(room).then(
      (answer) => fillView(answer.room),
      () => {
        this.#views.delete(room);
        return null;
      },
    );
    this.#views.set(room, asked);
    return asked;
  }

  /** Keeps what is known true. At a new connection call clear(): what was missed is not told. */
  heard(event: AnyEvent): void {
    if (event.ev === "room.gone" || event.ev === "room.changed") this.#views.delete(event.room);
    else if (event.ev === "mine.changed") {
      for (const mine of event.rooms ?? []) {
        const known = this.#views.get(mine.room);
        if (!known) continue;
        this.#views.set(
          mine.room,
          known.then((view) => view && { ...view, mine: fillMine(mine) }),
        );
      }
    }
  }

  clear(): void {
    this.#views.clear();
  }
}

export class KnownPeople {
  readonly #fetch: (ids: string[]) => Promise<readonly { id: string; name: string }[]>;
  readonly #names = new Bounded<Promise<string | null>>();

  constructor(fetch: (ids: string[]) => Promise<readonly { id: string; name: string }[]>) {
    this.#fetch = fetch;
  }

  name(id: string): Promise<string | null> {
    const known = this.#names.get(id);
    if (known) return known;
    const asked = this.#fetch([id]).then(
      (people) => people.find((person) => person.id === id)?.name ?? null,
      () => {
        this.#names.delete(id);
        return null;
      },
    );
    this.#names.set(id, asked);
    return asked;
  }

  clear(): void {
    this.#names.clear();
  }
}
