/** What the open room needs besides its rows: sending, drafts, typing, reading. */
import type { ReadonlySignal } from "@preact/signals-core";
import type { Client } from "./contract";
import { WireError } from "./errors";
import type { Line } from "./line";
import type { OpenRoom } from "./open-room";
import type { Own } from "./own";
import type { Reading } from "./reading";
import type { Store } from "./store";
import { cleanText, MAX_TEXT, textLength } from "./text";
import type { Typing } from "./typing";
import type { Updates } from "./updates";

type Talking = Pick<
  Client,
  | "send"
  | "resend"
  | "deleteUnsent"
  | "setDraft"
  | "flushDrafts"
  | "typing"
  | "markRead"
  | "markAllRead"
  | "setVisible"
  | "openRoom"
  | "closeRoom"
>;

export interface TalkingNeeds {
  connection: Line;
  store: Store;
  updates: Updates;
  openRoom: OpenRoom;
  reading: Reading;
  typing: Typing;
  own: ReadonlySignal<Own | null>;
}

export function talking(needs: TalkingNeeds): Talking {
  const { connection, store, updates, openRoom, reading, typing, own } = needs;
  let visible = true;
  /** What the open room showed while nobody could see it. */
  let unseen: { room: string; seq: number } | null = null;

  function tellTyping(room: string, isTyping: boolean): void {
    connection.request("typing.set", { room, typing: isTyping }).catch(() => undefined);
  }

  return {
    send(room, text, carried = {}) {
      const body = cleanText(text);
      const mayBeEmpty = carried.forward !== undefined || (carried.files?.length ?? 0) > 0;
      if (body.trim() === "" && !mayBeEmpty) throw new WireError("invalid", "There is nothing to send.");
      if (textLength(body) > MAX_TEXT) throw new WireError("too_long", "The text is too long.");
      const held = own.peek();
      if (!held) throw new WireError("unauthorized", "Please sign in again.");
      typing.ended(room);
      held.outbox.add(room, body, carried);
      // What is passed on was not written here.
      if (!carried.forward) held.drafts.set(room, "");
    },
    resend: (clientId) => own.peek()?.outbox.resend(clientId),
    deleteUnsent: (clientId) => own.peek()?.outbox.delete(clientId),
    setDraft(room, text) {
      own.peek()?.drafts.set(room, text);
      if (text === "" && typing.ended(room)) tellTyping(room, false);
    },
    flushDrafts: () => own.peek()?.drafts.flush(),
    typing(room) {
      if (openRoom.room.peek() === room && typing.due(room)) tellTyping(room, true);
    },
    markRead(room, seq) {
      if (openRoom.room.peek() !== room) return;
      if (visible) reading.saw(room, seq);
      else unseen = { room, seq: unseen?.room === room ? Math.max(unseen.seq, seq) : seq };
    },
    async markAllRead(room) {
      const seq = store.peek(room)?.room.seq;
      if (seq === undefined) return;
      updates.mine(room, await connection.request("read.mark", { room, seq }));
    },
    setVisible(isVisible) {
      visible = isVisible;
      // The page may not come back.
      if (!visible) own.peek()?.drafts.flush();
      const waiting = unseen;
      if (!visible || waiting === null) return;
      unseen = null;
      if (openRoom.room.peek() === waiting.room) reading.saw(waiting.room, waiting.seq);
    },
    openRoom(room) {
      unseen = null;
      openRoom.open(room);
    },
    closeRoom(room) {
      own.peek()?.drafts.flush();
      openRoom.close(room);
    },
  };
}
