import { useEffect, useState } from "preact/hooks";
import type { RoomHandle } from "../../core";

/**
 * The seq that the line "you read up to here" stands above, or null. It is drawn where reading stopped before the
 * room was opened, or before the page was last out of sight; what arrives under the reader's eyes moves no line.
 */
export function useStoppedLine(room: RoomHandle): number | null {
  const [stoppedAt, setStopped] = useState(() => {
    const state = room.state.peek();
    const cursor = room.stoppedAt.peek();
    return state &&
      cursor !== null &&
      (state.mine.unread > 0 || state.room.seq > cursor) &&
      hasUnread(room, cursor)
      ? cursor
      : null;
  });
  useEffect(() => {
    let hiddenAt: number | null = null;
    const seen = () => {
      if (document.visibilityState === "hidden") {
        hiddenAt = room.timeline.peek()?.rows.at(-1)?.seq ?? null;
        return;
      }
      const cursor = room.state.peek()?.mine.read_seq;
      const newest = room.timeline.peek()?.rows.at(-1)?.seq ?? 0;
      if (hiddenAt !== null && cursor !== undefined && newest > hiddenAt && hasUnread(room, cursor)) {
        setStopped(cursor);
      }
    };
    document.addEventListener("visibilitychange", seen);
    return () => document.removeEventListener("visibilitychange", seen);
  }, [room]);
  return stoppedAt;
}

/** Notices are not counted as unread, and draw no line of their own. */
function hasUnread(room: RoomHandle, cursor: number): boolean {
  const rows = room.timeline.peek()?.rows ?? [];
  return rows.some((row) => row.seq > cursor && row.kind === "text");
}
