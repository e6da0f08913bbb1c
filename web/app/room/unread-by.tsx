import { useEffect, useState } from "preact/hooks";
import { client } from "../client";
import { errorSentence, words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { openPopover } from "../parts/popover";
import { Skeleton } from "../parts/skeleton";
import { Tabs } from "../parts/tabs";
import { nameOf } from "./people-words";

/** Shows who has not read a message and who has, beside its number. */
export function openUnreadBy(anchor: Element, room: string, seq: number): void {
  openPopover({
    anchor,
    label: words.value.room.readers,
    content: () => <UnreadBy room={room} seq={seq} />,
  });
}

type Answer = { unread: readonly string[]; read: readonly string[] } | { error: unknown } | null;

function UnreadBy({ room, seq }: { room: string; seq: number }) {
  const [answer, setAnswer] = useState<Answer>(null);
  useEffect(() => {
    client.readers(room, seq).then(setAnswer, (error: unknown) => setAnswer({ error }));
  }, [room, seq]);
  const said = words.value.room;
  const [shown, show] = useState<"unread" | "read" | null>(null);
  if (!answer) return <Skeleton shape="row" count={2} />;
  if ("error" in answer) return <p class="unread-by-note prose">{errorSentence(answer.error)}</p>;
  const tab = shown ?? (answer.unread.length > 0 ? "unread" : "read");
  const people = answer[tab];
  return (
    <div class="unread-by">
      <Tabs
        label={said.readers}
        value={tab}
        options={[
          { value: "unread", label: said.unreadTab(answer.unread.length) },
          { value: "read", label: said.readTab(answer.read.length) },
        ]}
        onChange={show}
      />
      {people.length === 0 && (
        <p class="unread-by-note">{tab === "unread" ? said.readByAll : said.readByNobody}</p>
      )}
      <ul>
        {people.map((id) => (
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
