// Taking a message back, deleting it for oneself, hanging it above the talk: asked first where nothing brings it back.

import type { Message, RoomView } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { confirm } from "../parts/ask";
import { attempt } from "./attempt";
import { myId } from "./people-words";

const HOUR_MS = 3_600_000;

function isWithin(message: Message, hours: number): boolean {
  return hours === 0 || client.now() - message.at < hours * HOUR_MS;
}

export function mayEdit(message: Message): boolean {
  return isMineToChange(message) && message.body !== "" && isWithin(message, client.limits.peek().editHours);
}

export function mayRevoke(message: Message): boolean {
  return isMineToChange(message) && isWithin(message, client.limits.peek().revokeHours);
}

function isMineToChange({ kind, sender }: Message): boolean {
  return kind === "text" && sender === myId();
}

export async function revoke(room: string, { seq }: Message): Promise<void> {
  const said = words.value.taking;
  const sure = await confirm({
    title: said.revokeAsk,
    body: said.revokeBody,
    action: said.revoke,
    danger: true,
  });
  if (sure) await attempt(client.revoke(room, seq));
}

export async function deleteForMe(room: string, { seq }: Message): Promise<void> {
  const said = words.value.taking;
  const sure = await confirm({
    title: said.removeAsk,
    body: said.removeBody,
    action: said.remove,
    danger: true,
  });
  if (sure) await attempt(client.deleteForMe(room, [seq]));
}

export async function clearForMe({ room }: RoomView): Promise<void> {
  const said = words.value.taking;
  const sure = await confirm({
    title: said.clearAsk,
    body: said.clearBody,
    action: said.clear,
    danger: true,
  });
  if (sure) await attempt(client.clearForMe(room.id));
}
