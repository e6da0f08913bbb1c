import { useEffect, useRef } from "preact/hooks";
import type { Timeline } from "../../core";
import { lineOf } from "../files/about";
import { words } from "../language/language";
import { announce } from "../parts/announce";
import { nameOf, noticeText } from "./people-words";

const TOLD_AT_ONCE = 3;

/** Has a screen reader say what others write while the room is open, each talk once. */
export function useAnnouncements(stretch: Timeline, me: string): void {
  const told = useRef(stretch.rows.at(-1)?.seq ?? 0);
  const newest = stretch.rows.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (stretch.moreAfter || newest <= told.current) return;
    const fresh = stretch.rows.filter((row) => row.seq > told.current);
    told.current = newest;
    const others = fresh.filter((row) => row.sender !== me);
    if (others.length === 0) return;
    const said = words.value.room;
    announce(
      others.length > TOLD_AT_ONCE
        ? said.newBelow(others.length)
        : others
            .map((row) =>
              row.kind === "notice" ? noticeText(row) : said.newFrom(nameOf(row.sender), lineOf(row)),
            )
            .join(" "),
    );
  }, [stretch, newest, me]);
}
