import { useEffect, useState } from "preact/hooks";
import type { RoomHandle, Timeline } from "../../core";
import { client } from "../client";

/**
 * The rows to show first. When they are not among those held, the stretch around where reading stopped, or the newest
 * one, is fetched before anything is drawn, so that the room opens where it was left.
 */
export function useOpeningStretch(room: RoomHandle): Timeline | null {
  const stretch = room.timeline.value;
  const [opened, setOpened] = useState(false);
  const target = stretch && !opened ? openingTarget(room, stretch) : null;
  const held = stretch !== null && target === null;
  useEffect(() => {
    if (held) setOpened(true);
    if (target === null) return;
    const loading = target === "head" ? client.loadHead(room.id) : client.loadAround(room.id, target);
    void loading.finally(() => setOpened(true));
  }, [room, held, target]);
  return held ? stretch : null;
}

/** What must be fetched first; null: nothing. */
function openingTarget(room: RoomHandle, { rows, moreBefore, moreAfter }: Timeline): "head" | number | null {
  const stoppedAt = room.stoppedAt.peek();
  const unread = (room.state.peek()?.mine.unread ?? 0) > 0;
  const first = rows[0]?.seq ?? 0;
  const last = rows.at(-1)?.seq ?? 0;
  if (!unread || stoppedAt === null) return moreAfter ? "head" : null;
  const beginsLater = moreBefore && first > stoppedAt + 1;
  const endsEarlier = moreAfter && last <= stoppedAt;
  return beginsLater || endsEarlier ? stoppedAt : null;
}
