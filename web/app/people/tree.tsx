import { ChevronDown, ChevronRight } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { Person } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { Button } from "../parts/button";
import { classes } from "../parts/class-names";
import { Skeleton } from "../parts/skeleton";
import type { DirectoryState } from "./directory-state";
import { PersonEnd, PersonWords } from "./person-row";
import { isStop, type Row, type RowOfSomething } from "./rows";
import { treeKeys } from "./tree-keys";
import "./tree.css";

export interface TreeProps {
  state: DirectoryState;
  /** Enter or a press on a person. */
  onOpen: (person: Person) => void;
  /** Space or a press on the tick. */
  onChoose: (person: Person) => void;
  /** Ids that are in already and cannot be ticked. */
  locked?: ReadonlySet<string>;
  /** Whose profile is in front. */
  openPerson?: string | null;
  /** A letter typed in the tree belongs to the search field. */
  onLetter: () => void;
  /** Arrow up from the first row. */
  onLeave: () => void;
}

/** The core watches at most a thousand; a screen shows far fewer at a time. */
const MOST_WATCHED = 500;

function Branch({ row, onToggle }: { row: Row & { kind: "org" | "team" }; onToggle: () => void }) {
  const Chevron = row.open ? ChevronDown : ChevronRight;
  const said = words.value.people;
  return (
    // biome-ignore lint/a11y: the tree around it hears the keys
    <span class={classes("tree-org", row.level === 1 && "tree-root")} onClick={onToggle}>
      <Chevron size={16} aria-hidden="true" />
      <span class="truncate">
        {row.kind === "org" ? row.name : row.alone ? said.talkedWith : said.myTeam}
      </span>
    </span>
  );
}

function Waiting({
  row,
  state,
}: {
  row: Row & { kind: "loading" | "failed" | "empty" };
  state: DirectoryState;
}) {
  const said = words.value;
  const again = () => {
    if (row.code) return void state.fetchMembers(row.code);
    if (state.words.value) return state.search(state.words.value);
    return void state.load();
  };
  if (row.kind === "loading") return <Skeleton shape="row" count={row.code ? 2 : 6} />;
  return (
    <span class="tree-note">
      {row.kind === "empty" ? said.people.emptyOrg : said.people.failed}
      {row.kind === "failed" && (
        <Button size="small" kind="quiet" onPress={again}>
          {said.words.retry}
        </Button>
      )}
    </span>
  );
}

function inside(row: Row, props: TreeProps) {
  const { state } = props;
  if (row.kind === "org" || row.kind === "team") {
    return <Branch row={row} onToggle={() => state.toggle(row.code)} />;
  }
  if (row.kind !== "person") return <Waiting row={row} state={state} />;
  const { person } = row;
  return (
    // biome-ignore lint/a11y: the tree around it hears the keys
    <span class="tree-person" onClick={() => props.onOpen(person)}>
      <PersonWords person={person} withOrg={!row.inOrg} />
      <PersonEnd
        person={person}
        chosen={state.chosen.value.has(person.id)}
        locked={props.locked?.has(person.id) ?? false}
        onChoose={() => props.onChoose(person)}
      />
    </span>
  );
}

function stateOf(row: RowOfSomething, props: TreeProps) {
  if (row.kind !== "person") return { "aria-expanded": row.open };
  const locked = props.locked?.has(row.person.id) ?? false;
  return {
    "aria-checked": locked || props.state.chosen.value.has(row.person.id),
    "aria-disabled": locked || undefined,
    "aria-current": props.openPerson === row.person.id ? ("true" as const) : undefined,
  };
}

/** One row of the tree for keyboards and screen readers: a single row at a time takes the Tab key. */
function asItem(row: RowOfSomething, active: boolean, props: TreeProps) {
  return {
    role: "treeitem" as const,
    "aria-level": row.level,
    tabIndex: active ? 0 : -1,
    onFocus: () => {
      props.state.active.value = row.key;
    },
    ...stateOf(row, props),
  };
}

/** The org tree, or what a search found, as one tree that arrows walk. */
export function Tree(props: TreeProps) {
  const { state } = props;
  const tree = useRef<HTMLDivElement>(null);
  const rows = state.rows.value;
  const stops = rows.filter(isStop);
  const active = stops.find((row) => row.key === state.active.value) ?? stops[0];

  const ids = rows.flatMap((row) => (row.kind === "person" ? [row.person.id] : [])).slice(0, MOST_WATCHED);
  const watched = [...new Set(ids)].join(" ");
  useEffect(() => {
    client.presence.watch("people", watched ? watched.split(" ") : []);
  }, [watched]);
  useEffect(() => () => client.presence.watch("people", []), []);

  return (
    <div
      ref={tree}
      class="tree"
      role="tree"
      aria-label={words.value.people.tree}
      aria-multiselectable="true"
      onKeyDown={(event) => treeKeys(event, stops, active, props)}
    >
      {rows.map((row) => {
        return (
          <div
            key={row.key}
            class={classes("tree-row", row.kind === "person" && "tree-row-person")}
            style={{ "--level": row.level }}
            {...(isStop(row)
              ? asItem(row, row === active, props)
              : { role: "treeitem" as const, "aria-level": row.level })}
            data-key={row.key}
          >
            {inside(row, props)}
          </div>
        );
      })}
    </div>
  );
}
