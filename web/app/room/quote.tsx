import { X } from "lucide-preact";
import type { Message } from "../../core";
import { client } from "../client";
import { lineOf } from "../files/about";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { myId, nameOf } from "./people-words";
import { replyingIn, stopReplying } from "./replying";
import "./quote.css";

function whose(message: Message): string {
  return message.sender === myId() ? words.value.room.me : nameOf(message.sender);
}

/** What a message answers, in its bubble; a press goes there. */
export function Quote({ room, seq, onJump }: { room: string; seq: number; onJump: (seq: number) => void }) {
  const said = words.value.room;
  const original = client.rooms.get(room).quoted(seq);
  if (original === undefined) return <span class="quote quote-waiting" aria-hidden="true" />;
  if (original === null) return <span class="quote quote-gone">{said.originalGone}</span>;
  return (
    <button
      type="button"
      class="quote"
      tabIndex={-1}
      aria-label={said.originalOf(whose(original), lineOf(original))}
      onClick={() => onJump(seq)}
    >
      <span class="quote-name truncate">{whose(original)}</span>
      <span class="quote-text">{lineOf(original)}</span>
    </button>
  );
}

/** Above the field: what is being answered, and the way out of it. */
export function ReplyBar({ room }: { room: string }) {
  const original = replyingIn(room);
  if (!original) return null;
  const said = words.value.room;
  return (
    <div class="reply-bar">
      <div class="reply-bar-quote">
        <p class="quote-name truncate">{said.replyingTo(whose(original))}</p>
        <p class="quote-text quote-line">{lineOf(original)}</p>
      </div>
      <IconButton icon={X} size="small" label={said.stopReplying} onPress={stopReplying} />
    </div>
  );
}
