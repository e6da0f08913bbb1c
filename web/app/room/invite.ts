import type { RoomView } from "../../core";
import { client } from "../client";
import { go, pathTo } from "../frame/route";
import { words } from "../language/language";
import { openPeoplePicker } from "../people/picker";
import { attempt, attemptOrLater } from "./attempt";
import { myId } from "./people-words";

/** Brings more people in. A room of two stays one: with a third person, a new room begins. */
export async function invite({ room }: RoomView): Promise<void> {
  const said = words.value.room;
  const here = new Set([
    ...client.rooms
      .get(room.id)
      .members.peek()
      .map(({ user }) => user),
    ...room.people,
  ]);
  const chosen = await openPeoplePicker({
    title: room.kind === "group" ? said.invite : said.inviteToNew,
    action: said.invite,
    locked: [...here],
  });
  if (!chosen || chosen.length === 0) return;
  if (room.kind === "group") {
    await attemptOrLater(client.invite(room.id, chosen), said.inviteWaits);
    return;
  }
  const others = [...here].filter((id) => id !== myId());
  await attempt(
    client.createRoom([...others, ...chosen]).then((made) => {
      go(pathTo.room(made));
    }),
  );
}
