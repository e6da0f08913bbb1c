import {
  Copy,
  Eye,
  Forward,
  Image as ImageIcon,
  Pencil,
  Pin,
  PinOff,
  Reply,
  Trash2,
  Undo2,
} from "lucide-preact";
import type { Message } from "../../core";
import { client } from "../client";
import { isGone } from "../files/about";
import { copyPicture } from "../files/copy-picture";
import { words } from "../language/language";
import { type MenuEntry, openMenu } from "../parts/menu";
import type { Anchor } from "../parts/popover";
import { toast } from "../parts/toast";
import { attempt } from "./attempt";
import { openEdit } from "./editing";
import { openForward } from "./forward";
import { myId } from "./people-words";
import { QuickReactions } from "./reactions";
import { replyTo } from "./replying";
import { deleteForMe, mayEdit, mayRevoke, revoke } from "./taking-back";
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

/** The one picture of a message, for pasting elsewhere. */
function imageEntries({ files }: Message) {
  const [file, ...others] = files.filter((each) => each.kind === "image" && !isGone(each));
  if (!file || others.length > 0 || !("ClipboardItem" in globalThis)) return [];
  const { copyImage: label } = words.value.files;
  return [{ label, icon: ImageIcon, onSelect: () => void copyPicture(file.id) }];
}

/** What can be done with one message. `row` is where a panel that follows stands. */
export function openMessageMenu(
  at: Anchor,
  row: Element,
  room: string,
  message: Message,
  unread: number,
): void {
  const isText = message.kind === "text";
  const entries = [...(isText ? talkEntries(room, message) : []), ...endEntries(row, room, message, unread)];
  const head = () => <QuickReactions room={room} message={message} />;
  openMenu(at, words.value.room.messageMenu, entries, isText ? { head } : {});
}

function talkEntries(room: string, message: Message): MenuEntry[] {
  const said = words.value.room;
  const isPinned = client.rooms.get(room).state.peek()?.room.pinned === message.seq;
  return [
    { label: said.reply, icon: Reply, onSelect: () => replyTo(room, message) },
    ...(message.body ? [{ label: said.copyText, icon: Copy, onSelect: () => void copy(message.body) }] : []),
    ...imageEntries(message),
    { label: words.value.files.forward, icon: Forward, onSelect: () => openForward(room, message) },
    {
      label: isPinned ? words.value.taking.unpin : words.value.taking.pin,
      icon: isPinned ? PinOff : Pin,
      onSelect: () => void attempt(client.pinMessage(room, isPinned ? 0 : message.seq)),
    },
    ...(mayEdit(message)
      ? [{ label: said.edit, icon: Pencil, onSelect: () => openEdit(room, message) }]
      : []),
  ];
}

function endEntries(row: Element, room: string, message: Message, unread: number): MenuEntry[] {
  const said = words.value.taking;
  const { unreadBy, readers } = words.value.room;
  const label = unread > 0 ? unreadBy(unread) : readers;
  return [
    ...(message.kind === "text" && mayAskForReaders(message)
      ? [{ label, icon: Eye, onSelect: () => openUnreadBy(row, room, message.seq) }]
      : []),
    ...(message.kind === "text" ? ["line" as const] : []),
    ...(mayRevoke(message)
      ? [{ label: said.revoke, icon: Undo2, danger: true, onSelect: () => void revoke(room, message) }]
      : []),
    { label: said.remove, icon: Trash2, danger: true, onSelect: () => void deleteForMe(room, message) },
  ];
}

/** The house may show receipts to all, to senders, or to nobody. */
function mayAskForReaders(message: Message): boolean {
  const receipts = client.receipts.peek();
  return receipts === "all" || (receipts === "sender" && message.sender === myId());
}
