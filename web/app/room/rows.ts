// What stands in a timeline, worked out for one row at a time: a room of 50,000 rows costs no more than one of 50.

import type { FileInfo, Message, OutboxItem } from "../../core";
import { dayOf } from "../language/dates";

/** Talks of one person that follow each other within this time stand together under one name. */
const TOGETHER_MS = 60_000;
const MINUTE_MS = 60_000;

export interface RowSource {
  rows: readonly Message[];
  /** Shown after the newest row; empty while the window ends earlier than the room. */
  unsent: readonly OutboxItem[];
  moreBefore: boolean;
  /** The line "you read up to here" stands above the first row beyond this seq; null: no line. */
  stoppedAt: number | null;
  me: string;
}

export interface Row {
  key: string;
  message: Message | null;
  unsent: OutboxItem | null;
  mine: boolean;
  /** A day begins here. */
  day: boolean;
  /** The reader stopped just before this row. */
  stopped: boolean;
  /** First of its group: shows photo and name. */
  opens: boolean;
  /** Last of its minute in the group: shows the time. */
  timed: boolean;
}

/**
 * The first row of a stretch is kept back while earlier ones may come: whether it begins a day or a group is not known,
 * and a row that is shown must not change its height when the page before it arrives.
 */
function keptBack({ rows, moreBefore }: RowSource): number {
  return moreBefore && rows.length > 1 ? 1 : 0;
}

export function rowCount(source: RowSource): number {
  return source.rows.length - keptBack(source) + source.unsent.length;
}

export function messageAt(source: RowSource, index: number): Message | undefined {
  return source.rows[index + keptBack(source)];
}

/** Where a message stands; -1 when it is not in this window. */
export function indexOf(source: RowSource, seq: number): number {
  const at = source.rows.findIndex((row) => row.seq === seq);
  return at < 0 ? -1 : at - keptBack(source);
}

function unsentAt(source: RowSource, index: number): OutboxItem | undefined {
  return source.unsent[index + keptBack(source) - source.rows.length];
}

/** The same for a talk on its way and for the row it becomes, so that nothing jumps when it arrives. */
export function rowKey(source: RowSource, index: number): string {
  const message = messageAt(source, index);
  if (message) return message.client_id ?? `#${message.seq}`;
  return unsentAt(source, index)?.clientId ?? `?${index}`;
}

interface Said {
  sender: string;
  at: number;
  talk: boolean;
}

function said(source: RowSource, index: number): Said | null {
  const message = messageAt(source, index);
  if (message) return { sender: message.sender, at: message.at, talk: message.kind !== "notice" };
  const item = unsentAt(source, index);
  return item ? { sender: source.me, at: item.at, talk: true } : null;
}

function together(before: Said | null, after: Said | null): boolean {
  if (!before?.talk || !after?.talk || before.sender !== after.sender) return false;
  return after.at - before.at < TOGETHER_MS && dayOf(before.at) === dayOf(after.at);
}

function sameMinute(one: Said, other: Said): boolean {
  return Math.floor(one.at / MINUTE_MS) === Math.floor(other.at / MINUTE_MS);
}

function isFirstUnread(source: RowSource, index: number): boolean {
  const { stoppedAt } = source;
  const seq = messageAt(source, index)?.seq;
  if (stoppedAt === null || seq === undefined || seq <= stoppedAt) return false;
  const before = messageAt(source, index - 1);
  return before !== undefined && before.seq <= stoppedAt;
}

export function rowAt(source: RowSource, index: number): Row | null {
  const self = said(source, index);
  if (!self) return null;
  const before = said(source, index - 1);
  const after = said(source, index + 1);
  const day = before ? dayOf(before.at) !== dayOf(self.at) : !source.moreBefore;
  const stopped = isFirstUnread(source, index);
  return {
    key: rowKey(source, index),
    message: messageAt(source, index) ?? null,
    unsent: unsentAt(source, index) ?? null,
    mine: self.sender === source.me,
    day,
    stopped,
    opens: day || stopped || !together(before, self),
    timed: !(after && together(self, after) && sameMinute(self, after)),
  };
}

/** Where the line "you read up to here" stands, by index; -1 when it is not in this window. */
export function firstUnread(source: RowSource): number {
  const { rows, stoppedAt } = source;
  if (stoppedAt === null) return -1;
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? 0) > stoppedAt) high = middle;
    else low = middle + 1;
  }
  const index = low - keptBack(source);
  return low < rows.length && isFirstUnread(source, index) ? index : -1;
}

const LINE = 20;
const BUBBLE = 18;
const LETTERS_A_LINE = 30;

/** A guess at a row's height in px before it is drawn, near enough that the scrollbar hardly moves. */
export function guessHeight(source: RowSource, index: number): number {
  const row = rowAt(source, index);
  if (!row) return 40;
  const body = row.message?.body ?? row.unsent?.body ?? "";
  let lines = 0;
  for (const line of body.split("\n")) lines += Math.max(1, Math.ceil(line.length / LETTERS_A_LINE));
  const files = row.message?.files ?? row.unsent?.files ?? [];
  if (!body && files.length > 0) lines = 0;
  const quote = row.message?.reply_to || row.unsent?.replyTo ? 40 : 0;
  const chips = row.message?.reactions.length ? 28 : 0;
  const card = row.message?.preview ? 84 : 0;
  const head =
    quote + chips + card + filesHeight(files) + (row.opens ? 10 : 2) + (row.opens && !row.mine ? 20 : 0);
  return BUBBLE + lines * LINE + head + (row.day ? 44 : 0) + (row.stopped ? 32 : 0);
}

function filesHeight(files: readonly FileInfo[]): number {
  const pictures = files.filter((file) => file.kind === "image" || file.thumb).length;
  const mosaic = pictures === 1 ? 210 : Math.ceil(pictures / 2) * 142;
  return mosaic + (files.length - pictures) * 46;
}
