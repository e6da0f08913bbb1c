import { useEffect, useState } from "preact/hooks";
import type { RoomHandle, Timeline } from "../../core";
import { client } from "../client";

/**
 * The rows to show first. When reading stopped before the newest page, the stretch around that place is fetched
 * before anything is drawn, so that the room opens where it was left.
 */
export function useOpeningStretch(room: RoomHandle): Timeline | null {
  const stretch = room.timeline.value;
  const stoppedAt = room.stoppedAt.value;
  const unread = (room.state.value?.mine.unread ?? 0) > 0;
  const first = stretch?.rows[0]?.seq;
  const further = Boolean(
    unread &&
      stretch?.moreBefore &&
      !stretch.moreAfter &&
      stoppedAt !== null &&
      first &&
      first > stoppedAt + 1,
  );
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    if (opened || !stretch) return;
    if (!further || stoppedAt === null) setOpened(true);
    else client.loadAround(room.id, stoppedAt).finally(() => setOpened(true));
  }, [room, stretch === null, opened]);
  return opened || (stretch && !further) ? stretch : null;
}
