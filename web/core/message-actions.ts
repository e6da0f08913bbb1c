/** What a person does to a message that stands. What comes of it, the events say. */
import type { Client } from "./contract";
import type { Line } from "./line";
import { cleanText } from "./text";

type Actions = Pick<Client, "readers" | "edit" | "react" | "revoke" | "deleteForMe" | "pinMessage">;

export function messageActions(connection: Line): Actions {
  return {
    async readers(room, seq) {
      const { people, read = [] } = await connection.request("message.unread_by", { room, seq });
      return { unread: people, read };
    },
    async edit(room, seq, text) {
      await connection.request("message.edit", { room, seq, body: cleanText(text).trim() });
    },
    async react(room, seq, emoji, on) {
      await connection.request("message.react", { room, seq, emoji, on });
    },
    async revoke(room, seq) {
      await connection.request("message.revoke", { room, seq });
    },
    async deleteForMe(room, seqs) {
      await connection.request("message.delete", { room, seqs: [...seqs] });
    },
    async pinMessage(room, seq) {
      await connection.request("room.pin", { room, seq });
    },
  };
}
