import { useSignal } from "@preact/signals";
import { DoorOpen } from "lucide-preact";
import { useEffect } from "preact/hooks";
import type { RoomHandle, RoomState } from "../../core";
import { client } from "../client";
import { DropZone } from "../files/drop";
import { ViewerHost } from "../files/viewer";
import { go, pathTo } from "../frame/route";
import { width } from "../frame/width";
import { ItemCard } from "../items/item-card";
import { BlockedBar, ReportHost } from "../items/safety";
import { kept } from "../kept";
import { errorSentence, language, words } from "../language/language";
import { Button } from "../parts/button";
import { classes } from "../parts/class-names";
import { Empty } from "../parts/empty";
import { Skeleton } from "../parts/skeleton";
import { RoomSearch } from "../search/room-search";
import { Composer } from "./composer";
import { EditHost } from "./editing";
import { ForwardHost } from "./forward";
import { Header, type Side } from "./header";
import { Members } from "./members";
import { useOpeningStretch } from "./opening";
import { RenameHost } from "./rename";
import { Timeline } from "./timeline";
import { fitVisible } from "./visible-height";
import "./room.css";

const SHOW_MEMBERS = "members";

/** A room in front: its talk, its composer, its members. */
export function Room({ id }: { id: string }) {
  const blocked = client.rooms.get(id).state.value?.room.blocked ?? false;
  // A blocked room is not kept open by the server: it is opened again when it is none any more.
  useEffect(() => {
    client.openRoom(id);
    return () => client.closeRoom(id);
  }, [id, blocked]);
  useEffect(fitVisible, []);
  const room = client.rooms.get(id);
  const state = room.state.value;
  if (state) return <OpenRoom room={room} state={state} />;
  return client.rooms.list.value === null && client.connection.value.phase !== "stopped" ? (
    <section class="room">
      <Skeleton shape="talk" count={7} />
    </section>
  ) : (
    <Gone />
  );
}

function OpenRoom({ room, state }: { room: RoomHandle; state: RoomState }) {
  const side = useSignal<Side>(width.peek() === "wide" && kept.get(SHOW_MEMBERS) === "1" ? "members" : null);
  const name = client.rooms.name(state, language.value);
  const beside = width.value === "wide";
  useEffect(() => {
    if (beside && side.value !== "search") kept.set(SHOW_MEMBERS, side.value ? "1" : "0");
  }, [beside, side.value]);
  const closeSide = () => {
    side.value = null;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc from anywhere inside closes the pane that covers it
    <div
      class={classes("room-whole", side.value && "room-with-side")}
      onKeyDown={(event) => {
        if (event.key === "f" && (event.ctrlKey || event.metaKey) && !event.altKey) side.value = "search";
        else if (event.key === "Escape" && side.value && (!beside || side.value === "search")) closeSide();
        else return;
        event.preventDefault();
      }}
    >
      <section class="room" aria-label={name} inert={side.value !== null && !beside}>
        <Header room={room} state={state} side={side} />
        {state.room.item && <ItemCard item={state.room.item} />}
        <Talk room={room} state={state} name={name} />
        {state.room.blocked ? <BlockedBar state={state} /> : <Composer room={room} name={name} />}
      </section>
      {side.value && !beside && <div class="room-veil" onClick={closeSide} aria-hidden="true" />}
      {side.value === "members" && <Members room={room} state={state} onClose={closeSide} />}
      {side.value === "search" && <RoomSearch room={room} onClose={closeSide} />}
      <DropZone room={room.id} />
      <ViewerHost room={room} />
      <RenameHost />
      <EditHost />
      <ForwardHost />
      <ReportHost />
    </div>
  );
}

function Talk({ room, state, name }: { room: RoomHandle; state: RoomState; name: string }) {
  const said = words.value.room;
  const stretch = useOpeningStretch(room);
  const failed = room.loadError.value;
  if (stretch && (stretch.rows.length > 0 || room.outbox.value.length > 0)) {
    return <Timeline room={room} name={name} stretch={stretch} />;
  }
  if (stretch) {
    const hint = state.room.kind === "self" ? said.selfHint : said.emptyHint;
    return <Empty title={said.empty} body={hint} />;
  }
  if (failed !== null && room.loading.value === "none") {
    return (
      <Empty
        title={said.loadFailed}
        body={errorSentence({ code: failed })}
        action={<Button onPress={() => void client.loadHead(room.id)}>{words.value.words.retry}</Button>}
      />
    );
  }
  return (
    <div class="timeline-frame">
      <Skeleton shape="talk" count={7} />
    </div>
  );
}

function Gone() {
  const said = words.value.room;
  return (
    <Empty
      icon={DoorOpen}
      title={said.gone}
      body={said.goneHint}
      action={<Button onPress={() => go(pathTo.chats, { replace: true })}>{said.back}</Button>}
    />
  );
}
