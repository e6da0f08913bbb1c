import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import type { RoomHandle } from "../../core";
import { client } from "../client";
import { nameMatches } from "../language/hangul";
import { composing } from "../parts/keys";
import { type Named, namedIn, typedName } from "./naming";
import { myId } from "./people-words";

const SHOWN = 6;

export interface Naming {
  /** Who may be meant; empty: no list. */
  readonly people: readonly Named[];
  readonly active: number;
  /** The field's text or caret is another one. */
  look(): void;
  close(): void;
  choose(person: Named): void;
  /** Whether the key was for the list. */
  takesKey(event: KeyboardEvent): boolean;
  /** Whom the text names, for sending it. */
  named(text: string): string[];
}

/** Completes names behind an @ in the composer. */
export function useNaming(
  room: RoomHandle,
  field: RefObject<HTMLTextAreaElement>,
  changed: () => void,
): Naming {
  const typed = useSignal<string | null>(null);
  const active = useSignal(0);
  const chosen = useRef(new Map<string, string>());
  const wanted = typed.value;
  const people =
    wanted === null
      ? []
      : membersOf(room)
          .filter(({ name }) => nameMatches(name, wanted))
          .slice(0, SHOWN);
  const close = () => {
    typed.value = null;
  };
  const naming: Naming = {
    people,
    active: Math.min(active.value, Math.max(0, people.length - 1)),
    close,
    look() {
      const element = field.current;
      const next =
        element && element.selectionStart === element.selectionEnd
          ? typedName(element.value.slice(0, element.selectionStart))
          : null;
      if (next !== typed.peek()) active.value = 0;
      typed.value = next;
    },
    choose(person) {
      const element = field.current;
      const length = typed.peek()?.length ?? 0;
      if (!element) return;
      const caret = element.selectionStart;
      chosen.current.set(person.name, person.id);
      element.setRangeText(`@${person.name} `, caret - length - 1, caret, "end");
      close();
      element.focus();
      changed();
    },
    takesKey(event) {
      if (people.length === 0 || composing(event)) return false;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const person = people[naming.active];
      if (step !== undefined) active.value = (naming.active + step + people.length) % people.length;
      else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && person)
        naming.choose(person);
      else if (event.key === "Escape") close();
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    named: (text) => namedIn(text, membersOf(room), chosen.current),
  };
  return naming;
}

function membersOf(room: RoomHandle): Named[] {
  const ids = room.members.value.map(({ user }) => user).filter((user) => user !== myId());
  return ids.map((id) => ({ id, name: client.people.get(id)?.name ?? "" })).filter(({ name }) => name);
}
