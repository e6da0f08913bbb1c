/**
 * Emoji with their names in the reader's language, from our own server: kept by the browser, found by what they are called.
 * The library's own picker writes styles into the page, which ours does not allow; its database does not.
 */
import type { Database } from "emoji-picker-element";
import type { Emoji } from "emoji-picker-element/shared";
import enUrl from "emoji-picker-element-data/en/cldr/data.json?url";
import koUrl from "emoji-picker-element-data/ko/cldr/data.json?url";
import type { Language } from "../language/language";

export interface Found {
  readonly emoji: string;
  readonly name: string;
}

export const GROUPS = [0, 1, 3, 4, 5, 6, 7, 8, 9] as const;
export type Group = (typeof GROUPS)[number];

const FAVORITES = 18;
const opened = new Map<Language, Promise<Database>>();

function open(language: Language): Promise<Database> {
  const before = opened.get(language);
  if (before) return before;
  const opening = import("emoji-picker-element/database").then(({ default: EmojiDatabase }) => {
    return new EmojiDatabase({ dataSource: language === "ko" ? koUrl : enUrl, locale: language }) as Database;
  });
  opened.set(language, opening);
  // Tried again the next time.
  opening.catch(() => opened.delete(language));
  return opening;
}

export async function emojiOf(group: Group, language: Language): Promise<Found[]> {
  return (await (await open(language)).getEmojiByGroup(group)).map(found).filter(isFound);
}

/** The one of that very name comes first: who types "rocket" does not mean the astronaut. */
export async function emojiCalled(words: string, language: Language): Promise<Found[]> {
  const all = (await (await open(language)).getEmojiBySearchQuery(words)).map(found).filter(isFound);
  const distance = ({ name }: Found) => (name === words ? 0 : name.startsWith(words) ? 1 : 2);
  return all.toSorted((one, other) => distance(one) - distance(other));
}

/** What is chosen most, in this browser. */
export async function favorites(language: Language): Promise<Found[]> {
  const database = await open(language);
  return (await database.getTopFavoriteEmoji(FAVORITES)).map(found).filter(isFound);
}

export async function noteChosen(emoji: string, language: Language): Promise<void> {
  await (await open(language)).incrementFavoriteEmojiCount(emoji);
}

function found(emoji: Emoji): Found | null {
  return "unicode" in emoji ? { emoji: emoji.unicode, name: emoji.annotation } : null;
}

function isFound(emoji: Found | null): emoji is Found {
  return emoji !== null;
}
