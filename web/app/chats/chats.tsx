import { signal } from "@preact/signals";
import { MessageCircle, SearchX, SquarePen } from "lucide-preact";
import { useRef } from "preact/hooks";
import type { RoomView } from "../../core";
import { client } from "../client";
import { go, pathTo, route } from "../frame/route";
import { groupByItem } from "../items/by-item";
import { Coming } from "../items/coming";
import { language, words } from "../language/language";
import { PermissionLine } from "../notify/permission-line";
import { Button, IconButton } from "../parts/button";
import { Empty } from "../parts/empty";
import { SearchField } from "../parts/search-field";
import { Skeleton } from "../parts/skeleton";
import { Tabs } from "../parts/tabs";
import { openPeoplePicker } from "../people/picker";
import { talkWith } from "../people/talk";
import { myId } from "../room/people-words";
import { RenameHost } from "../room/rename";
import { FoundEverywhere } from "../search/everywhere";
import { ChatList } from "./chat-list";
import { roomMatches } from "./matching";
import "./chats.css";

/** Kept while the page lives: coming back from a room on a phone finds the search as it was. */
const typed = signal("");
const scope = signal<"rooms" | "messages">("rooms");
const which = signal<Which>("all");

type Which = "all" | "owned" | "asked";

/** Of rooms about items: those about mine, and those in which I ask. */
function isOf(view: RoomView, wanted: Which): boolean {
  if (wanted === "all") return true;
  const { item } = view.room;
  return item !== null && (item.owner === myId()) === (wanted === "owned");
}

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
  const asks = list?.some((view) => view.room.item !== null) ?? false;
  const kept = asks ? which.value : "all";
  const found =
    list?.filter((view) => isOf(view, kept) && (!wanted || roomMatches(view, wanted, language.value))) ??
    null;
  // What I am asked stands by the thing that it is about.
  const groups = kept === "owned" && !wanted && found ? groupByItem(found) : null;
  const heads =
    groups && new Map(groups.flatMap((group) => (group.views[0] ? [[group.views[0].room.id, group]] : [])));
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
      {asks && !wanted && (
        <div class="chats-scope">
          <Tabs
            label={words.value.items.lists}
            value={which.value}
            options={[
              { value: "all", label: words.value.items.all },
              { value: "owned", label: words.value.items.owned },
              { value: "asked", label: words.value.items.asked },
            ]}
            onChange={(next) => (which.value = next)}
          />
        </div>
      )}
      {kept !== "all" && !wanted && found && <Coming views={found} />}
      {wanted && (
        <div class="chats-scope">
          <Tabs
            label={words.value.search.scope}
            value={scope.value}
            options={[
              { value: "rooms", label: words.value.search.rooms },
              { value: "messages", label: words.value.search.everywhere },
            ]}
            onChange={(next) => (scope.value = next)}
          />
        </div>
      )}
      {wanted && scope.value === "messages" ? (
        <FoundEverywhere text={wanted} />
      ) : found === null ? (
        <Skeleton shape="row" count={9} />
      ) : found.length > 0 ? (
        <ChatList
          scroller={scroller}
          views={groups ? groups.flatMap(({ views }) => views) : found}
          selected={route.value.room}
          heads={heads ?? undefined}
        />
      ) : kept !== "all" && !wanted ? (
        <Empty icon={MessageCircle} title={words.value.items.none} body="" />
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
