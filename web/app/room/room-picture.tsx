import type { RoomView } from "../../core";
import { client } from "../client";
import { AvatarMosaic, type AvatarSize } from "../parts/avatar";
import { myId } from "./people-words";

/** The picture of a room: the others in it, or me in a room of my own. */
export function RoomPicture({ view, size }: { view: RoomView; size: AvatarSize }) {
  const me = myId();
  const others = view.room.people.filter((id) => id !== me);
  const shown = others.length > 0 ? others : [me];
  const faces = shown.slice(0, 4).map((id) => client.people.get(id) ?? { id, name: "" });
  return <AvatarMosaic people={faces} size={size} />;
}
