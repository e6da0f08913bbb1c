import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

export interface VirtualListOptions {
  scroller: RefObject<HTMLElement>;
  count: number;
  keyOf: (index: number) => string;
  guess: (index: number) => number;
  /** end: a timeline, which keeps its place when rows are put before it, and its foot when a row grows. */
  anchorTo: "start" | "end";
  /** How near the foot still counts as being there, in px. */
  threshold?: number;
  /** Where to begin, in px, by the guessed heights. */
  initialOffset?: () => number;
  overscan?: number;
  paddingStart?: number;
  paddingEnd?: number;
  /** How far below the top a row stands that is scrolled to, in px. */
  scrollPaddingStart?: number;
}

export type VirtualList = Virtualizer<HTMLElement, HTMLElement>;

/** Rows of unequal height of which only those on screen exist. */
export function useVirtualList(options: VirtualListOptions): VirtualList {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const settings = {
    count: options.count,
    getScrollElement: () => options.scroller.current,
    getItemKey: options.keyOf,
    estimateSize: options.guess,
    anchorTo: options.anchorTo,
    // What comes at the foot is followed by room/places.ts, which knows an older page from news.
    followOnAppend: false,
    scrollEndThreshold: options.threshold ?? 1,
    overscan: options.overscan ?? 8,
    paddingStart: options.paddingStart ?? 0,
    paddingEnd: options.paddingEnd ?? 0,
    scrollPaddingStart: options.scrollPaddingStart ?? 0,
    initialOffset: options.initialOffset ?? 0,
    initialRect: { width: 0, height: innerHeight },
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    // A redraw is done in a microtask, which comes before the next paint: the rows and the scroll position that
    // a measurement has corrected appear together.
    onChange: () => redraw(undefined),
  };
  const [list] = useState(() => {
    const made: VirtualList = new Virtualizer(settings);
    made.shouldAdjustScrollPositionOnItemSizeChange = keepsPlace;
    return made;
  });
  list.setOptions(settings);
  useLayoutEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => list._willUpdate());
  return list;
}

/** A row that ends above what is seen moves what is seen, however the reader is scrolling; one first drawn, too. */
function keepsPlace(
  item: { key: unknown; start: number; end: number },
  _delta: number,
  list: VirtualList,
): boolean {
  const top = list.scrollOffset ?? 0;
  const drawnBefore = list.itemSizeCache.has(item.key as string);
  return drawnBefore ? item.end <= top : item.start < top;
}
