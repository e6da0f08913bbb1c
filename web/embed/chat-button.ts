/** The button under a post: `<sendjay-chat-button item="tool/17">`. It needs no styles of the host's. */
import { randomId } from "../core/storage";
import type { RoomAnswer } from "../core/wire";
import styles from "./chat-button.css?inline";
import { WORDS } from "./later-words";
import { fetchTicket, type Messenger } from "./server";
import { dress, element } from "./shade";
import type { Visitor } from "./visitor";

interface Asked {
  room?: { room: { id: string } } | null;
  pass?: string;
}

/** Where the talk about an item is: its room, or the place where the first message makes one. */
export async function aboutItem(
  messenger: Messenger,
  visitor: Visitor,
  item: string,
  ticketUrl: string,
): Promise<string> {
  const [kind = "", ...rest] = item.split("/");
  const path = `${encodeURIComponent(kind)}/${encodeURIComponent(rest.join("/"))}`;
  const ticket = ticketUrl ? await fetchTicket(withItem(ticketUrl, item), messenger.base) : "";
  const { room, pass } = await visitor.asking((token) =>
    messenger.post<Asked>(`/api/items/${path}/ask`, { ticket: ticket ?? "" }, token),
  );
  return room?.room.id ?? ["about", path, encodeURIComponent(pass ?? "")].join("/");
}

/** The room of two with somebody; made if there is none. */
export async function roomWith(messenger: Messenger, visitor: Visitor, user: string): Promise<string> {
  const asked = { client_id: randomId(), people: [user] };
  const { room } = await visitor.asking((token) => messenger.post<RoomAnswer>("/api/rooms", asked, token));
  return room.room.id;
}

function withItem(address: string, item: string): string {
  const url = new URL(address, location.href);
  url.searchParams.set("item", item);
  return url.href;
}

export function dressButton(host: HTMLElement): void {
  if (host.shadowRoot) return;
  const language = host.lang || document.documentElement.lang;
  const root = host.attachShadow({ mode: "open" });
  dress(root, styles);
  const button = element("button", { type: "button", part: "button" });
  const words = element("slot", {});
  words.textContent = WORDS[language.startsWith("ko") || !language ? "ko" : "en"].chat;
  button.append(words);
  button.addEventListener("click", () => {
    const item = host.getAttribute("item");
    if (item) void window.Sendjay?.chatAbout(item, host.hasAttribute("signed"));
  });
  root.append(button);
}
