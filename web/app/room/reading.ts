import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { type MutableRef, useCallback, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { RoomHandle, Timeline } from "../../core";
import { client } from "../client";
import { messageAt, type RowSource } from "./rows";
import type { VirtualList } from "./virtual-list";

/** Pages are fetched while this much (in screens) is still ahead of the reader. */
const AHEAD_SCREENS = 2.5;
/** A row counts as seen although this much of its foot is still covered, in px. */
const COVERED_PX = 8;
/** How near the foot counts as reading the newest, in px. */
export const AT_FOOT_PX = 60;
const FAR_FROM_FOOT_PX = 160;
const NEAR_TOP_PX = 120;

export interface ReadingProps {
  room: RoomHandle;
  list: VirtualList;
  scroller: RefObject<HTMLElement>;
  source: RowSource;
  stretch: Timeline;
  /** The highest seq that has been on screen. */
  seen: Signal<number>;
  atFoot: MutableRef<boolean>;
  awayFromFoot: Signal<boolean>;
  nearTop: Signal<boolean>;
}

/** What scrolling means: rows seen are marked read, pages are fetched ahead of need. */
export function useReading(props: ReadingProps): void {
  const { scroller } = props;
  const latest = useRef(props);
  latest.current = props;
  const look = useCallback(() => observe(latest.current), []);
  useEffect(look);
  useEffect(() => {
    const element = scroller.current;
    element?.addEventListener("scroll", look, { passive: true });
    // The last frame before a page is hidden must not count, the first one after it must.
    const wake = () => document.visibilityState === "visible" && requestAnimationFrame(look);
    document.addEventListener("visibilitychange", wake);
    return () => {
      element?.removeEventListener("scroll", look);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [scroller, look]);
  const ready = client.connection.value.phase === "ready";
  useEffect(() => {
    const { room, stretch, nearTop } = latest.current;
    if (ready && room.loadError.peek() !== null && nearTop.peek()) void loadFurther(room, stretch);
  }, [ready]);
  useFootKept(scroller);
}

/** The page that could not be had, once more. */
export function loadFurther(room: RoomHandle, stretch: Timeline): Promise<void> {
  return stretch.moreBefore ? client.loadOlder(room.id) : client.loadNewer(room.id);
}

function observe(props: ReadingProps): void {
  const { room, list, scroller, source, stretch, seen, atFoot, awayFromFoot, nearTop } = props;
  const element = scroller.current;
  if (!element || source.rows.length === 0) return;
  const height = element.clientHeight;
  const fromFoot = element.scrollHeight - element.scrollTop - height;
  nearTop.value = element.scrollTop < NEAR_TOP_PX;
  atFoot.current = fromFoot <= AT_FOOT_PX;
  awayFromFoot.value = fromFoot > FAR_FROM_FOOT_PX || stretch.moreAfter;
  if (document.visibilityState === "visible") {
    const seq = lowestSeen(list, source, element.scrollTop + height + COVERED_PX);
    if (seq > seen.peek()) seen.value = seq;
    const mine = room.state.peek()?.mine;
    if (mine && seq > mine.read_seq) client.markRead(room.id, seq);
  }
  // What failed is tried again when the connection is back, or when the person asks.
  if (room.loading.peek() !== "none" || room.loadError.peek() !== null) return;
  if (stretch.moreBefore && element.scrollTop < height * AHEAD_SCREENS) void client.loadOlder(room.id);
  else if (stretch.moreAfter && fromFoot < height * AHEAD_SCREENS) void client.loadNewer(room.id);
}

function lowestSeen(list: VirtualList, source: RowSource, foot: number): number {
  const items = list.getVirtualItems();
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    const row = item && messageAt(source, item.index);
    if (row && item.end <= foot) return row.seq;
  }
  return 0;
}

/** A keyboard that opens or a composer that grows takes from the top: what stood at the foot stays there. */
function useFootKept(scroller: RefObject<HTMLElement>): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let before = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const now = element.clientHeight;
      const grown = now - before;
      before = now;
      if (grown !== 0 && element.scrollHeight - element.scrollTop - now > 1) element.scrollTop -= grown;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
}
