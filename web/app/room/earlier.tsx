import type { ReadonlySignal } from "@preact/signals";
import type { RoomHandle, Timeline } from "../../core";
import { words } from "../language/language";
import { Button } from "../parts/button";
import { loadFurther } from "./reading";

export interface EarlierProps {
  room: RoomHandle;
  stretch: Timeline;
  shown: ReadonlySignal<boolean>;
}

/** At the top, when the reader is faster than the server: what is on its way, or what to do when it is not. */
export function Earlier({ room, stretch, shown }: EarlierProps) {
  if (!shown.value || !stretch.moreBefore) return null;
  const said = words.value;
  if (room.loading.value === "older") return <p class="earlier">{said.room.loadingEarlier}</p>;
  if (room.loadError.value === null) return null;
  return (
    <div class="earlier">
      {said.room.loadFailed}
      <Button kind="quiet" size="small" onPress={() => void loadFurther(room, stretch)}>
        {said.words.retry}
      </Button>
    </div>
  );
}
