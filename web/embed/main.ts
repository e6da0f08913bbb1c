/** embed.js: puts the messenger into a page of another origin. It touches one name there, `Sendjay`. */
import { version } from "../package.json";
import type { SendjayApi } from "./contract";
import { Embed } from "./embed";
import { fetchLater } from "./fetch-later";
import { Listeners } from "./listeners";
import { complete, fromScript } from "./options";
import { quietly, warn } from "./warn";

function ownScript(): HTMLScriptElement | null {
  const { currentScript } = document;
  if (currentScript instanceof HTMLScriptElement) return currentScript;
  // Loaded as a module. Other services call their classic scripts so as well: they are to get nobody's ticket.
  return document.querySelector<HTMLScriptElement>('script[type=module][src*="/embed.js"]');
}

function makeApi(script: HTMLScriptElement): SendjayApi {
  const listeners = new Listeners();
  const base = new URL(script.src).origin;
  const given = fromScript(script);
  let embed: Embed | null = null;

  const doing = (work: (embed: Embed) => unknown): void => {
    if (embed) quietly(() => work(embed as Embed));
    else warn(base, "not_begun");
  };
  const api: SendjayApi = {
    version,
    get unread() {
      return embed?.unread ?? 0;
    },
    start(options) {
      if (embed) return;
      embed = new Embed(base, complete({ ...given, ...options }), listeners);
      quietly(() => embed?.begin());
    },
    open: () => doing((on) => on.open(null)),
    openRoom: (room) => doing((on) => on.open(String(room))),
    chatWith: async (user) => {
      await embed?.chatWith(String(user)).catch(() => warn(base, "no_such_person", String(user)));
    },
    chatAbout: async (item, signed) => {
      await embed?.chatAbout(String(item), signed).catch(() => warn(base, "no_such_item", String(item)));
    },
    close: () => doing((on) => on.close()),
    signOut: async () => {
      await embed?.signOut().catch(() => undefined);
    },
    on: (name, listener) => listeners.on(name, listener),
  };
  if (given.ticketUrl) api.start({ ticketUrl: given.ticketUrl });
  return api;
}

const script = ownScript();
// A second tag of ours changes nothing.
if (script && !window.Sendjay) {
  window.Sendjay = makeApi(script);
  const { origin } = new URL(script.src);
  customElements.define(
    "sendjay-chat-button",
    class extends HTMLElement {
      connectedCallback() {
        quietly(async () => (await fetchLater(origin)).dressButton(this));
      }
    },
  );
}
