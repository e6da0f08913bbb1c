/** Where notifications appear. The page gives it: the core knows no browser window. */
import type { Language } from "../contract";
import type { FileInfo } from "../model";

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
  /** Before a talk that names the person: "나를 언급했어요". */
  readonly named?: string;
  /** What a message of files alone is called: "사진", "보고서.pdf 외 2개". */
  files?(files: readonly FileInfo[]): string;
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
