import { computed, signal } from "@preact/signals";
import { kept } from "../kept";
import { en } from "./en";
import { ko, type Words } from "./ko";

export type Language = "ko" | "en";
export type { Words };

const STORED = "language";

function firstLanguage(): Language {
  // A panel speaks the language of the page it is in.
  const stored = new URLSearchParams(location.search).get(STORED) ?? kept.get(STORED);
  if (stored === "ko" || stored === "en") return stored;
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

export const language = signal<Language>(firstLanguage());

/** Every sentence in the language of now. Read `words.value` while rendering, and the switch is live. */
export const words = computed<Words>(() => (language.value === "ko" ? ko : en));

export function setLanguage(next: Language): void {
  kept.set(STORED, next);
  language.value = next;
}

/** The sentence for what went wrong: ours for a code we know, else the server's, else a general one. */
export function errorSentence(error: unknown): string {
  const { errors } = words.value;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === "string") return errors[code] ?? (message ? String(message) : errors.unknown);
  return error instanceof TypeError ? (errors.network ?? errors.unknown) : errors.unknown;
}
