import { useSignal } from "@preact/signals";
import { DoorOpen } from "lucide-preact";
import { useEffect } from "preact/hooks";
import type { RoomHandle, RoomState } from "../../core";
import { client } from "../client";
import { go, pathTo } from "../frame/route";
import { width } from "../frame/width";
import { kept } from "../kept";
import { errorSentence, language, words } from "../language/language";
import { Button } from "../parts/button";
import { classes } from "../parts/class-names";
import { Empty } from "../parts/empty";
import { Skeleton } from "../parts/skeleton";
import { Composer } from "./composer";
import { EditHost } from "./editing";
import { Header } from "./header";
import { Members } from "./members";
import { useOpeningStretch } from "./opening";
import { RenameHost } from "./rename";
import { Timeline } from "./timeline";
import { fitVisible } from "./visible-height";
import "./room.css";

const SHOW_MEMBERS = "members";

/** A room in front: its talk, its composer, its members. */
export function Room({ id }: { id: string }) {
  useEffect(() => {
    client.openRoom(id);
    return () => client.closeRoom(id);
  }, [id]);
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
  const showMembers = useSignal(width.peek() === "wide" && kept.get(SHOW_MEMBERS) === "1");
  const name = client.rooms.name(state, language.value);
  const beside = width.value === "wide";
  useEffect(() => {
    if (beside) kept.set(SHOW_MEMBERS, showMembers.value ? "1" : "0");
  }, [beside, showMembers.value]);
  const closeMembers = () => {
    showMembers.value = false;
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc from anywhere inside closes the pane that covers it
    <div
      class={classes("room-whole", showMembers.value && "room-with-side")}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !showMembers.value || beside) return;
        event.preventDefault();
        closeMembers();
      }}
    >
      <section class="room" aria-label={name} inert={showMembers.value && !beside}>
        <Header room={room} state={state} showMembers={showMembers} />
        <Talk room={room} state={state} name={name} />
        <Composer room={room} name={name} />
      </section>
      {showMembers.value && !beside && <div class="room-veil" onClick={closeMembers} aria-hidden="true" />}
      {showMembers.value && <Members room={room} state={state} onClose={closeMembers} />}
      <RenameHost />
      <EditHost />
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
