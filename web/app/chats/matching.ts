import type { RoomView } from "../../core";
import { client } from "../client";
import { nameMatches } from "../language/hangul";
import type { Language } from "../language/language";

/** Whether a room fits what is typed, by its name or by one of its members. Reads signals. */
export function roomMatches(view: RoomView, typed: string, language: Language): boolean {
  const { room } = view;
  if (nameMatches(client.rooms.name(view, language), typed)) return true;
  if (room.name && nameMatches(room.name, typed)) return true;
  return room.people.some((id) => nameMatches(client.people.get(id)?.name ?? "", typed));
}
