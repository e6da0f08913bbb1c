import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { RoomHandle, Timeline as Stretch } from "../../core";
import { words } from "../language/language";
import { useAnnouncements } from "./announcements";
import { Below } from "./below";
import { Earlier } from "./earlier";
import { stand } from "./jump";
import { longPress } from "./long-press";
import { openMessageMenu } from "./message-menu";
import { DayLine, MessageRow, NoticeRow, StoppedLine } from "./message-row";
import { myId } from "./people-words";
import { Pinned } from "./pinned";
import { ABOVE_UNREAD_PX, openingOffset, type Places, usePlaces } from "./places";
import { AT_FOOT_PX, useReading } from "./reading";
import { guessHeight, type Row, type RowSource, rowAt, rowCount, rowKey } from "./rows";
import { useStoppedLine } from "./stopped";
import { timelineKeys } from "./timeline-keys";
import { UnsentRow } from "./unsent-row";
import { useVirtualList } from "./virtual-list";
import "./timeline.css";
import "./message.css";

const EDGE_PX = 12;
export interface TimelineProps {
  room: RoomHandle;
  name: string;
  stretch: Stretch;
}

export function Timeline({ room, name, stretch }: TimelineProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const stoppedAt = useStoppedLine(room);
  const source: RowSource = {
    rows: stretch.rows,
    unsent: stretch.moreAfter ? [] : room.outbox.value,
    moreBefore: stretch.moreBefore,
    stoppedAt,
    me: myId(),
  };
  const seen = useSignal(stoppedAt ?? stretch.rows.at(-1)?.seq ?? 0);
  const awayFromFoot = useSignal(false);
  const nearTop = useSignal(false);
  const atFoot = useRef(false);
  const list = useVirtualList({
    scroller,
    count: rowCount(source),
    keyOf: (index) => rowKey(source, index),
    guess: (index) => guessHeight(source, index),
    anchorTo: "end",
    threshold: AT_FOOT_PX,
    paddingStart: EDGE_PX,
    paddingEnd: EDGE_PX,
    scrollPaddingStart: ABOVE_UNREAD_PX,
    initialOffset: () => openingOffset(source),
  });
  const places = usePlaces({ room, list, source, stretch, atFoot });
  useStanding(room.id, places, scroller, atFoot);
  useReading({ room, list, scroller, source, stretch, seen, atFoot, awayFromFoot, nearTop });
  useAnnouncements(stretch, source.me);
  const press = useMemo(() => longPress((at, target) => openMenuOf(room, target, at)), [room]);
  const items = list.getVirtualItems();
  const pinned = room.state.value?.room.pinned ?? 0;
  return (
    <div class="timeline-frame">
      <div
        ref={scroller}
        class="timeline"
        role="log"
        aria-label={words.value.room.timeline(name)}
        // New talks are said by the live region, each once; rows that scroll into being are not news.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onKeyDown={timelineKeys(room, scroller, places)}
        onContextMenu={(event) => {
          press.stop();
          if (openMenuOf(room, event.target as Element, menuPoint(event))) event.preventDefault();
        }}
        onPointerDown={press.onPointerDown}
        onPointerMove={press.onPointerMove}
        onPointerUp={press.onPointerUp}
        onPointerCancel={press.onPointerCancel}
      >
        <div class="timeline-whole" style={{ height: `${list.getTotalSize()}px` }}>
          <div class="timeline-window" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map(({ index, key }) => {
              const row = rowAt(source, index);
              return (
                row && (
                  <div key={key} class="timeline-row" data-index={index} ref={list.measureElement}>
                    <RowContent room={room.id} row={row} onJump={places.toSeq} />
                  </div>
                )
              );
            })}
          </div>
        </div>
      </div>
      {pinned > 0 && <Pinned room={room} seq={pinned} onJump={places.toSeq} />}
      <Earlier room={room} stretch={stretch} shown={nearTop} />
      <Below
        shown={awayFromFoot}
        seen={seen}
        source={source}
        beyond={stretch.moreAfter ? (room.state.value?.mine.unread ?? 0) : 0}
        onPress={places.toFoot}
      />
    </div>
  );
}

/** Who finds a message elsewhere on the screen comes here. */
function useStanding(
  room: string,
  places: Places,
  scroller: RefObject<HTMLElement>,
  atFoot: RefObject<boolean>,
): void {
  const latest = useRef(places);
  latest.current = places;
  useEffect(
    () =>
      stand({
        room,
        toSeq: (seq) => latest.current.toSeq(seq),
        toFoot: () => latest.current.toFoot(),
        place: () => (atFoot.current ? null : firstInSight(scroller.current)),
      }),
    [room],
  );
}

function firstInSight(scroller: HTMLElement | null): number | null {
  const top = scroller?.getBoundingClientRect().top ?? 0;
  const rows = [...(scroller?.querySelectorAll<HTMLElement>("article[data-seq]") ?? [])];
  const first = rows.find((row) => row.getBoundingClientRect().bottom > top);
  return first ? Number(first.dataset.seq) : null;
}

function RowContent({ room, row, onJump }: { room: string; row: Row; onJump: (seq: number) => void }) {
  const { message, unsent, mine, opens, timed } = row;
  return (
    <>
      {row.day && <DayLine at={message?.at ?? unsent?.at ?? 0} />}
      {row.stopped && <StoppedLine />}
      {message?.kind === "notice" && <NoticeRow message={message} />}
      {message && message.kind !== "notice" && (
        <MessageRow room={room} message={message} mine={mine} opens={opens} timed={timed} onJump={onJump} />
      )}
      {unsent && <UnsentRow item={unsent} opens={opens} onJump={onJump} />}
    </>
  );
}

function menuPoint(event: MouseEvent): { x: number; y: number } | null {
  // A menu key has no place of its own: the menu then stands at the message.
  return event.clientX || event.clientY ? { x: event.clientX, y: event.clientY } : null;
}

function openMenuOf(room: RoomHandle, target: Element, at: { x: number; y: number } | null): boolean {
  const element = target.closest<HTMLElement>("article[data-seq]");
  // Links and chosen words keep the browser's own menu.
  if (!element || target.closest("a") || !getSelection()?.isCollapsed) return false;
  const seq = Number(element.dataset.seq);
  const message = room.timeline.peek()?.rows.find((row) => row.seq === seq);
  if (!message || message.kind === "notice") return false;
  openMessageMenu(at ?? element, element, room.id, message, room.unreadCount.peek()(message));
  return true;
}
