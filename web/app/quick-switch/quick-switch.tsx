import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../client";
import { go, pathTo } from "../frame/route";
import { listTime } from "../language/dates";
import { words } from "../language/language";
import { announce } from "../parts/announce";
import { Avatar, AvatarMosaic } from "../parts/avatar";
import { Badge } from "../parts/badge";
import { classes } from "../parts/class-names";
import { Dialog } from "../parts/dialog";
import { SearchField } from "../parts/search-field";
import { talkWith } from "../people/talk";
import { quickSwitchOpen } from "./open";
import { type Target, useTargets } from "./targets";
import "./quick-switch.css";

const LIST = "quick-switch-list";

function facesOf(target: Target & { kind: "room" }) {
  const session = client.session.value;
  const me = session.phase === "signed_in" ? session.me.id : "";
  const ids = target.view.room.people;
  const others = ids.filter((id) => id !== me);
  return (others.length > 0 ? others : ids).map((id) => ({
    id,
    name: client.people.get(id)?.name ?? "",
    photo: client.people.get(id)?.photo,
  }));
}

export function TargetWords({ target }: { target: Target }) {
  if (target.kind === "person") {
    const { job, org_name } = target.person;
    return (
      <>
        <Avatar person={target.person} size={32} />
        <span class="quick-name truncate">{target.name}</span>
        <span class="quick-aside truncate">{[job, org_name].filter(Boolean).join(" · ")}</span>
      </>
    );
  }
  const { room, mine } = target.view;
  return (
    <>
      <AvatarMosaic people={facesOf(target)} size={32} />
      <span class="quick-name truncate">{target.name}</span>
      {room.kind === "group" && <span class="quick-aside figures">{room.member_count}</span>}
      <span class="quick-end figures">
        {mine.unread > 0 ? (
          <Badge count={mine.unread} muted={mine.muted} />
        ) : (
          room.last && listTime(room.last.at)
        )}
      </span>
    </>
  );
}

function headOf(targets: readonly Target[], at: number, typed: string): string | null {
  const target = targets[at];
  if (!target || targets[at - 1]?.kind === target.kind) return null;
  const said = words.value.quick;
  if (target.kind === "person") return said.people;
  return typed.trim() ? said.rooms : said.recent;
}

function QuickSwitch({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const targets = useTargets(typed);
  const said = words.value.quick;
  const active = Math.min(at, Math.max(0, targets.length - 1));

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });
  useEffect(() => {
    if (typed.trim()) announce(words.value.quick.count(targets.length));
  }, [typed, targets.length]);

  const choose = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    if (target.kind === "room") go(pathTo.room(target.view.room.id));
    else void talkWith([target.person.id]);
  };
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && targets.length > 0) setAt((active + step + targets.length) % targets.length);
    else if (event.key === "Enter") choose(targets[active]);
    else return;
    event.preventDefault();
  };
  const activeTarget = targets[active];
  return (
    <Dialog title={said.title} hideTitle shape="top" onClose={onClose}>
      <SearchField
        label={said.search}
        value={typed}
        onInput={(next) => {
          setTyped(next);
          setAt(0);
        }}
        onKeyDown={keyDown}
        controls={LIST}
        activeDescendant={activeTarget?.key}
        autofocus
      />
      <div class="quick-list" id={LIST} role="listbox" aria-label={said.title} ref={list}>
        {targets.map((target, index) => {
          const head = headOf(targets, index, typed);
          return (
            <>
              {head && (
                <div key={`head-${target.kind}`} class="quick-head" role="presentation">
                  {head}
                </div>
              )}
              {/* biome-ignore lint/a11y: the field has the focus and hears the keys */}
              <div
                key={target.key}
                id={target.key}
                class={classes("quick-row", index === active && "quick-row-active")}
                role="option"
                aria-selected={index === active}
                onClick={() => choose(target)}
              >
                <TargetWords target={target} />
              </div>
            </>
          );
        })}
      </div>
      {targets.length === 0 && <p class="quick-nothing">{said.nothing}</p>}
      <p class="quick-hint">{said.hint}</p>
    </Dialog>
  );
}

/** Where it appears; once, in the frame. */
export function QuickSwitchHost() {
  if (!quickSwitchOpen.value || client.session.value.phase !== "signed_in") return null;
  return (
    <QuickSwitch
      onClose={() => {
        quickSwitchOpen.value = false;
      }}
    />
  );
}
