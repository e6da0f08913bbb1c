import { describe, expect, it } from "vitest";
import { fillMessage } from "../../core/model";
import { firstUnread, type RowSource, rowAt, rowCount, rowKey } from "./rows";

const NOON = new Date(2026, 10, 22, 12, 0, 0).getTime();

function said(seq: number, sender: string, at: number, extra = {}) {
  return fillMessage({ seq, version: seq, sender, at, body: `${seq}`, ...extra });
}

function source(extra: Partial<RowSource>): RowSource {
  return { rows: [], unsent: [], moreBefore: false, stoppedAt: null, me: "me", ...extra };
}

describe("what stands in a timeline", () => {
  it("puts one person's talks within a minute under one name", () => {
    const rows = [
      said(1, "a", NOON),
      said(2, "a", NOON + 20_000),
      said(3, "b", NOON + 30_000),
      said(4, "a", NOON + 95_000),
    ];
    const opens = rows.map((_, index) => rowAt(source({ rows }), index)?.opens);
    expect(opens).toEqual([true, false, true, true]);
  });

  it("shows the time once for each minute of a group", () => {
    const rows = [said(1, "a", NOON), said(2, "a", NOON + 20_000), said(3, "a", NOON + 70_000)];
    expect(rows.map((_, index) => rowAt(source({ rows }), index)?.timed)).toEqual([false, true, true]);
  });

  it("draws a line where a day begins, and never groups across it", () => {
    const midnight = new Date(2026, 10, 23).getTime();
    const rows = [said(1, "a", midnight - 10_000), said(2, "a", midnight + 10_000)];
    const second = rowAt(source({ rows }), 1);
    expect([second?.day, second?.opens]).toEqual([true, true]);
  });

  it("never changes a row that is shown when the page before it comes", () => {
    const rows = [said(50, "a", NOON - 9_000), said(51, "a", NOON), said(52, "b", NOON + 9_000)];
    const later = source({ rows: rows.slice(1), moreBefore: true });
    const earlier = source({ rows });
    expect(rowCount(later)).toBe(1);
    expect(rowAt(later, 0)).toEqual(rowAt(earlier, 2));
    expect(rowAt(source({ rows: rows.slice(1) }), 0)?.day).toBe(true);
  });

  it("says once, above the first unread row, where reading stopped", () => {
    const rows = [said(7, "a", NOON), said(8, "b", NOON), said(9, "b", NOON)];
    const stopped = source({ rows, stoppedAt: 7 });
    expect(rows.map((_, index) => rowAt(stopped, index)?.stopped)).toEqual([false, true, false]);
    expect(firstUnread(stopped)).toBe(1);
    expect(firstUnread(source({ rows, stoppedAt: 9 }))).toBe(-1);
    expect(firstUnread(source({ rows, stoppedAt: 2, moreBefore: true }))).toBe(-1);
  });

  it("keeps the key of a talk when it arrives", () => {
    const item = {
      clientId: "key-1",
      room: "r",
      body: "x",
      at: NOON,
      replyTo: 0,
      state: "sending" as const,
      reason: null,
    };
    const before = source({ rows: [said(1, "a", NOON)], unsent: [item] });
    const after = source({ rows: [said(1, "a", NOON), said(2, "me", NOON, { client_id: "key-1" })] });
    expect(rowCount(before)).toBe(rowCount(after));
    expect(rowKey(before, 1)).toBe(rowKey(after, 1));
    expect(rowAt(before, 1)?.mine).toBe(true);
  });
});
