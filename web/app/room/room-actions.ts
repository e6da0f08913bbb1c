// What can be done with a room, from its own menu and from the list of chats alike.

import type { RoomView } from "../../core";
import { client } from "../client";
import { go, pathTo, route } from "../frame/route";
import { words } from "../language/language";
import { confirm } from "../parts/ask";
import { attempt, attemptOrLater } from "./attempt";

export function setMuted({ room, mine }: RoomView): void {
  void attempt(client.mute(room.id, !mine.muted));
}

export function setPinned({ room, mine }: RoomView): void {
  void attempt(client.pin(room.id, !mine.pinned));
}

export function markRead({ room }: RoomView): void {
  void attempt(client.markAllRead(room.id));
}

/** Asks first: the talk so far does not come back. */
export async function leave({ room }: RoomView): Promise<void> {
  const said = words.value.room;
  const sure = await confirm({
    title: said.leaveAsk,
    body: room.member_count <= 2 ? said.leaveDirectBody : said.leaveBody,
    action: said.leave,
    danger: true,
  });
  if (!sure || !(await attemptOrLater(client.leave(room.id), said.leaveWaits))) return;
  if (route.peek().room === room.id) go(pathTo.chats, { replace: true });
}
