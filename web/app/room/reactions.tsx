import { SmilePlus } from "lucide-preact";
import type { Message, Reaction } from "../../core";
import { client } from "../client";
import { openEmoji } from "../emoji/emoji-panel";
import { errorSentence, words } from "../language/language";
import { classes } from "../parts/class-names";
import { closePopover } from "../parts/popover";
import { toast } from "../parts/toast";
import { myId, nameOf } from "./people-words";
import "./reactions.css";

/** What people answer with most, at hand without looking for it. */
const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"] as const;
const NAMED = 10;

function isMine(reaction: Reaction | undefined): boolean {
  return reaction?.people.includes(myId()) ?? false;
}

/** Puts the emoji there, or takes mine away where it stands already. */
function toggle(room: string, message: Message, emoji: string): void {
  const on = !isMine(message.reactions.find((each) => each.emoji === emoji));
  client.react(room, message.seq, emoji, on).catch((error: unknown) => {
    toast(errorSentence(error), { kind: "bad" });
  });
}

function namesOf({ people }: Reaction): string {
  const named = people.slice(0, NAMED).map((id) => (id === myId() ? words.value.room.me : nameOf(id)));
  return words.value.notice.more(named.join(", "), people.length - named.length);
}

/** What people have put under a message; a press adds mine or takes it away. */
export function Reactions({ room, message }: { room: string; message: Message }) {
  if (message.reactions.length === 0) return null;
  const said = words.value.room;
  return (
    <ul class="reactions" aria-label={said.reactions}>
      {message.reactions.map((reaction) => {
        const { emoji, people } = reaction;
        const mine = isMine(reaction);
        const names = namesOf(reaction);
        return (
          <li key={emoji}>
            <button
              type="button"
              class={classes("reaction", mine && "reaction-mine")}
              // The message's menu has them too: a Tab stop each would make the way to the composer endless.
              tabIndex={-1}
              aria-pressed={mine}
              aria-label={said.reactedBy(emoji, people.length, names)}
              data-tip={names}
              onClick={() => toggle(room, message, emoji)}
            >
              <span aria-hidden="true">{emoji}</span>
              <span class="figures" aria-hidden="true">
                {people.length}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The row of emoji at the head of a message's menu. */
export function QuickReactions({ room, message }: { room: string; message: Message }) {
  const more = words.value.emoji.more;
  return (
    <div class="quick-reactions">
      {QUICK.map((emoji) => {
        const mine = isMine(message.reactions.find((each) => each.emoji === emoji));
        return (
          <button
            key={emoji}
            type="button"
            role="menuitemcheckbox"
            aria-checked={mine}
            class={classes("quick-reaction", mine && "quick-reaction-mine")}
            aria-label={words.value.room.react(emoji)}
            onClick={() => {
              closePopover();
              toggle(room, message, emoji);
            }}
          >
            {emoji}
          </button>
        );
      })}
      <button
        type="button"
        role="menuitem"
        class="quick-reaction quick-more"
        aria-label={more}
        data-tip={more}
        onClick={() => {
          const row = document.querySelector(`.timeline article[data-seq="${message.seq}"] .bubble`);
          closePopover();
          openEmoji(row ?? { x: innerWidth / 2, y: innerHeight / 2 }, (emoji) =>
            toggle(room, message, emoji),
          );
        }}
      >
        <SmilePlus size={18} aria-hidden="true" />
      </button>
    </div>
  );
}
