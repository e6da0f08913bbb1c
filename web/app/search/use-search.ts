import { useEffect, useRef, useState } from "preact/hooks";
import type { Found, SearchWish } from "../../core";
import { client } from "../client";

const PAUSE_MS = 200;
/** Rooms are looked through bit by bit: so often the next stretch is asked for by itself while nothing was found. */
const GOES_ON = 40;

export interface Search {
  readonly hits: Found["hits"];
  readonly state: "idle" | "looking" | "done" | "failed";
  readonly hasMore: boolean;
  more(): void;
}

const NOTHING: Omit<Search, "more"> & { next: string } = {
  hits: [],
  state: "idle",
  hasMore: false,
  next: "",
};

function isEmpty({ text, sender, kinds, since, until }: SearchWish): boolean {
  return !text?.trim() && !sender && !kinds?.length && !since && !until;
}

/** What is found, as one types; a later wish makes an earlier answer worthless. */
export function useSearch(room: string | null, wish: SearchWish): Search {
  const [found, setFound] = useState(NOTHING);
  const turn = useRef(0);
  const key = JSON.stringify([room, wish]);

  const ask = async (before: Found["hits"], from: string) => {
    turn.current += 1;
    const mine = turn.current;
    setFound({ hits: before, state: "looking", hasMore: false, next: "" });
    try {
      let hits = before;
      let next = from;
      for (let tries = 0; tries < GOES_ON; tries += 1) {
        const answer = await client.search(room, wish, next);
        if (mine !== turn.current) return;
        hits = [...hits, ...answer.hits];
        next = answer.next;
        if (answer.hits.length > 0 || next === "") break;
      }
      setFound({ hits, state: "done", hasMore: next !== "", next });
    } catch {
      if (mine === turn.current) setFound({ ...NOTHING, hits: before, state: "failed" });
    }
  };

  useEffect(() => {
    turn.current += 1;
    if (isEmpty(wish)) {
      setFound(NOTHING);
      return;
    }
    const later = setTimeout(() => void ask([], ""), PAUSE_MS);
    return () => clearTimeout(later);
  }, [key]);

  return { ...found, more: () => void ask(found.hits, found.next) };
}
