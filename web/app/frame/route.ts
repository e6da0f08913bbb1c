// Where we are, in the address: #/people, #/people/ID, #/chats, #/chats/ROOM, #/settings.
// The hash needs nothing of the server and works in a frame of a portal too.

import { computed, signal } from "@preact/signals";

export type Tab = "people" | "chats" | "settings";

export interface Route {
  tab: Tab;
  /** The room of #/chats/ROOM. */
  room: string | null;
  /** The person of #/people/ID. */
  person: string | null;
}

const TABS: readonly string[] = ["people", "chats", "settings"];
const hash = signal(location.hash);
/** How many steps of ours lie behind this one, so that "back" never leaves the messenger. */
let depth = Number(history.state?.depth ?? 0);

addEventListener("popstate", () => {
  depth = Number(history.state?.depth ?? 0);
  hash.value = location.hash;
});

function decoded(part: string | undefined): string | null {
  try {
    return part ? decodeURIComponent(part) : null;
  } catch {
    return null;
  }
}

function parse(from: string): Route {
  const [tab = "", id] = from.replace(/^#\/?/u, "").split("/");
  const known = TABS.includes(tab) ? (tab as Tab) : "chats";
  return {
    tab: known,
    room: known === "chats" ? decoded(id) : null,
    person: known === "people" ? decoded(id) : null,
  };
}

export const route = computed<Route>(() => parse(hash.value));

export const pathTo = {
  people: "#/people",
  chats: "#/chats",
  settings: "#/settings",
  room: (id: string) => `#/chats/${encodeURIComponent(id)}`,
  person: (id: string) => `#/people/${encodeURIComponent(id)}`,
};

/** Goes to one of `pathTo`. */
export function go(path: string, { replace = false } = {}): void {
  if (path === location.hash) return;
  if (!replace) depth += 1;
  history[replace ? "replaceState" : "pushState"]({ depth }, "", path);
  hash.value = path;
}

/** One level up: by history when we came from there, else by going there. */
export function goBack(): void {
  if (depth > 0) history.back();
  else go(`#/${route.value.tab}`, { replace: true });
}

/** Links to our own places go there without a page load and keep their place in the history. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href^='#/']") : null;
  const path = link?.getAttribute("href");
  if (!path) return;
  event.preventDefault();
  go(path);
}
