import { MoreHorizontal } from "lucide-preact";
import type { Message } from "../../core";
import { client } from "../client";
import { dayLine, fullTime, timeOfDay } from "../language/dates";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { IconButton } from "../parts/button";
import { classes } from "../parts/class-names";
import { openPersonCard } from "../people/person-card";
import { Forwarded } from "./forwarded";
import { openMessageMenu } from "./message-menu";
import { nameOf, noticeText } from "./people-words";
import { PreviewCard } from "./preview-card";
import { Quote } from "./quote";
import { Reactions } from "./reactions";
import { Said } from "./said";
import { openUnreadBy } from "./unread-by";

export interface MessageRowProps {
  room: string;
  message: Message;
  mine: boolean;
  opens: boolean;
  timed: boolean;
  onJump: (seq: number) => void;
}

/** A line across the timeline: a day, or where the reader stopped. */
export function DayLine({ at }: { at: number }) {
  return (
    <div class="day-line">
      <span>{dayLine(at)}</span>
    </div>
  );
}

export function StoppedLine() {
  return (
    <div class="stopped-line">
      <span>{words.value.room.unreadHere}</span>
    </div>
  );
}

export function NoticeRow({ message }: { message: Message }) {
  return (
    <p class="notice-row" data-seq={message.seq}>
      <span class="prose">{noticeText(message)}</span>
    </p>
  );
}

function Unread({ room, message }: { room: string; message: Message }) {
  const count = client.rooms.get(room).unreadCount.value(message);
  if (count <= 0) return null;
  const name = words.value.room.unreadBy(count);
  return (
    <button
      type="button"
      class="unread-count figures"
      data-tip={name}
      // One Tab stop a message would make the way to the composer endless; the message's menu has it too.
      tabIndex={-1}
      onClick={(event) => openUnreadBy(event.currentTarget, room, message.seq)}
    >
      <span aria-hidden="true">{count}</span>
      <span class="unseen">{name}</span>
    </button>
  );
}

/** Somebody's talk, or mine. */
export function MessageRow({ room, message, mine, opens, timed, onJump }: MessageRowProps) {
  const name = mine ? words.value.room.me : nameOf(message.sender);
  const person = mine || !opens ? null : client.people.get(message.sender);
  const unread = () => client.rooms.get(room).unreadCount.peek()(message);
  return (
    <article
      class={classes("message", mine && "message-mine", opens && "message-opens")}
      aria-label={words.value.room.saidAt(name, fullTime(message.at))}
      data-seq={message.seq}
      tabIndex={-1}
    >
      {opens && !mine && (
        <button
          type="button"
          class="message-face"
          tabIndex={-1}
          aria-label={words.value.profile.title(name)}
          onClick={() => openPersonCard(message.sender)}
        >
          <Avatar person={person ?? { id: message.sender, name: "" }} size={36} />
        </button>
      )}
      <div class="message-body">
        {opens && !mine && (
          <p class="message-name truncate" aria-hidden="true">
            {name}
          </p>
        )}
        <div class="message-line">
          <div class={classes("bubble prose", message.kind === "revoked" && "bubble-revoked")}>
            {message.forwarded && <Forwarded />}
            {message.reply_to > 0 && <Quote room={room} seq={message.reply_to} onJump={onJump} />}
            {message.kind === "revoked" ? (
              <span class="said-revoked">{words.value.taking.revoked}</span>
            ) : (
              <Said body={message.body} files={message.files} mentions={message.mentions} />
            )}
          </div>
          <span class="message-side">
            <Unread room={room} message={message} />
            {message.edited_at > 0 && <span class="message-edited">{words.value.room.edited}</span>}
            {timed && (
              <time class="message-time figures" aria-hidden="true">
                {timeOfDay(message.at)}
              </time>
            )}
          </span>
          <IconButton
            class="message-more"
            icon={MoreHorizontal}
            label={words.value.room.messageMenu}
            opens="menu"
            size="small"
            onPress={(event) =>
              openMessageMenu(event.currentTarget, event.currentTarget, room, message, unread())
            }
          />
        </div>
        {message.preview && <PreviewCard room={room} seq={message.seq} preview={message.preview} />}
        <Reactions room={room} message={message} />
      </div>
    </article>
  );
}
