import { Copy, Eye, Pencil, Reply } from "lucide-preact";
import type { Message } from "../../core";
import { words } from "../language/language";
import { openMenu } from "../parts/menu";
import type { Anchor } from "../parts/popover";
import { toast } from "../parts/toast";
import { openEdit } from "./editing";
import { myId } from "./people-words";
import { QuickReactions } from "./reactions";
import { replyTo } from "./replying";
import { openUnreadBy } from "./unread-by";

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Pages not served over https have no clipboard; the old way still works there.
    const holder = document.createElement("textarea");
    holder.value = text;
    document.body.append(holder);
    holder.select();
    document.execCommand("copy");
    holder.remove();
  }
  toast(words.value.words.copied);
}

/** What can be done with one message. `row` is where a panel that follows stands. */
export function openMessageMenu(
  at: Anchor,
  row: Element,
  room: string,
  message: Message,
  unread: number,
): void {
  const said = words.value.room;
  const entries = [
    { label: said.reply, icon: Reply, onSelect: () => replyTo(room, message) },
    { label: said.copyText, icon: Copy, onSelect: () => void copy(message.body) },
    ...(message.sender === myId()
      ? [{ label: said.edit, icon: Pencil, onSelect: () => openEdit(room, message) }]
      : []),
    ...(unread > 0
      ? [{ label: said.unreadBy(unread), icon: Eye, onSelect: () => openUnreadBy(row, room, message.seq) }]
      : []),
  ];
  openMenu(at, said.messageMenu, entries, {
    head: () => <QuickReactions room={room} message={message} />,
  });
}
