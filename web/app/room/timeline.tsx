import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { RoomHandle, Timeline as Stretch } from "../../core";
import { words } from "../language/language";
import { useAnnouncements } from "./announcements";
import { Below } from "./below";
import { Earlier } from "./earlier";
import { longPress } from "./long-press";
import { openMessageMenu } from "./message-menu";
import { DayLine, MessageRow, NoticeRow, StoppedLine } from "./message-row";
import { myId } from "./people-words";
import { ABOVE_UNREAD_PX, openingOffset, usePlaces } from "./places";
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
  useReading({ room, list, scroller, source, stretch, seen, atFoot, awayFromFoot, nearTop });
  useAnnouncements(stretch, source.me);
  const press = useMemo(() => longPress((at, target) => openMenuOf(room, target, at)), [room]);
  const items = list.getVirtualItems();
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

function RowContent({ room, row, onJump }: { room: string; row: Row; onJump: (seq: number) => void }) {
  const { message, unsent, mine, opens, timed } = row;
  return (
    <>
      {row.day && <DayLine at={message?.at ?? unsent?.at ?? 0} />}
      {row.stopped && <StoppedLine />}
      {message?.kind === "notice" && <NoticeRow message={message} />}
      {message?.kind === "text" && (
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
  if (message?.kind !== "text") return false;
  openMessageMenu(at ?? element, element, room.id, message, room.unreadCount.peek()(message));
  return true;
}
