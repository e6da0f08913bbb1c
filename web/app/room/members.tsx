import { Crown, Ellipsis, LogOut, PencilLine, UserMinus, UserPlus, UserRound, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Member, RoomHandle, RoomState } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { confirm } from "../parts/ask";
import { Avatar } from "../parts/avatar";
import { AbsenceBadge, PresenceMarks } from "../parts/badge";
import { Button, IconButton } from "../parts/button";
import { type MenuEntry, openMenu } from "../parts/menu";
import { Skeleton } from "../parts/skeleton";
import { openPersonCard } from "../people/person-card";
import { attempt } from "./attempt";
import { invite } from "./invite";
import { memberOrder } from "./member-order";
import { myId, nameOf } from "./people-words";
import { openRename } from "./rename";
import { leave } from "./room-actions";
import { useVirtualList } from "./virtual-list";
import "./members.css";

const ROW_PX = 56;
/** The server takes at most this many at once. */
const MOST_WATCHED = 1000;

export interface MembersProps {
  room: RoomHandle;
  state: RoomState;
  onClose: () => void;
}

/** Who is in the room, with what one may do about it. */
export function Members({ room, state, onClose }: MembersProps) {
  const said = words.value.room;
  const members = memberOrder(room.members.value, state.room.master, myId());
  return (
    <aside class="members" aria-label={said.members}>
      <header class="members-head">
        <h2 class="members-title">
          {said.members} <span class="room-count figures">{state.room.member_count}</span>
        </h2>
        <IconButton icon={X} label={said.closeSide} onPress={onClose} />
      </header>
      {members.length === 0 ? (
        <Skeleton shape="row" count={Math.min(8, state.room.member_count)} />
      ) : (
        <MemberList room={room} state={state} members={members} />
      )}
      <footer class="members-foot">
        {state.room.kind !== "self" && (
          <Button icon={UserPlus} size="small" onPress={() => void invite(state)}>
            {said.invite}
          </Button>
        )}
        <IconButton icon={PencilLine} label={said.rename} size="small" onPress={() => openRename(state)} />
        <IconButton icon={LogOut} label={said.leave} size="small" onPress={() => void leave(state)} />
      </footer>
    </aside>
  );
}

function MemberList({ room, state, members }: { room: RoomHandle; state: RoomState; members: Member[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualList({
    scroller,
    count: members.length,
    keyOf: (index) => members[index]?.user ?? "",
    guess: () => ROW_PX,
    anchorTo: "start",
  });
  const items = list.getVirtualItems();
  const shown = items.flatMap(({ index }) => members[index]?.user ?? []).slice(0, MOST_WATCHED);
  const watched = shown.join(" ");
  useEffect(
    () => client.presence.watch(`members:${room.id}`, watched ? watched.split(" ") : []),
    [room.id, watched],
  );
  useEffect(() => () => client.presence.watch(`members:${room.id}`, []), [room.id]);
  return (
    <div class="members-scroll" ref={scroller}>
      <ul style={{ height: `${list.getTotalSize()}px` }}>
        {items.map(({ index, start }) => {
          const member = members[index];
          return (
            member && (
              <li
                key={member.user}
                class="member"
                style={{ transform: `translateY(${start}px)` }}
                aria-setsize={members.length}
                aria-posinset={index + 1}
              >
                <MemberRow id={member.user} state={state} />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

function MemberRow({ id, state }: { id: string; state: RoomState }) {
  const said = words.value.room;
  const person = client.people.get(id);
  const presence = client.presence.get(id);
  const about = person ? [person.job, person.org_name].filter(Boolean).join(" · ") : "";
  const name = nameOf(id);
  return (
    <>
      <button type="button" class="member-open" onClick={() => openPersonCard(id)}>
        <Avatar person={person ?? { id, name: "" }} size={36} />
        <span class="member-words">
          <span class="member-line">
            <span class="member-name truncate">{name}</span>
            {id === myId() && <span class="member-me">{said.me}</span>}
            {id === state.room.master && (
              <Crown
                size={14}
                class="member-master"
                role="img"
                aria-label={said.master}
                data-tip={said.master}
              />
            )}
            <AbsenceBadge absence={person?.absence} />
          </span>
          <span class="member-about truncate">{about}</span>
        </span>
      </button>
      <PresenceMarks presence={presence} />
      {mayRemove(id, state) && (
        <IconButton
          icon={Ellipsis}
          label={words.value.chats.menu(name)}
          opens="menu"
          size="small"
          onPress={(event) => openMenu(event.currentTarget, name, entries(id, name, state), { align: "end" })}
        />
      )}
    </>
  );
}

function mayRemove(id: string, { room }: RoomState): boolean {
  return room.kind === "group" && room.master === myId() && id !== myId();
}

function entries(id: string, name: string, state: RoomState): MenuEntry[] {
  const said = words.value.room;
  return [
    { label: words.value.profile.title(name), icon: UserRound, onSelect: () => openPersonCard(id) },
    { label: said.remove, icon: UserMinus, danger: true, onSelect: () => void remove(id, name, state) },
  ];
}

async function remove(id: string, name: string, { room }: RoomState): Promise<void> {
  const said = words.value.room;
  const sure = await confirm({
    title: said.removeAsk(name),
    body: said.removeBody,
    action: said.remove,
    danger: true,
  });
  if (sure) await attempt(client.removeMember(room.id, id));
}
