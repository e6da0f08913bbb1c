import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { RoomHandle, Timeline } from "../../core";
import { client } from "../client";
import { firstUnread, guessHeight, indexOf, type RowSource, rowCount } from "./rows";
import type { VirtualList } from "./virtual-list";

/** Where the first unread row is put: below the top, so that one sees what came before it. In px. */
export const ABOVE_UNREAD_PX = 72;

export interface PlacesProps {
  room: RoomHandle;
  list: VirtualList;
  source: RowSource;
  stretch: Timeline;
  /** Whether the reader was at the foot when the rows were last looked at. */
  atFoot: RefObject<boolean>;
}

export interface Places {
  toFoot: () => void;
  toTop: () => void;
  /** To one message, which is lit for a moment. */
  toSeq: (seq: number) => void;
}

/** Where the timeline stands: at opening, when talks come, and on the way to the room's ends. */
export function usePlaces({ room, list, source, stretch, atFoot }: PlacesProps): Places {
  const goal = useRef<"foot" | "top" | { seq: number } | null>(null);
  const attached = useRef(false);
  useLayoutEffect(() => standWhereReadingStopped(list, source), [list, source.stoppedAt]);
  useLayoutEffect(() => {
    // A page put after an older stretch is not news: only the room's own end is followed.
    const follows = attached.current && !stretch.moreAfter && atFoot.current;
    attached.current = !stretch.moreAfter;
    const sought = typeof goal.current === "object" ? goal.current?.seq : undefined;
    if (sought !== undefined && indexOf(source, sought) >= 0) showFound(list, source, sought);
    else if (goal.current === "foot" && !stretch.moreAfter) list.scrollToEnd();
    else if (goal.current === "top" && !stretch.moreBefore) list.scrollToOffset(0);
    else if (follows) return list.scrollToEnd();
    else return;
    goal.current = null;
  }, [list, stretch, rowCount(source)]);

  const places: Places = {
    toSeq: (seq) => {
      if (indexOf(source, seq) >= 0) return showFound(list, source, seq);
      goal.current = { seq };
      void client.loadAround(room.id, seq);
    },
    toFoot: () => {
      if (!stretch.moreAfter) return list.scrollToEnd();
      goal.current = "foot";
      void client.loadHead(room.id);
    },
    toTop: () => {
      if (!stretch.moreBefore) return list.scrollToOffset(0);
      goal.current = "top";
      void client.loadAround(room.id, (room.state.peek()?.mine.floor ?? 0) + 1);
    },
  };
  useFollowOwn(room.outbox.value.at(-1)?.clientId ?? null, places.toFoot);
  return places;
}

const FOUND_MS = 1_600;

function showFound(list: VirtualList, source: RowSource, seq: number): void {
  list.scrollToIndex(indexOf(source, seq), { align: "center" });
  // Drawn only after it has been scrolled to.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const row = document.querySelector<HTMLElement>(`.timeline article[data-seq="${seq}"]`);
      row?.focus({ preventScroll: true });
      row?.classList.add("message-found");
      setTimeout(() => row?.classList.remove("message-found"), FOUND_MS);
    }),
  );
}

/** At the first unread row when it would be out of sight from the foot, else at the foot. */
function standWhereReadingStopped(list: VirtualList, source: RowSource): void {
  const unread = firstUnread(source);
  const start = unread < 0 ? undefined : list.getOffsetForIndex(unread, "start")?.[0];
  const foot = list.getOffsetForIndex(rowCount(source) - 1, "end")?.[0] ?? 0;
  if (start !== undefined && start < foot) list.scrollToIndex(unread, { align: "start" });
  else list.scrollToEnd();
}

/** The same place by guessed heights, for the first drawing. */
export function openingOffset(source: RowSource): number {
  const unread = firstUnread(source);
  const until = unread < 0 ? rowCount(source) : unread;
  let offset = 0;
  for (let index = 0; index < until; index += 1) offset += guessHeight(source, index);
  return Math.max(0, unread < 0 ? offset - innerHeight : offset - ABOVE_UNREAD_PX);
}

/** What I have just written is where I look, wherever I was. */
function useFollowOwn(newest: string | null, toFoot: () => void): void {
  const before = useRef(newest);
  useLayoutEffect(() => {
    if (newest !== null && newest !== before.current) toFoot();
    before.current = newest;
  }, [newest]);
}
