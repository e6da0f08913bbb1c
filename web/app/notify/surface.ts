import type { Note, NotificationSurface } from "../../core";
import { go, pathTo } from "../frame/route";
import { language, words } from "../language/language";
import { permission } from "./permission";
import { shownRooms } from "./shown-rooms";

/** How long the tab that has shown it has to close it itself. */
const ANOTHER_TAB_MS = 400;
const VIBRATION = [120];

interface Options extends NotificationOptions {
  renotify?: boolean;
  timestamp?: number;
  vibrate?: number[];
}

const shown = new Map<string, Notification>();

function optionsOf(note: Note): Options {
  const { room, body, silent, at } = note;
  const options: Options = { body, tag: tagOf(room), silent, renotify: true, timestamp: at };
  // A silent one may not name a vibration: a browser throws.
  return silent ? options : { ...options, vibrate: note.vibrate ? VIBRATION : [] };
}

function tagOf(room: string): string {
  return `sendjay.${room}`;
}

function forget(room: string, notification: Notification): void {
  if (shown.get(room) !== notification) return;
  shown.delete(room);
  shownRooms.remove(room);
}

function show(note: Note): void {
  const { room } = note;
  try {
    const notification = new Notification(note.title, optionsOf(note));
    notification.onclick = () => {
      window.focus();
      notification.close();
      if (room) go(pathTo.room(room));
    };
    notification.onclose = () => forget(room, notification);
    shown.set(room, notification);
    if (room) shownRooms.add(room);
  } catch {
    // Phones show notifications of a service worker only.
    void navigator.serviceWorker
      ?.getRegistration()
      .then((worker) => worker?.showNotification(note.title, optionsOf(note)))
      .catch(() => undefined);
  }
  if (note.silent && note.vibrate) navigator.vibrate?.(VIBRATION);
}

function close(room: string): void {
  const mine = shown.get(room);
  if (mine) {
    forget(room, mine);
    mine.close();
    return;
  }
  if (!shownRooms.has(room)) return;
  setTimeout(() => {
    if (shownRooms.has(room) && !shown.has(room)) closeOfAnother(room);
  }, ANOTHER_TAB_MS);
}

/** One with the same tag takes its place without a sound, and goes. */
function closeOfAnother(room: string): void {
  shownRooms.remove(room);
  try {
    new Notification(words.peek().product, { tag: tagOf(room), silent: true }).close();
  } catch {
    // Not allowed any more: then there is none.
  }
}

/** This browser's notifications. */
export const surface: NotificationSurface = {
  permitted: () => permission.peek() === "granted",
  show,
  close,
  words: () => ({
    language: language.peek(),
    product: words.peek().product,
    newTalks: words.peek().notify.newTalks,
  }),
};
