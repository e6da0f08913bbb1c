import { File, Image, Link, Video } from "lucide-preact";
import type { RoomHandle, SearchKind } from "../../core";
import { words } from "../language/language";
import { classes } from "../parts/class-names";
import { nameOf } from "../room/people-words";

export interface Chosen {
  readonly kinds: readonly SearchKind[];
  readonly sender: string;
  /** ISO dates, both ends meant; empty: no bound. */
  readonly since: string;
  readonly until: string;
}

export const NONE_CHOSEN: Chosen = { kinds: [], sender: "", since: "", until: "" };

const KINDS = [
  { kind: "image", icon: Image },
  { kind: "video", icon: Video },
  { kind: "file", icon: File },
  { kind: "link", icon: Link },
] as const;

export interface FiltersProps {
  room: RoomHandle;
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}

/** Of which kind, whose, and of which days. */
export function Filters({ room, chosen, onChange }: FiltersProps) {
  const said = words.value.search;
  const toggle = (kind: SearchKind) => {
    const kinds = chosen.kinds.includes(kind)
      ? chosen.kinds.filter((other) => other !== kind)
      : [...chosen.kinds, kind];
    onChange({ ...chosen, kinds });
  };
  return (
    <div class="filters">
      <fieldset class="filter-kinds" aria-label={said.kinds}>
        {KINDS.map(({ kind, icon: Icon }) => (
          <button
            key={kind}
            type="button"
            class={classes("filter-kind", chosen.kinds.includes(kind) && "filter-chosen")}
            aria-pressed={chosen.kinds.includes(kind)}
            onClick={() => toggle(kind)}
          >
            <Icon size={14} aria-hidden="true" />
            {said[kind]}
          </button>
        ))}
      </fieldset>
      <select
        class="filter-field filter-sender"
        aria-label={said.sender}
        value={chosen.sender}
        onChange={({ currentTarget }) => onChange({ ...chosen, sender: currentTarget.value })}
      >
        <option value="">{said.anybody}</option>
        {room.members.value.map(({ user }) => (
          <option key={user} value={user}>
            {nameOf(user)}
          </option>
        ))}
      </select>
      <div class="filter-days">
        <input
          type="date"
          class="filter-field"
          aria-label={said.since}
          value={chosen.since}
          max={chosen.until}
          onChange={({ currentTarget }) => onChange({ ...chosen, since: currentTarget.value })}
        />
        <span aria-hidden="true">–</span>
        <input
          type="date"
          class="filter-field"
          aria-label={said.until}
          value={chosen.until}
          min={chosen.since}
          onChange={({ currentTarget }) => onChange({ ...chosen, until: currentTarget.value })}
        />
      </div>
    </div>
  );
}
