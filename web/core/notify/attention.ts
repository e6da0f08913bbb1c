/** What has the person's attention, and what asks for it: focus and notifications of a page that holds a store. */
import { effect, type ReadonlySignal } from "@preact/signals-core";
import type { Line } from "../line";
import { fillView, type MySettings, type Person, type RoomView } from "../model";
import type { PeopleCache } from "../people";
import type { KeyValues } from "../storage";
import type { AnyEvent, Welcome } from "../wire";
import { Focus } from "./focus";
import { Notifier } from "./notifier";
import type { NotificationSurface } from "./surface";

export interface AttentionNeeds {
  line: Pick<Line, "request" | "isReady">;
  leads(): boolean;
  me(): string | null;
  settings: ReadonlySignal<MySettings>;
  openedRoom: ReadonlySignal<string | null>;
  held(room: string): RoomView | null;
  people: PeopleCache;
  fetchPeople(ids: readonly string[]): Promise<readonly Person[]>;
  values: KeyValues;
  /** Rooms in front in other tabs that this one leads. */
  inFrontOfTabs(): readonly string[];
}

export class Attention {
  readonly #needs: AttentionNeeds;
  readonly #focus: Focus;
  readonly #notifier: Notifier;
  #surface: NotificationSurface | null = null;

  constructor(needs: AttentionNeeds) {
    this.#needs = needs;
    const { line, values } = needs;
    this.#focus = new Focus({
      ready: () => line.isReady,
      tell: (rooms) => line.request("focus.set", { rooms }),
      onFront: (rooms) => {
        for (const room of rooms) this.#notifier.close(room);
      },
    });
    this.#notifier = new Notifier({
      surface: () => this.#surface,
      leads: () => needs.leads(),
      ready: () => line.isReady,
      me: () => needs.me(),
      settings: () => needs.settings.peek(),
      inFront: (room) => this.#focus.has(room) || needs.inFrontOfTabs().includes(room),
      viewOf: async (room) => needs.held(room) ?? fillView((await line.request("room.get", { room })).room),
      nameOf: (person) => this.#nameOf(person),
      news: (since) => line.request("news.get", { since }),
      heardUntil: { get: () => values.get("heard-until"), set: (value) => values.set("heard-until", value) },
    });
    effect(() => this.#focus.setRoom(needs.openedRoom.value));
  }

  start(): void {
    this.#notifier.start();
  }

  stop(): void {
    this.#notifier.stop();
  }

  clear(): void {
    this.#focus.clear();
    this.#notifier.clear();
  }

  notifyOn(surface: NotificationSurface): void {
    this.#surface = surface;
  }

  setFocused(focused: boolean): void {
    this.#focus.setFocused(focused);
  }

  welcomed(welcome: Welcome): void {
    this.#focus.connected(welcome.focused ?? []);
    this.#notifier.welcomed(welcome.server_time);
  }

  /** After the store has it. */
  event(event: AnyEvent): void {
    if (event.ev === "focus") this.#focus.heard(event.rooms);
    this.#notifier.event(event);
  }

  async #nameOf(id: string): Promise<string | null> {
    const { people, fetchPeople } = this.#needs;
    const known = people.peek(id);
    if (known) return known.name;
    const fetched = await fetchPeople([id]);
    people.remember(fetched);
    return fetched.find((person) => person.id === id)?.name ?? null;
  }
}
