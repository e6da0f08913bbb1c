/** How the host page wants the messenger: from its script tag, or from `Sendjay.start()`. */
import type { Language } from "./words";

export type Opens = "panel" | "window" | "tab";

export interface Options {
  /** Address on the host's own server that answers {"ticket": "…"} for whoever is signed in there. */
  ticketUrl: string;
  /** Where `open()` and the button open the messenger. */
  open: Opens;
  /** Show the round button? */
  launcher: boolean;
  language: Language;
  /** What stands behind the title of the page that is connected; empty: nothing. */
  titleMark: string;
}

const TITLE_MARK = "(with Talk)";

export function fromScript(script: HTMLScriptElement): Partial<Options> {
  const { ticketUrl, open, launcher, language, titleMark } = script.dataset;
  return {
    ...(ticketUrl === undefined ? {} : { ticketUrl }),
    ...(open === "window" || open === "tab" ? { open } : {}),
    ...(launcher === "false" ? { launcher: false } : {}),
    ...(language === "ko" || language === "en" ? { language } : {}),
    ...(titleMark === undefined ? {} : { titleMark }),
  };
}

export function complete(given: Partial<Options>): Options {
  const language = document.documentElement.lang || navigator.language;
  return {
    ticketUrl: "",
    open: "panel",
    launcher: true,
    language: language.toLowerCase().startsWith("ko") ? "ko" : "en",
    titleMark: TITLE_MARK,
    ...given,
  };
}
