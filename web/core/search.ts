/** Finding messages: asked of the server, for a page holds a small part of what was said. */
import type { Client, Found, SearchWish } from "./contract";
import type { Line } from "./line";
import { fillMessage } from "./model";

export function search(connection: Line): Pick<Client, "search"> {
  async function inRoom(room: string, wish: SearchWish, before: number): Promise<Found> {
    const answer = await connection.request("search.room", { room, ...asked(wish), before });
    const hits = answer.messages.map((message) => ({ room, message: fillMessage(message) }));
    return { hits, next: answer.next ? String(answer.next) : "" };
  }

  async function everywhere(wish: SearchWish, after: string): Promise<Found> {
    const answer = await connection.request("search.all", { ...asked(wish), after });
    const hits = answer.hits.map(({ room, message }) => ({ room, message: fillMessage(message) }));
    return { hits, next: answer.next ?? "" };
  }

  return {
    search: (room, wish, from = "") =>
      room === null ? everywhere(wish, from) : inRoom(room, wish, Number(from)),
  };
}

function asked({ kinds, ...wish }: SearchWish) {
  return { ...wish, ...(kinds && { kinds: [...kinds] }) };
}
