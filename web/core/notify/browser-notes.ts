/** The browser's own notifications, one a room, also those that another page of this origin has shown. */
import type { KeyValues } from "../storage";
import { ShownRooms } from "./shown-rooms";
import type { Note } from "./surface";

/** How long the page that has shown it has to close it itself. */
const ANOTHER_PAGE_MS = 400;
const VIBRATION = [120];

interface Options extends NotificationOptions {
  renotify?: boolean;
  timestamp?: number;
  vibrate?: number[];
}

export interface BrowserNotesNeeds {
  /** Shared by the pages of this origin. */
  values: KeyValues;
  /** What stands for a moment in the place of one that is taken away. */
  product(): string;
  /** The person has pressed a room's notification. */
  onPress(room: string): void;
}

export class BrowserNotes {
  readonly #needs: BrowserNotesNeeds;
  readonly #rooms: ShownRooms;
  readonly #shown = new Map<string, Notification>();

  constructor(needs: BrowserNotesNeeds) {
    this.#needs = needs;
    this.#rooms = new ShownRooms(needs.values);
  }

  show(note: Note): void {
    const { room } = note;
    try {
      const shown = new Notification(note.title, optionsOf(note));
      shown.onclick = () => {
        shown.close();
        this.#needs.onPress(room);
      };
      shown.onclose = () => this.#forget(room, shown);
      this.#shown.set(room, shown);
      this.#rooms.add(room);
    } catch {
      // Phones show notifications of a service worker only.
      void navigator.serviceWorker
        ?.getRegistration()
        .then((worker) => worker?.showNotification(note.title, optionsOf(note)))
        .catch(() => undefined);
    }
    if (note.silent && note.vibrate) navigator.vibrate?.(VIBRATION);
  }

  close(room: string): void {
    const mine = this.#shown.get(room);
    if (mine) {
      this.#forget(room, mine);
      mine.close();
      return;
    }
    if (!this.#rooms.has(room)) return;
    setTimeout(() => {
      if (this.#rooms.has(room) && !this.#shown.has(room)) this.#closeOfAnother(room);
    }, ANOTHER_PAGE_MS);
  }

  clear(): void {
    for (const room of this.#rooms.all()) this.close(room);
  }

  #forget(room: string, notification: Notification): void {
    if (this.#shown.get(room) !== notification) return;
    this.#shown.delete(room);
    this.#rooms.remove(room);
  }

  /** One with the same tag takes its place without a sound, and goes. */
  #closeOfAnother(room: string): void {
    this.#rooms.remove(room);
    try {
      new Notification(this.#needs.product(), { tag: tagOf(room), silent: true }).close();
    } catch {
      // Not allowed any more: then there is none.
    }
  }
}

function optionsOf(note: Note): Options {
  const { room, body, silent, at } = note;
  const options: Options = { body, tag: tagOf(room), silent, renotify: true, timestamp: at };
  // A silent one may not name a vibration: a browser throws.
  return silent ? options : { ...options, vibrate: note.vibrate ? VIBRATION : [] };
}

function tagOf(room: string): string {
  return `sendjay.${room}`;
}
