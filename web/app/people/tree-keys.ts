import { composing } from "../parts/keys";
import type { RowOfSomething } from "./rows";
import type { TreeProps } from "./tree";

const PAGE = 10;

function focusRow(tree: HTMLElement, row: RowOfSomething | undefined): void {
  if (row) tree.querySelector<HTMLElement>(`[data-key="${CSS.escape(row.key)}"]`)?.focus();
}

function target(key: string, stops: readonly RowOfSomething[], at: number): RowOfSomething | undefined {
  const last = stops.length - 1;
  const to = {
    ArrowDown: Math.min(at + 1, last),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: last,
    PageDown: Math.min(at + PAGE, last),
    PageUp: Math.max(at - PAGE, 0),
  }[key];
  return to === undefined ? undefined : stops[to];
}

function parentOf(stops: readonly RowOfSomething[], at: number): RowOfSomething | undefined {
  const level = stops[at]?.level ?? 1;
  return stops.slice(0, at).findLast((row) => row.level < level);
}

/** Right opens, or steps in; left closes, or steps out. */
function sideways(key: string, stops: readonly RowOfSomething[], at: number, props: TreeProps) {
  const row = stops[at];
  const open = row !== undefined && row.kind !== "person" && row.open;
  if (key === "ArrowRight") {
    if (row && row.kind !== "person" && !open) props.state.toggle(row.code, true);
    const next = stops[at + 1];
    return open && next && next.level > row.level ? next : row;
  }
  if (row && row.kind !== "person" && open) {
    props.state.toggle(row.code, false);
    return row;
  }
  return parentOf(stops, at);
}

function isLetter(event: KeyboardEvent): boolean {
  return event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
}

/** What the keys do in the tree, as the ARIA pattern has it; a letter goes to the search field. */
export function treeKeys(
  event: KeyboardEvent & { currentTarget: HTMLElement },
  stops: readonly RowOfSomething[],
  active: RowOfSomething | undefined,
  props: TreeProps,
): void {
  // The first key of a Hangul syllable comes as one of the composition: it starts a search too.
  if (composing(event) || isLetter(event)) {
    props.onLetter();
    return;
  }
  if (!active || event.target instanceof HTMLButtonElement) return;
  const { key } = event;
  const at = stops.indexOf(active);
  if (key === "ArrowUp" && at === 0) {
    event.preventDefault();
    props.onLeave();
    return;
  }
  const next =
    key === "ArrowLeft" || key === "ArrowRight" ? sideways(key, stops, at, props) : target(key, stops, at);
  if (next) focusRow(event.currentTarget, next);
  else if (key === "Enter" && active.kind === "person") props.onOpen(active.person);
  else if (key === "Enter" && active.kind !== "person") props.state.toggle(active.code);
  else if (key === " " && active.kind === "person") props.onChoose(active.person);
  else if (key === " " && active.kind !== "person") props.state.toggle(active.code);
  else return;
  event.preventDefault();
}
