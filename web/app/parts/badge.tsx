import { period, today } from "../language/dates";
import { words } from "../language/language";
import { classes } from "./class-names";
import "./badge.css";

export interface BadgeProps {
  /** How many are unread; nothing is shown for 0. The server stops counting at 300. */
  count: number;
  /** Of a muted room: grey, for it asks for nothing. */
  muted?: boolean;
}

const COUNTED_TO = 300;

export function Badge({ count, muted = false }: BadgeProps) {
  if (count <= 0) return null;
  return (
    <span class={classes("badge figures", muted && "badge-muted")}>
      <span aria-hidden="true">{count >= COUNTED_TO ? `${COUNTED_TO - 1}+` : count}</span>
      <span class="unseen">{words.value.chats.unread(count)}</span>
    </span>
  );
}

/** W(eb) and M(obile): lit where somebody is connected, grey where not. */
export function PresenceMarks({ presence }: { presence: { web?: boolean; app?: boolean } | undefined }) {
  const { web = false, app = false } = presence ?? {};
  const said = words.value.presence;
  const name = web && app ? said.both : web ? said.webOnly : app ? said.appOnly : said.none;
  return (
    <span class="presence-marks" role="img" aria-label={name} data-tip={name}>
      <span class={classes("presence-mark", web && "presence-mark-lit")}>W</span>
      <span class={classes("presence-mark", app && "presence-mark-lit")}>M</span>
    </span>
  );
}

export interface AbsenceShape {
  code: string;
  note?: string;
  since?: string | null;
  until?: string | null;
}

/** Whether it lasts on that day (an ISO date, both ends included). */
export function lasts(absence: AbsenceShape | null | undefined, day: string = today()): boolean {
  if (!absence) return false;
  return !(absence.since && day < absence.since) && !(absence.until && day > absence.until);
}

/** "출장 11.24–11.26", while it lasts. A code we do not know shows its note. */
export function AbsenceBadge({ absence }: { absence: AbsenceShape | null | undefined }) {
  if (!absence || !lasts(absence)) return null;
  const { codes, other } = words.value.absence;
  const kind = codes[absence.code] ?? (absence.note || other);
  const days = period(absence.since, absence.until);
  const note = absence.note && absence.note !== kind ? absence.note : undefined;
  return (
    <span class="absence-badge figures" data-tip={note}>
      {days ? `${kind} ${days}` : kind}
    </span>
  );
}
