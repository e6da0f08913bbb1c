import { useEffect, useState } from "preact/hooks";
import type { Person, RoomView } from "../../core";
import { client } from "../client";
import { nameMatches } from "../language/hangul";
import { language } from "../language/language";

export type Target =
  | { kind: "room"; key: string; view: RoomView; name: string }
  | { kind: "person"; key: string; person: Person; name: string };

const MOST_ROOMS = 7;
const MOST_PEOPLE = 7;
const PAUSE_MS = 120;

/** Rooms by name, or the newest ones while nothing is typed. */
function roomsFor(typed: string): Target[] {
  const list = client.rooms.list.value ?? [];
  return list
    .map((view) => ({ view, name: client.rooms.name(view, language.value) }))
    .filter(({ name }) => nameMatches(name, typed))
    .slice(0, MOST_ROOMS)
    .map(({ view, name }) => ({ kind: "room", key: `room-${view.room.id}`, view, name }));
}

function usePeople(typed: string): readonly Person[] {
  const [found, setFound] = useState<readonly Person[]>([]);
  useEffect(() => {
    if (!typed) return setFound([]);
    let stale = false;
    const later = setTimeout(() => {
      client.searchPeople(typed).then(
        (people) => !stale && setFound(people),
        // Rooms are found without the server; people are simply not offered.
        () => !stale && setFound([]),
      );
    }, PAUSE_MS);
    return () => {
      stale = true;
      clearTimeout(later);
    };
  }, [typed]);
  return found;
}

/** Where one may go from here. */
export function useTargets(typed: string): Target[] {
  const wanted = typed.trim();
  const people = usePeople(wanted)
    .slice(0, MOST_PEOPLE)
    .map((person): Target => ({ kind: "person", key: `person-${person.id}`, person, name: person.name }));
  return [...roomsFor(wanted), ...people];
}
