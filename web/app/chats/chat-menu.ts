import { Bell, BellOff, CheckCheck, LogOut, PencilLine, Pin, PinOff } from "lucide-preact";
import type { RoomView } from "../../core";
import { words } from "../language/language";
import { openMenu } from "../parts/menu";
import type { Anchor } from "../parts/popover";
import { openRename } from "../room/rename";
import { leave, markRead, setMuted, setPinned } from "../room/room-actions";

/** What can be done with a room without opening it. */
export function openChatMenu(anchor: Anchor, view: RoomView, name: string): void {
  const said = words.value.chats;
  const { muted, pinned, unread } = view.mine;
  openMenu(
    anchor,
    said.menu(name),
    [
      { label: said.markRead, icon: CheckCheck, onSelect: () => markRead(view), disabled: unread === 0 },
      {
        label: muted ? said.unmute : said.mute,
        icon: muted ? Bell : BellOff,
        onSelect: () => setMuted(view),
      },
      { label: pinned ? said.unpin : said.pin, icon: pinned ? PinOff : Pin, onSelect: () => setPinned(view) },
      { label: said.rename, icon: PencilLine, onSelect: () => openRename(view) },
      "line",
      { label: said.leave, icon: LogOut, danger: true, onSelect: () => void leave(view) },
    ],
    anchor instanceof Element ? { align: "end" } : {},
  );
}
