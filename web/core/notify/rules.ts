/** What is notified, and how it reads: pure, so that a table can say it all. */
import type { Message, MySettings, RoomView } from "../model";
import { roomName } from "../names";
import type { Note, NotificationWords } from "./surface";

const SHOWN_LETTERS = 200;
const WHOLE_DAY = 24 * 60;

export interface Situation {
  readonly me: string;
  readonly settings: MySettings;
  /** The room is before the person's eyes, on this or another device. */
  readonly inFront: boolean;
  readonly muted: boolean;
  /** My read cursor. */
  readonly readSeq: number;
  /** The time of day where the person is, in minutes. */
  readonly minutes: number;
}

/** Whoever is named is told in a muted room as well. */
export function isNotified(
  talk: Pick<Message, "seq" | "sender" | "kind"> & Partial<Pick<Message, "mentions">>,
  situation: Situation,
): boolean {
  const { me, settings, inFront, muted, readSeq, minutes } = situation;
  if (talk.kind !== "text" || talk.sender === me || talk.seq <= readSeq) return false;
  const isNamed = talk.mentions?.includes(me) ?? false;
  if (inFront || (muted && !isNamed) || !settings.notify) return false;
  return isWithinHours(settings.hours_from, settings.hours_to, minutes);
}

/** HHMM both; an empty one is the day's end on its side, and the same twice is always. May cross midnight. */
export function isWithinHours(from: string, to: string, minutes: number): boolean {
  const begins = minutesOf(from) ?? 0;
  const ends = minutesOf(to) ?? WHOLE_DAY;
  if (begins === ends) return true;
  return begins < ends ? minutes >= begins && minutes < ends : minutes >= begins || minutes < ends;
}

export function minutesOfDay(date: Date): number {
  return date.getHours() * 60 + date.getMinutes();
}

function minutesOf(hhmm: string): number | null {
  if (!/^\d{4}$/u.test(hhmm)) return null;
  return Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(2));
}

export interface Told {
  readonly talk: Pick<Message, "sender" | "body" | "at"> & Partial<Pick<Message, "files" | "mentions">>;
  /** How many new ones this notification stands for. */
  readonly count: number;
  readonly view: RoomView;
  readonly me: string;
  /** Null: not known (yet). */
  readonly nameOf: (person: string) => string | null;
}

/** A hidden sender hides the room as well: its name would tell. */
export function noteOf(told: Told, settings: MySettings, words: NotificationWords): Note {
  const { talk, count, view } = told;
  const sender = told.nameOf(talk.sender) ?? "";
  const body = talk.body || (words.files?.(talk.files ?? []) ?? "");
  const text = body.slice(0, SHOWN_LETTERS).replace(/\s+/gu, " ").trim();
  const who = settings.show_sender ? titleOf(told, sender, words) : "";
  const isSaid = settings.show_sender && sender !== "" && sender !== who && view.room.kind !== "direct";
  const isNamed = talk.mentions?.includes(told.me) ?? false;
  const said = isSaid ? `${sender}: ${text}` : text;
  const line = isNamed && words.named ? `${words.named} · ${said}` : said;
  const shown = settings.show_body && text !== "";
  const news = words.newTalks(count);
  const counted = shown && count > 1;
  const title = who === "" ? (counted ? news : words.product) : counted ? `${who} · ${news}` : who;
  return {
    room: view.room.id,
    title,
    body: shown ? line : news,
    silent: !settings.sound,
    vibrate: settings.vibration,
    at: talk.at,
  };
}

function titleOf({ view, me, nameOf }: Told, sender: string, { language }: NotificationWords): string {
  const personOf = (id: string) => {
    const name = nameOf(id);
    return name === null ? null : { name };
  };
  return roomName(view, me, personOf, language) || sender;
}
