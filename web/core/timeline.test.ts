// @vitest-environment node
import { expect, test } from "vitest";
import type { Members } from "./contract";
import { fillMember, fillMessage, type Message } from "./model";
import { applyRows, dropFloor, extend, newTimeline, unreadCounter, WINDOW } from "./timeline";

function rows(from: number, to: number, version = 1): Message[] {
  const count = Math.max(0, to - from + 1);
  return Array.from({ length: count }, (_, n) =>
    fillMessage({ seq: from + n, version, sender: "b", at: 0, body: `v${version}` }),
  );
}

function seqs(timeline: { rows: readonly Message[] }): number[] {
  return timeline.rows.map((row) => row.seq);
}

const head = { rows: rows(101, 160), version: 200, moreBefore: true, moreAfter: false };

test("A new row is appended at the head, and ignored by a window that ends earlier", () => {
  expect(seqs(applyRows(newTimeline(head, 0), rows(161, 161, 201), 201)).at(-1)).toBe(161);
  const middle = newTimeline({ ...head, moreAfter: true }, 0);
  expect(seqs(applyRows(middle, rows(161, 161, 201), 201)).at(-1)).toBe(160);
});

test("A changed row replaces the held one only when it is newer", () => {
  const changed = applyRows(newTimeline(head, 0), rows(110, 110, 201), 201);
  expect(changed.rows.find((row) => row.seq === 110)?.body).toBe("v201");
  const again = applyRows(changed, rows(110, 110, 150), 202);
  expect(again.rows.find((row) => row.seq === 110)?.body).toBe("v201");
});

test("An older page read before changes the window has takes the window back to the page's version", () => {
  const page = { rows: rows(41, 100), version: 190, moreBefore: true, moreAfter: true };
  const grown = extend(newTimeline(head, 0), page, "before", 101);
  expect(seqs(grown)).toEqual(seqs({ rows: rows(41, 160) }));
  expect(grown.version).toBe(190);
  expect(grown.moreAfter).toBe(false);
});

test("A page asked from an edge that has moved is not taken: it could leave a hole", () => {
  const page = { rows: rows(41, 90), version: 200, moreBefore: true, moreAfter: true };
  const timeline = newTimeline(head, 0);
  expect(extend(timeline, page, "before", 91)).toBe(timeline);
});

test("A window never holds more than its bound and is cut at the far side", () => {
  let timeline = newTimeline(
    { ...head, rows: rows(10_001, 10_000 + WINDOW), moreBefore: true, moreAfter: false },
    0,
  );
  timeline = extend(
    timeline,
    { rows: rows(9_941, 10_000), version: 200, moreBefore: true, moreAfter: true },
    "before",
    10_001,
  );
  expect(timeline.rows.length).toBe(WINDOW);
  expect(timeline.rows[0]?.seq).toBe(9_941);
  expect(timeline.moreAfter).toBe(true);
  let live = newTimeline({ ...head, rows: rows(1, WINDOW), moreBefore: false }, 0);
  for (let seq = WINDOW + 1; seq <= 3 * WINDOW; seq++) live = applyRows(live, rows(seq, seq, seq), seq);
  expect(live.rows.length).toBeLessThanOrEqual(WINDOW + 100);
  expect(live.rows.at(-1)?.seq).toBe(3 * WINDOW);
  expect(live.moreBefore).toBe(true);
});

test("What lies at or below the floor is dropped, and nothing more can be before it", () => {
  const timeline = dropFloor(newTimeline(head, 0), 120);
  expect(seqs(timeline)[0]).toBe(121);
  expect(timeline.moreBefore).toBe(false);
});

test("Unread counts are those who were there, are not the sender, and have not read as far", () => {
  const list = [
    { user: "a", joined_seq: 0, read_seq: 10 },
    { user: "b", joined_seq: 0, read_seq: 3 },
    { user: "c", joined_seq: 0, read_seq: 5 },
    { user: "d", joined_seq: 7, read_seq: 7 },
  ].map(fillMember);
  const members: Members = {
    byUser: new Map(list.map((member) => [member.user, member])),
    version: 1,
    readVersion: 1,
  };
  const slow = (message: Message) =>
    list.filter((member) => {
      return (
        member.user !== message.sender && member.joined_seq < message.seq && member.read_seq < message.seq
      );
    }).length;
  const count = unreadCounter(members, "a", "all");
  for (const row of rows(1, 12)) expect(count(row)).toBe(slow(row));
  expect(unreadCounter(members, "a", "nobody")(rows(9, 9)[0] as Message)).toBe(0);
  expect(unreadCounter(members, "a", "sender")(rows(9, 9)[0] as Message)).toBe(0);
  expect(unreadCounter(null, "a", "all")(rows(9, 9)[0] as Message)).toBe(0);
});
