import { ChevronDown, ChevronUp, Megaphone, X } from "lucide-preact";
import type { RoomHandle } from "../../core";
import { client } from "../client";
import { lineOf } from "../files/about";
import { kept } from "../kept";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { attempt } from "./attempt";
import { nameOf } from "./people-words";
import { useFolded } from "./use-folded";
import "./pinned.css";

/** The message that hangs above the talk: a press goes there; each reader may fold it away. */
export function Pinned({
  room,
  seq,
  onJump,
}: {
  room: RoomHandle;
  seq: number;
  onJump: (seq: number) => void;
}) {
  const message = room.quoted(seq);
  const folded = useFolded(`notice.${room.id}`, String(seq), kept);
  if (!message) return null;
  const said = words.value.taking;
  if (folded.is) {
    return (
      <button
        type="button"
        class="pinned-folded"
        aria-label={said.open}
        data-tip={said.open}
        onClick={folded.open}
      >
        <Megaphone size={16} aria-hidden="true" />
        <ChevronDown size={14} aria-hidden="true" />
      </button>
    );
  }
  const line = lineOf(message);
  return (
    <section class="pinned" aria-label={said.pinned}>
      <button type="button" class="pinned-open" aria-label={said.toPinned(line)} onClick={() => onJump(seq)}>
        <Megaphone size={16} aria-hidden="true" />
        <span class="pinned-about">
          <span class="pinned-text truncate">{line}</span>
          <span class="pinned-by truncate">{nameOf(message.sender)}</span>
        </span>
      </button>
      <IconButton icon={ChevronUp} size="small" label={said.closed} onPress={folded.close} />
      <IconButton
        icon={X}
        size="small"
        label={said.unpin}
        onPress={() => void attempt(client.pinMessage(room.id, 0))}
      />
    </section>
  );
}
