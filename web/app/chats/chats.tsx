import { signal } from "@preact/signals";
import { MessageCircle, SearchX, SquarePen } from "lucide-preact";
import { useRef } from "preact/hooks";
import type { RoomView } from "../../core";
import { client } from "../client";
import { go, pathTo, route } from "../frame/route";
import { language, words } from "../language/language";
import { PermissionLine } from "../notify/permission-line";
import { Button, IconButton } from "../parts/button";
import { Empty } from "../parts/empty";
import { SearchField } from "../parts/search-field";
import { Skeleton } from "../parts/skeleton";
import { openPeoplePicker } from "../people/picker";
import { talkWith } from "../people/talk";
import { RenameHost } from "../room/rename";
import { ChatList } from "./chat-list";
import { roomMatches } from "./matching";
import "./chats.css";

/** Kept while the page lives: coming back from a room on a phone finds the search as it was. */
const typed = signal("");

async function startChat(): Promise<void> {
  const said = words.value;
  const people = await openPeoplePicker({ title: said.chats.start, action: said.people.startTalk });
  if (people && people.length > 0) await talkWith(people);
}

/** The list of my rooms. */
export function Chats() {
  const said = words.value.chats;
  const scroller = useRef<HTMLDivElement>(null);
  const list = client.rooms.list.value;
  const wanted = typed.value.trim();
  const found = list?.filter((view) => !wanted || roomMatches(view, wanted, language.value)) ?? null;
  const focusFirst = () => scroller.current?.querySelector<HTMLElement>("a")?.focus();
  return (
    <section class="pane chats" aria-labelledby="chats-title">
      <header class="pane-head">
        <h1 class="pane-title" id="chats-title">
          {said.title}
        </h1>
        <IconButton icon={SquarePen} label={said.start} opens="dialog" onPress={() => void startChat()} />
      </header>
      <div class="pane-search">
        <SearchField
          label={said.search}
          value={typed.value}
          onInput={(text) => (typed.value = text)}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") focusFirst();
            else if (event.key === "Enter" && wanted && found?.[0]) openFound(found[0]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <PermissionLine />
      {found === null ? (
        <Skeleton shape="row" count={9} />
      ) : found.length > 0 ? (
        <ChatList scroller={scroller} views={found} selected={route.value.room} />
      ) : (
        <Nothing wanted={wanted} />
      )}
      {route.value.room === null && <RenameHost />}
    </section>
  );
}

function openFound(view: RoomView): void {
  go(pathTo.room(view.room.id), { replace: route.peek().room !== null });
}

function Nothing({ wanted }: { wanted: string }) {
  const said = words.value.chats;
  return wanted ? (
    <Empty icon={SearchX} title={said.nothing(wanted)} body={said.nothingHint} />
  ) : (
    <Empty
      icon={MessageCircle}
      title={said.empty}
      body={said.emptyHint}
      action={
        <Button kind="primary" onPress={() => go(pathTo.people)}>
          {said.toPeople}
        </Button>
      }
    />
  );
}
