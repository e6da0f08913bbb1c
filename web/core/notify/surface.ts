/** Where notifications appear. The page gives it: the core knows no browser window. */
import type { Language } from "../contract";

/** One notification; each room has at most one, and the next takes its place. */
export interface Note {
  readonly room: string;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
  readonly vibrate: boolean;
  /** When the newest talk in it was said, in ms since 1970. */
  readonly at: number;
}

export interface NotificationWords {
  readonly language: Language;
  /** In the place of what is not to be shown. */
  readonly product: string;
  /** "새 메시지 3개" */
  newTalks(count: number): string;
}

export interface NotificationSurface {
  /** Whether the browser lets this page show any. */
  permitted(): boolean;
  show(note: Note): void;
  /** Takes a room's notification away, whichever tab has shown it; there may be none. */
  close(room: string): void;
  /** Takes all of them away: the next person at this browser is not to read them. */
  clear(): void;
  words(): NotificationWords;
}
