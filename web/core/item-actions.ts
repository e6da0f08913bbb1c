/** What a person does about items of others, and for their own safety there. */
import type { Client } from "./contract";
import { type History, PAGE } from "./history";
import type { Line } from "./line";
import { fillItem } from "./model";
import { cleanText } from "./text";
import type { Updates } from "./updates";

type Actions = Pick<Client, "askItem" | "sendToItem" | "block" | "blocked" | "report">;

export function itemActions(
  connection: Line,
  updates: Updates,
  pages: History,
  personal: () => number,
): Actions {
  return {
    async askItem(item, pass) {
      const before = personal();
      const fields = { item, pass, history: PAGE };
      const { item: found, room, history } = await connection.request("item.ask", fields);
      if (room) updates.answered(room, before);
      if (room && history) pages.arrived(room.room.id, history);
      return { item: fillItem(found), room: room?.room.id ?? null };
    },
    async sendToItem(item, key, text, pass) {
      const fields = { item, client_id: key, body: cleanText(text).trim(), pass };
      return (await connection.request("item.send", fields)).room;
    },
    async block(person, on) {
      await connection.request("person.block", { person, on });
    },
    async blocked() {
      return (await connection.request("people.blocked", {})).people ?? [];
    },
    async report(room, reason, text) {
      await connection.request("room.report", { room, reason, text });
    },
  };
}
