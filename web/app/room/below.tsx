import type { ReadonlySignal } from "@preact/signals";
import { ArrowDown } from "lucide-preact";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import type { RowSource } from "./rows";

export interface BelowProps {
  /** The reader is away from the foot. */
  shown: ReadonlySignal<boolean>;
  seen: ReadonlySignal<number>;
  source: RowSource;
  /** Unread rows beyond the end of this window, by the server's count. */
  beyond: number;
  onPress: () => void;
}

/** The way back to the newest talk; a pill with their number when others have written meanwhile. */
export function Below({ shown, seen, source, beyond, onPress }: BelowProps) {
  if (!shown.value) return null;
  const unseen = Math.max(beyond, unseenRows(source, seen.value));
  const name = words.value.room.newBelow(unseen);
  return (
    <button
      type="button"
      class={classes("below", unseen > 0 && "below-new")}
      aria-label={name}
      data-tip={unseen > 0 ? undefined : name}
      onClick={onPress}
    >
      {unseen > 0 && <span>{name}</span>}
      <ArrowDown size={16} aria-hidden="true" />
    </button>
  );
}

function unseenRows({ rows, me }: RowSource, seen: number): number {
  let count = 0;
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at];
    if (!row || row.seq <= seen) break;
    if (row.sender !== me && row.kind === "text") count += 1;
  }
  return count;
}
