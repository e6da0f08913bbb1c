import { ArrowLeft, MessageCircleX, SendHorizontal } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Item, MAX_TEXT, randomKey } from "../../core";
import { client } from "../client";
import { go, goUp, type About as Place, pathTo } from "../frame/route";
import { width } from "../frame/width";
import { kept } from "../kept";
import { errorSentence, words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { IconButton } from "../parts/button";
import { Empty } from "../parts/empty";
import { composing } from "../parts/keys";
import { Skeleton } from "../parts/skeleton";
import { toast } from "../parts/toast";
import { myId, nameOf } from "../room/people-words";
import { ItemCard } from "./item-card";

const glass = matchMedia("(pointer: coarse) and (hover: none)");

/** An item that I have not asked about yet: the first message makes the room, and leads into it. */
export function About({ about }: { about: Place }) {
  const [item, setItem] = useState<Item | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const phase = client.connection.value.phase;
  useEffect(() => {
    if (phase !== "ready" || item) return;
    setFailed(null);
    client.askItem({ kind: about.kind, id: about.id }, about.pass).then(
      ({ item: found, room }) => {
        if (room) go(pathTo.room(room), { replace: true });
        else if (found.owner === myId()) go(pathTo.chats, { replace: true });
        else setItem(found);
      },
      (error) => setFailed(errorSentence(error)),
    );
  }, [phase]);
  if (failed !== null) {
    return <Empty icon={MessageCircleX} title={words.value.items.cannot} body={failed} />;
  }
  return (
    <section class="room" aria-label={item?.title ?? words.value.items.about}>
      <header class="room-header">
        {width.value === "phone" && (
          <IconButton icon={ArrowLeft} label={words.value.room.back} onPress={goUp} />
        )}
        {item && <Owner id={item.owner} />}
      </header>
      {item ? <ItemCard item={item} /> : <Skeleton shape="row" count={1} />}
      <div class="about-empty">
        <b>{words.value.items.first}</b>
        <span>{words.value.items.firstHint}</span>
      </div>
      {item &&
        (item.is_open ? <Field about={about} /> : <p class="blocked-bar">{words.value.items.closed}</p>)}
    </section>
  );
}

function Owner({ id }: { id: string }) {
  const person = client.people.get(id);
  return (
    <>
      <Avatar person={person ?? { id, name: "" }} size={36} />
      <div class="room-heading about-whom">
        <h1 class="room-title truncate">{nameOf(id)}</h1>
        {person?.nickname && <p class="room-about truncate">{person.nickname}</p>}
      </div>
    </>
  );
}

function Field({ about }: { about: Place }) {
  const place = `about.${about.kind}/${about.id}`;
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(kept.get(place) ?? "");
  const [busy, setBusy] = useState(false);
  /** The same key until the text is another one: what was sent twice is there once. */
  const key = useRef({ of: "", id: "" });
  const said = words.value.room;
  useEffect(() => {
    if (!glass.matches) field.current?.focus({ preventScroll: true });
  }, []);
  const ready = text.trim() !== "" && text.length <= MAX_TEXT && !busy;
  const send = async () => {
    if (!ready) return;
    if (key.current.of !== text) key.current = { of: text, id: randomKey() };
    setBusy(true);
    try {
      const room = await client.sendToItem(
        { kind: about.kind, id: about.id },
        key.current.id,
        text,
        about.pass,
      );
      kept.set(place, "");
      go(pathTo.room(room), { replace: true });
    } catch (error) {
      toast(errorSentence(error), { kind: "bad" });
      setBusy(false);
    }
  };
  return (
    <form
      class="about-field"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label={words.value.items.write}
        placeholder={words.value.items.write}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          kept.set(place, event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || composing(event) || glass.matches) return;
          event.preventDefault();
          void send();
        }}
      />
      <IconButton
        icon={SendHorizontal}
        label={said.send}
        kind={ready ? "primary" : "quiet"}
        disabled={!ready}
        type="submit"
      />
    </form>
  );
}
