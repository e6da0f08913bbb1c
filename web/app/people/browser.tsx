import { useEffect, useRef } from "preact/hooks";
import type { Person } from "../../core";
import { words } from "../language/language";
import { announce } from "../parts/announce";
import { Empty } from "../parts/empty";
import { SearchField } from "../parts/search-field";
import { toast } from "../parts/toast";
import { type DirectoryState, MOST_CHOSEN } from "./directory-state";
import { Tree } from "./tree";

interface BrowserProps {
  state: DirectoryState;
  onOpen: (person: Person) => void;
  locked?: ReadonlySet<string>;
  openPerson?: string | null;
  autofocus?: boolean;
}

/** The search field and the tree below it. */
export function Browser({ state, onOpen, locked, openPerson, autofocus }: BrowserProps) {
  const field = useRef<HTMLInputElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const said = words.value.people;
  const found = state.found.value;
  const counted = Array.isArray(found) ? found.length : null;

  useEffect(() => void state.load(), [state]);
  useEffect(() => {
    if (counted !== null) announce(words.value.people.results(counted));
  }, [counted]);

  const choose = (person: Person) => {
    if (locked?.has(person.id)) return;
    if (!state.choose(person)) toast(said.tooMany(MOST_CHOSEN), { kind: "bad" });
  };
  const intoTree = (event: KeyboardEvent) => {
    const first = scroll.current?.querySelector<HTMLElement>("[role=treeitem][tabindex]");
    if (!first || (event.key !== "ArrowDown" && event.key !== "Enter")) return;
    event.preventDefault();
    first.focus();
  };
  return (
    <>
      <div class="pane-search">
        <SearchField
          innerRef={field}
          label={said.search}
          placeholder={said.searchShort}
          value={state.words.value}
          onInput={(typed) => state.search(typed)}
          onKeyDown={intoTree}
          autofocus={autofocus ?? false}
        />
      </div>
      <div class="pane-scroll" ref={scroll}>
        {counted === 0 ? (
          <Empty title={said.nobody(state.words.value.trim())} body={said.nobodyHint} />
        ) : (
          <Tree
            state={state}
            onOpen={onOpen}
            onChoose={choose}
            onLetter={() => field.current?.focus()}
            onLeave={() => field.current?.focus()}
            openPerson={openPerson ?? null}
            {...(locked ? { locked } : {})}
          />
        )}
      </div>
    </>
  );
}
