/** Notifications in the name of the host's page, by the person's own settings; a click opens the room. */
import type { MySettings } from "../core/model";
import { BrowserNotes } from "../core/notify/browser-notes";
import { KnownPeople, KnownRooms } from "../core/notify/known";
import { Notifier } from "../core/notify/notifier";
import type { NotificationSurface } from "../core/notify/surface";
import { browserKeyValues, type KeyValues } from "../core/storage";
import type { SharedLine } from "../core/tabs/shared-line";
import type { AnyEvent, Welcome } from "../core/wire";
import { WORDS } from "./later-words";
import { mayNotify } from "./permission";
import type { Messenger } from "./server";
import type { Visitor } from "./visitor";
import type { Language } from "./words";

const PRODUCT = "Sendjay";

export interface NoticesNeeds {
  messenger: Messenger;
  visitor: Visitor;
  line(): SharedLine;
  language: Language;
  settings(): MySettings;
  openRoom(room: string): void;
}

export class Notices {
  readonly #rooms: KnownRooms;
  readonly #people: KnownPeople;
  readonly #notifier: Notifier;
  /** Rooms before the person's eyes on other devices, and in the panels of this browser. */
  #focused: readonly string[] = [];

  constructor(needs: NoticesNeeds) {
    const values = browserKeyValues();
    const ask = needs.line;
    const surface = portalSurface(needs, values);
    this.#rooms = new KnownRooms((room) => ask().request("room.get", { room }));
    this.#people = new KnownPeople((ids) =>
      needs.visitor.asking((token) => needs.messenger.people(token, ids)),
    );
    this.#notifier = new Notifier({
      surface: () => surface,
      leads: () => ask().leads.peek(),
      ready: () => ask().isReady,
      me: () => needs.visitor.visit?.user.id ?? null,
      settings: needs.settings,
      inFront: (room) => this.#focused.includes(room) || ask().focused.includes(room),
      viewOf: (room) => this.#rooms.view(room),
      nameOf: (person) => this.#people.name(person),
      news: (since) => ask().request("news.get", { since }),
      heardUntil: {
        get: () => values.get("embed.heard"),
        set: (value) => values.set("embed.heard", value),
      },
    });
  }

  start(): void {
    this.#notifier.start();
  }

  stop(): void {
    this.#notifier.stop();
  }

  /** Nobody is signed in any more. */
  clear(): void {
    this.#notifier.stop();
    this.#notifier.clear();
  }

  welcomed(welcome: Welcome): void {
    this.#rooms.clear();
    this.#inFront(welcome.focused ?? []);
    this.#notifier.welcomed(welcome.server_time);
  }

  heard(event: AnyEvent): void {
    this.#rooms.heard(event);
    if (event.ev === "focus") this.#inFront(event.rooms);
    this.#notifier.event(event);
  }

  #inFront(rooms: readonly string[]): void {
    this.#focused = rooms;
    for (const room of rooms) this.#notifier.close(room);
  }
}

function portalSurface({ language, openRoom }: NoticesNeeds, values: KeyValues): NotificationSurface {
  const notes = new BrowserNotes({
    values,
    product: () => PRODUCT,
    onPress: (room) => {
      window.focus();
      openRoom(room);
    },
  });
  return {
    permitted: mayNotify,
    show: (note) => notes.show(note),
    close: (room) => notes.close(room),
    clear: () => notes.clear(),
    words: () => ({ language, product: PRODUCT, newTalks: WORDS[language].newTalks }),
  };
}
