/** The window of a room's rows that is held, as pure functions: what comes in, what falls out, never a hole inside. */
import type { Members, Timeline } from "./contract";
import type { Message } from "./model";

/** Rows held of one room at most; live rows may pass it by SLACK before the far side is cut. */
export const WINDOW = 600;
const SLACK = 100;

export interface Page {
  readonly rows: readonly Message[];
  readonly version: number;
  readonly moreBefore: boolean;
  readonly moreAfter: boolean;
}

export function newTimeline(page: Page, floor: number): Timeline {
  return dropFloor({ ...page }, floor);
}

/** Changed and new rows at version `version` of the room, as an event or a sync brings them. */
export function applyRows(timeline: Timeline, changed: readonly Message[], version: number): Timeline {
  const bySeq = new Map(timeline.rows.map((row) => [row.seq, row]));
  const first = timeline.moreBefore ? firstSeq(timeline) : Number.NEGATIVE_INFINITY;
  const last = timeline.moreAfter ? lastSeq(timeline) : Number.POSITIVE_INFINITY;
  for (const row of changed) {
    const fits = row.seq >= first && row.seq <= last;
    if (fits && replaces(row, bySeq.get(row.seq))) bySeq.set(row.seq, row);
  }
  return trim({ ...timeline, rows: ascending(bySeq), version }, "before", WINDOW + SLACK);
}

/**
 * The page that follows or precedes the window; the same window if it no longer ends where the page was asked from.
 * The page may have been read before changes that the window has: then the window falls back to the page's version,
 * and the next sync brings what lies between.
 */
export function extend(timeline: Timeline, page: Page, side: "before" | "after", from: number): Timeline {
  const edge = side === "before" ? firstSeq(timeline) : lastSeq(timeline);
  if (edge !== from) return timeline;
  const bySeq = new Map(timeline.rows.map((row) => [row.seq, row]));
  for (const row of page.rows) {
    if (replaces(row, bySeq.get(row.seq))) bySeq.set(row.seq, row);
  }
  const grown = {
    rows: ascending(bySeq),
    version: Math.min(timeline.version, page.version),
    moreBefore: side === "before" ? page.moreBefore : timeline.moreBefore,
    moreAfter: side === "after" ? page.moreAfter : timeline.moreAfter,
  };
  return trim(grown, side === "before" ? "after" : "before", WINDOW);
}

/** What is gone stays gone, whatever comes of it later; only that it was taken back may still be told. */
function replaces(row: Message, held: Message | undefined): boolean {
  if (held === undefined) return true;
  return held.version < row.version && (!held.gone || row.gone || row.kind === "revoked");
}

/** These rows are not to be seen any more. They keep their place, so that the window stays without holes. */
export function withGone(timeline: Timeline, seqs: ReadonlySet<number>): Timeline {
  if (!timeline.rows.some((row) => seqs.has(row.seq) && !row.gone)) return timeline;
  return { ...timeline, rows: timeline.rows.map((row) => (seqs.has(row.seq) ? emptied(row) : row)) };
}

function emptied(row: Message): Message {
  return { ...row, body: "", files: [], preview: null, reactions: [], reply_to: 0, gone: true };
}

/** As it is shown: without rows that are gone. */
export function shown(timeline: Timeline | null): Timeline | null {
  if (!timeline?.rows.some((row) => row.gone)) return timeline;
  return { ...timeline, rows: timeline.rows.filter((row) => !row.gone) };
}

/** Without what lies at or below the floor. */
export function dropFloor(timeline: Timeline, floor: number): Timeline {
  const first = timeline.rows[0];
  if (first === undefined || first.seq > floor + 1) return timeline;
  const rows = first.seq > floor ? timeline.rows : timeline.rows.filter((row) => row.seq > floor);
  return { ...timeline, rows, moreBefore: false };
}

function trim(timeline: Timeline, side: "before" | "after", limit: number): Timeline {
  if (timeline.rows.length <= limit) return timeline;
  return side === "before"
    ? { ...timeline, rows: timeline.rows.slice(-WINDOW), moreBefore: true }
    : { ...timeline, rows: timeline.rows.slice(0, WINDOW), moreAfter: true };
}

function ascending(bySeq: Map<number, Message>): Message[] {
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

function firstSeq(timeline: Timeline): number {
  return timeline.rows[0]?.seq ?? 0;
}

function lastSeq(timeline: Timeline): number {
  return timeline.rows.at(-1)?.seq ?? 0;
}

/** Counts who has not read a row, from the members' cursors, in log(members) a row. */
export function unreadCounter(
  members: Members | null,
  me: string,
  receipts: string,
): (message: Message) => number {
  if (members === null || receipts === "nobody") return () => 0;
  const reach = new Map<string, number>();
  for (const member of members.byUser.values()) {
    reach.set(member.user, Math.max(member.joined_seq, member.read_seq));
  }
  const sorted = [...reach.values()].sort((a, b) => a - b);
  return (message) => {
    if (message.kind !== "text" || (receipts === "sender" && message.sender !== me)) return 0;
    const senderCounts = (reach.get(message.sender) ?? message.seq) < message.seq;
    return countBelow(sorted, message.seq) - (senderCounts ? 1 : 0);
  };
}

function countBelow(sorted: readonly number[], bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
