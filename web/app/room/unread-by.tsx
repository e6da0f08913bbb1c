import { useEffect, useState } from "preact/hooks";
import { client } from "../client";
import { errorSentence, words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { openPopover } from "../parts/popover";
import { Skeleton } from "../parts/skeleton";
import { nameOf } from "./people-words";

/** Shows who has not read a message, beside its number. */
export function openUnreadBy(anchor: Element, room: string, seq: number): void {
  openPopover({
    anchor,
    label: words.value.room.unreadBy(client.rooms.get(room).members.value.length),
    content: () => <UnreadBy room={room} seq={seq} />,
  });
}

type Answer = { people: readonly string[] } | { error: unknown } | null;

function UnreadBy({ room, seq }: { room: string; seq: number }) {
  const [answer, setAnswer] = useState<Answer>(null);
  useEffect(() => {
    client.unreadBy(room, seq).then(
      (people) => setAnswer({ people }),
      (error: unknown) => setAnswer({ error }),
    );
  }, [room, seq]);
  const said = words.value.room;
  if (!answer) return <Skeleton shape="row" count={2} />;
  if ("error" in answer) return <p class="unread-by-note prose">{errorSentence(answer.error)}</p>;
  if (answer.people.length === 0) return <p class="unread-by-note">{said.readByAll}</p>;
  return (
    <div class="unread-by">
      <p class="unread-by-note">{said.unreadByTitle(answer.people.length)}</p>
      <ul>
        {answer.people.map((id) => (
          <Unreader key={id} id={id} />
        ))}
      </ul>
    </div>
  );
}

function Unreader({ id }: { id: string }) {
  const person = client.people.get(id);
  return (
    <li class="unread-by-row">
      <Avatar person={person ?? { id, name: "" }} size={28} />
      <span class="truncate">{nameOf(id)}</span>
      <span class="unread-by-org truncate">{person?.org_name}</span>
    </li>
  );
}
