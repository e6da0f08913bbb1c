import type { RoomView } from "../../core";
import { client } from "../client";
import { lineOf } from "../files/about";
import { words } from "../language/language";
import { myId, nameOf } from "../room/people-words";

const ONE_LINE = /\s+/gu;

/** The second line of a room: what I have begun to write, else what was said last, with who said it. */
export function LastLine({ view }: { view: RoomView }) {
  const said = words.value.chats;
  const { id, last, kind } = view.room;
  // In the room in front one sees what one writes; its row need not change with every letter.
  const elsewhere = client.openedRoom.value !== id && client.rooms.drafts.value.has(id);
  const draft = elsewhere ? client.rooms.get(id).draft.value.trim() : "";
  if (draft) {
    return (
      <>
        <span class="chat-draft">{said.draft}</span> {oneLine(draft)}
      </>
    );
  }
  if (!last) return <span class="chat-silent">{said.noTalkYet}</span>;
  const mine = last.sender === myId();
  const sender = kind === "self" ? "" : mine ? said.me : kind === "group" ? nameOf(last.sender) : "";
  const line = oneLine(lineOf(last));
  return <>{sender ? `${sender}: ${line}` : line}</>;
}

/** As much as a line can show; a text of 4,000 letters need not be laid out for it. */
function oneLine(text: string): string {
  return text.slice(0, 160).replace(ONE_LINE, " ");
}
