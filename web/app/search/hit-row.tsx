import type { Message } from "../../core";
import { client } from "../client";
import { lineOf } from "../files/about";
import { fullTime, listTime } from "../language/dates";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { myId, nameOf } from "../room/people-words";
import { markedParts } from "./marked";

export interface HitRowProps {
  message: Message;
  /** The room, where hits of several stand together. */
  room?: string | undefined;
  sought: string;
  onPress: () => void;
}

/** A message that was found: who said it, when, and the words around what was sought. */
export function HitRow({ message, room, sought, onPress }: HitRowProps) {
  const name = message.sender === myId() ? words.value.room.me : nameOf(message.sender);
  const person = client.people.get(message.sender);
  const files = message.files.map((file) => file.name).join(", ");
  const text = [message.body, files].filter(Boolean).join(" · ") || lineOf(message);
  return (
    <li>
      <button
        type="button"
        class="hit"
        aria-label={words.value.search.hit(name, fullTime(message.at), text)}
        onClick={onPress}
      >
        <Avatar person={person ?? { id: message.sender, name: "" }} size={32} />
        <span class="hit-about">
          <span class="hit-head">
            <span class="hit-name truncate">{room ? `${room} · ${name}` : name}</span>
            <time class="hit-time figures">{listTime(message.at)}</time>
          </span>
          <span class="hit-text">
            {markedParts(text, sought).map((part, at) =>
              part.marked ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>,
            )}
          </span>
        </span>
      </button>
    </li>
  );
}
