/** What a person does to rooms: each a command whose answer is brought into the store. */
import type { Client } from "./contract";
import type { Errands } from "./errands";
import type { Line } from "./line";
import { randomId } from "./storage";
import type { Store } from "./store";
import type { Updates } from "./updates";
import type { RoomAnswer } from "./wire";

type Actions = Pick<
  Client,
  | "createRoom"
  | "invite"
  | "leave"
  | "removeMember"
  | "rename"
  | "mute"
  | "pin"
  | "showMembers"
  | "clearForMe"
>;

export interface RoomActionsNeeds {
  connection: Line;
  store: Store;
  updates: Updates;
  errands: Errands;
  now(): number;
}

export function roomActions({ connection, store, updates, errands, now }: RoomActionsNeeds): Actions {
  async function bring(asked: (personal: number) => Promise<RoomAnswer>): Promise<RoomAnswer> {
    const { personal } = store;
    const answer = await asked(personal);
    updates.answered(answer.room, personal);
    return answer;
  }

  async function prefer(fields: { room: string; muted?: boolean; pinned?: boolean; show_members?: boolean }) {
    await bring(() => connection.request("room.preferences", fields));
  }

  return {
    async createRoom(people) {
      const fields = { client_id: randomId(), people: [...people] };
      const answer = await bring(() => connection.request("room.create", fields));
      if (answer.created) store.cameIn(answer.room.room.id, now());
      return answer.room.room.id;
    },
    invite: (room, people) => errands.invite(room, people),
    leave: (room) => errands.leave(room),
    async removeMember(room, person) {
      await bring(() => connection.request("room.remove", { room, person }));
    },
    async rename(room, name, scope) {
      await bring(() => connection.request("room.rename", { room, name, scope }));
    },
    mute: (room, muted) => prefer({ room, muted }),
    pin: (room, pinned) => prefer({ room, pinned }),
    showMembers: (room, show_members) => prefer({ room, show_members }),
    async clearForMe(room) {
      await bring(() => connection.request("room.clear", { room }));
    },
  };
}
