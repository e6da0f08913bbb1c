// Where we are, in the address: #/people, #/people/ID, #/chats, #/chats/ROOM, #/settings,
// #/about/KIND/ID/PASS: an item that nothing has been said about yet.
// The hash needs nothing of the server and works in a frame of a portal too.

import { computed, signal } from "@preact/signals";
import { inPanel } from "../panel/host";

export type Tab = "people" | "chats" | "settings";

export interface Route {
  tab: Tab;
  /** The room of #/chats/ROOM. */
  room: string | null;
  /** The person of #/people/ID. */
  person: string | null;
  /** The item of #/about/KIND/ID/PASS. */
  about: About | null;
}

export interface About {
  kind: string;
  id: string;
  /** The host's word that the person sees it, where that is needed. */
  pass: string;
}

const TABS: readonly string[] = ["people", "chats", "settings"];

// A link may come as a path (/chats/ROOM), which the server answers with the same page.
if (/^\/(people|chats|settings)\b/u.test(location.pathname) && !location.hash) {
  history.replaceState(null, "", `/#${location.pathname}`);
}

const hash = signal(location.hash);

addEventListener("popstate", () => {
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
  const [tab = "", id, second, third] = from.replace(/^#\/?/u, "").split("/");
  const kind = tab === "about" ? decoded(id) : null;
  const itemId = kind ? decoded(second) : null;
  const known = TABS.includes(tab) ? (tab as Tab) : "chats";
  return {
    tab: known,
    room: known === "chats" && tab !== "about" ? decoded(id) : null,
    person: known === "people" ? decoded(id) : null,
    about: kind && itemId ? { kind, id: itemId, pass: decoded(third) ?? "" } : null,
  };
}

export const route = computed<Route>(() => parse(hash.value));

export const pathTo = {
  people: "#/people",
  chats: "#/chats",
  settings: "#/settings",
  room: (id: string) => `#/chats/${encodeURIComponent(id)}`,
  /** Where a host's page leads: a room, or what begins with "about/" and an item follows. */
  talk: (where: string) =>
    where.startsWith("about/") ? `#/${where}` : `#/chats/${encodeURIComponent(where)}`,
  person: (id: string) => `#/people/${encodeURIComponent(id)}`,
};

/** Goes to one of `pathTo`. */
export function go(path: string, { replace = false } = {}): void {
  if (path === location.hash) return;
  // A panel's steps would be the host page's: its back button has to stay its own.
  if (replace || inPanel) history.replaceState(history.state, "", path);
  else history.pushState({ from: hash.value }, "", path);
  hash.value = path;
}

/** One level up: from a room to the chats, from a person to the people. Takes a step back when we came from there. */
export function goUp(): void {
  const above = `#/${route.value.tab}`;
  if (history.state?.from === above) history.back();
  else go(above, { replace: true });
}

/** Links to our own places go there without a page load. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href^='#/']") : null;
  const path = link?.getAttribute("href");
  if (!path) return;
  event.preventDefault();
  go(path);
}
