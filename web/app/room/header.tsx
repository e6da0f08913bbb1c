import type { Signal } from "@preact/signals";
import {
  ArrowLeft,
  Ban,
  Bell,
  BellOff,
  Ellipsis,
  Eraser,
  Flag,
  LogOut,
  PencilLine,
  Search,
  UserPlus,
  UsersRound,
} from "lucide-preact";
import type { RoomHandle, RoomState } from "../../core";
import { client } from "../client";
import { goUp } from "../frame/route";
import { width } from "../frame/width";
import { block, openReport } from "../items/safety";
import { language, words } from "../language/language";
import { IconButton } from "../parts/button";
import { type MenuEntry, openMenu } from "../parts/menu";
import { invite } from "./invite";
import { myId, nameOf } from "./people-words";
import { openRename } from "./rename";
import { leave, setMuted } from "./room-actions";
import { RoomPicture } from "./room-picture";
import { clearForMe } from "./taking-back";

export interface HeaderProps {
  room: RoomHandle;
  state: RoomState;
  side: Signal<Side>;
}

/** What stands beside the talk. */
export type Side = "members" | "search" | null;

export function Header({ room, state, side }: HeaderProps) {
  const said = words.value.room;
  const { kind, member_count: count } = state.room;
  const membersShown = side.value === "members";
  const searchShown = side.value === "search";
  return (
    <header class="room-header">
      {width.value === "phone" && <IconButton icon={ArrowLeft} label={said.back} onPress={goUp} />}
      <RoomPicture view={state} size={36} />
      <div class="room-heading">
        <h1 class="room-title">
          <span class="truncate">{client.rooms.name(state, language.value)}</span>
          {kind === "group" && (
            <span class="room-count figures">
              <span aria-hidden="true">{count}</span>
              <span class="unseen">{said.memberCount(count)}</span>
            </span>
          )}
          {state.mine.muted && (
            <BellOff size={14} class="room-muted" role="img" aria-label={words.value.chats.muted} />
          )}
        </h1>
        <TypingOrAbout room={room} state={state} />
      </div>
      <IconButton
        icon={Search}
        label={searchShown ? words.value.search.close : words.value.search.open}
        pressed={searchShown}
        onPress={() => (side.value = searchShown ? null : "search")}
      />
      <IconButton
        icon={UsersRound}
        label={membersShown ? said.hideMembers : said.showMembers}
        pressed={membersShown}
        onPress={() => (side.value = membersShown ? null : "members")}
      />
      <IconButton
        icon={Ellipsis}
        label={said.menu}
        opens="menu"
        onPress={(event) => openMenu(event.currentTarget, said.menu, entries(state), { align: "end" })}
      />
    </header>
  );
}

/** Who is typing; else, in a room of two, who the other is. */
function TypingOrAbout({ room, state }: { room: RoomHandle; state: RoomState }) {
  const typing = room.typing.value;
  if (typing.length > 0) {
    return (
      <p class="room-typing truncate">
        <span class="typing-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {typingText(typing)}
      </p>
    );
  }
  const other =
    state.room.kind === "direct" || state.room.kind === "item"
      ? state.room.people.find((id) => id !== myId())
      : undefined;
  const person = other === undefined ? null : client.people.get(other);
  if (!person) return null;
  const about = [person.job, person.org_name].filter(Boolean).join(" · ");
  return <p class="room-about truncate">{person.nickname ? `${about} · ${person.nickname}` : about}</p>;
}

function typingText(typing: readonly string[]): string {
  const said = words.value.room;
  const [first = "", second = ""] = typing;
  if (typing.length === 1) return said.typingOne(nameOf(first));
  if (typing.length === 2) return said.typingTwo(nameOf(first), nameOf(second));
  return said.typingMany(typing.length);
}

function safetyEntries(state: RoomState): MenuEntry[] {
  const said = words.value.items;
  return [
    { label: said.report, icon: Flag, onSelect: () => openReport(state) },
    ...(state.room.blocked
      ? []
      : [{ label: said.block, icon: Ban, danger: true, onSelect: () => void block(state) }]),
  ];
}

function entries(state: RoomState): MenuEntry[] {
  const said = words.value.room;
  const chats = words.value.chats;
  const { kind } = state.room;
  return [
    ...(kind === "self" || kind === "item"
      ? []
      : [{ label: said.invite, icon: UserPlus, onSelect: () => void invite(state) }]),
    { label: said.rename, icon: PencilLine, onSelect: () => openRename(state) },
    {
      label: state.mine.muted ? chats.unmute : chats.mute,
      icon: state.mine.muted ? Bell : BellOff,
      onSelect: () => setMuted(state),
    },
    "line" as const,
    ...(kind === "item" ? safetyEntries(state) : []),
    {
      label: words.value.taking.clear,
      icon: Eraser,
      danger: true,
      onSelect: () => void clearForMe(state),
    },
    { label: said.leave, icon: LogOut, danger: true, onSelect: () => void leave(state) },
  ];
}
