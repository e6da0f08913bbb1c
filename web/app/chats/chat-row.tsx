import { AtSign, Bell, BellOff, CheckCheck, CircleAlert, Ellipsis, LogOut, Pin, PinOff } from "lucide-preact";
import { useRef } from "preact/hooks";
import type { RoomView } from "../../core";
import { client } from "../client";
import { pathTo } from "../frame/route";
import { listTime } from "../language/dates";
import { language, words } from "../language/language";
import { Badge } from "../parts/badge";
import { IconButton } from "../parts/button";
import { ListRow } from "../parts/list-row";
import { myId } from "../room/people-words";
import { leave, markRead, setMuted, setPinned } from "../room/room-actions";
import { RoomPicture } from "../room/room-picture";
import { openChatMenu } from "./chat-menu";
import { LastLine } from "./last-line";
import { useSwipe } from "./swipe-row";

export interface ChatRowProps {
  view: RoomView;
  selected: boolean;
  /** The one row that Tab goes to; arrows lead to the others. */
  tabbable: boolean;
}

/** One room of the list: a link, its menu, and on a phone what a swipe uncovers. */
export function ChatRow({ view, selected, tabbable }: ChatRowProps) {
  const { room, mine } = view;
  const name = client.rooms.name(view, language.value);
  const front = useRef<HTMLDivElement>(null);
  const swipe = useSwipe(front);
  return (
    <>
      <SwipeActions view={view} onDone={swipe.close} />
      <div class="chat-front" ref={front} {...swipe.handlers}>
        <ListRow
          class="chat-link"
          href={pathTo.room(room.id)}
          selected={selected}
          tabIndex={tabbable ? 0 : -1}
          lead={<RoomPicture view={view} size={44} />}
          title={name}
          aside={<Aside view={view} />}
          time={room.last && <time>{listTime(room.last.at)}</time>}
          detail={<LastLine view={view} />}
          end={<Badge count={mine.unread} muted={mine.muted} />}
          onPress={(event) => swipe.swallows() && event.preventDefault()}
          onContextMenu={(event) => {
            event.preventDefault();
            const { clientX: x, clientY: y, currentTarget } = event;
            openChatMenu(x || y ? { x, y } : (currentTarget as Element), view, name);
          }}
        />
        <span class="chat-more">
          <IconButton
            icon={Ellipsis}
            label={words.value.chats.menu(name)}
            opens="menu"
            size="small"
            tabIndex={tabbable ? 0 : -1}
            onPress={(event) => openChatMenu(event.currentTarget, view, name)}
          />
        </span>
      </div>
    </>
  );
}

function Aside({ view }: { view: RoomView }) {
  const said = words.value.chats;
  const { room, mine } = view;
  return (
    <span class="chat-marks">
      {room.kind === "self" && <span class="chat-me">{said.me}</span>}
      {room.kind === "group" && (
        <span class="figures">
          <span aria-hidden="true">{room.member_count}</span>
          <span class="unseen">{said.members(room.member_count)}</span>
        </span>
      )}
      {room.item && <span class="chat-item">{room.item.title}</span>}
      {mine.unread > 0 && room.last?.mentions.includes(myId()) && (
        <AtSign size={13} class="chat-named" role="img" aria-label={words.value.naming.me} />
      )}
      {mine.pinned && <Pin size={12} role="img" aria-label={said.pinned} />}
      {mine.muted && <BellOff size={12} role="img" aria-label={said.muted} />}
      {client.rooms.failed.value.has(room.id) && (
        <CircleAlert size={13} class="chat-failed" role="img" aria-label={said.failedSend} />
      )}
    </span>
  );
}

/** What a swipe to the left uncovers. Never focused: the menu has all of it. */
function SwipeActions({ view, onDone }: { view: RoomView; onDone: () => void }) {
  const said = words.value.chats;
  const { muted, pinned, unread } = view.mine;
  const actions = [
    { label: said.markRead, icon: CheckCheck, act: markRead, off: unread === 0 },
    { label: muted ? said.unmute : said.mute, icon: muted ? Bell : BellOff, act: setMuted, off: false },
    { label: pinned ? said.unpin : said.pin, icon: pinned ? PinOff : Pin, act: setPinned, off: false },
    { label: said.leave, icon: LogOut, act: (of: RoomView) => void leave(of), off: false },
  ];
  return (
    <div class="chat-swipe" aria-hidden="true">
      {actions.map(({ label, icon: Icon, act, off }) => (
        <button
          key={label}
          type="button"
          tabIndex={-1}
          disabled={off}
          onClick={() => {
            onDone();
            act(view);
          }}
        >
          <Icon size={18} aria-hidden="true" />
          <span>{label}</span>
        </button>
      ))}
    </div>
  );
}
