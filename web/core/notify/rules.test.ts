// @vitest-environment node
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillSettings, fillView, type RoomView } from "../model";
import type { MySettings } from "../wire";
import { isNotified, isWithinHours, noteOf, type Situation } from "./rules";
import type { NotificationWords } from "./surface";

const words: NotificationWords = {
  language: "ko",
  product: "Sendjay",
  newTalks: (count) => (count > 1 ? `새 메시지 ${count}개` : "새 메시지가 왔어요"),
};
const names: Record<string, string> = { hong: "홍길동", kim: "김철수", me: "나" };

function view(kind: "direct" | "group", name: string | null = null): RoomView {
  const room = { id: "r", kind, name, seq: 9, version: 9, members_version: 1, read_version: 0 };
  const people = kind === "direct" ? ["hong", "me"] : ["hong", "kim", "me"];
  const mine = { room: "r", floor: 0, epoch: 1, read_seq: 0, unread: 1 };
  return fillView({ room: { ...room, people, member_count: people.length }, mine });
}

function note(settings: MySettings, more: { count?: number; view?: RoomView; body?: string } = {}) {
  const talk = { sender: "hong", body: more.body ?? "지금 통화 돼요?", at: 5 };
  const told = { talk, count: more.count ?? 1, view: more.view ?? view("direct"), me: "me" };
  return noteOf({ ...told, nameOf: (id) => names[id] ?? null }, fillSettings(settings), words);
}

describe("what a notification says", () => {
  test.each([
    ["a direct talk: who, and what", {}, {}, "홍길동", "지금 통화 돼요?"],
    ["several: how many, and the last", {}, { count: 3 }, "홍길동 · 새 메시지 3개", "지금 통화 돼요?"],
    ["a named group", {}, { view: view("group", "출시 준비") }, "출시 준비", "홍길동: 지금 통화 돼요?"],
    ["a group without a name", {}, { view: view("group") }, "홍길동, 김철수", "홍길동: 지금 통화 돼요?"],
    ["the text hidden", { show_body: false }, {}, "홍길동", "새 메시지가 왔어요"],
    ["the text of several hidden", { show_body: false }, { count: 2 }, "홍길동", "새 메시지 2개"],
    ["the sender hidden", { show_sender: false }, {}, "Sendjay", "지금 통화 돼요?"],
    [
      "the sender hidden, and the room whose name would tell",
      { show_sender: false },
      { view: view("group", "홍길동 팀"), count: 2 },
      "새 메시지 2개",
      "지금 통화 돼요?",
    ],
    ["both hidden", { show_sender: false, show_body: false }, { count: 2 }, "Sendjay", "새 메시지 2개"],
    ["lines become one", {}, { body: " 첫째\n\n둘째 " }, "홍길동", "첫째 둘째"],
  ])("%s", (_, settings, more, title, body) => {
    expect(note(settings, more)).toMatchObject({ title, body });
  });

  test("sound and vibration are as the person wants them", () => {
    expect(note({})).toMatchObject({ silent: false, vibrate: true });
    expect(note({ sound: false, vibration: false })).toMatchObject({ silent: true, vibrate: false });
  });

  test("what is hidden is nowhere in it, whatever it says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.boolean(), fc.boolean(), (count, show_body, direct) => {
        const shown = note(
          { show_body, show_sender: false },
          { count, view: view(direct ? "direct" : "group") },
        );
        expect(shown.title + shown.body).not.toContain("홍길동");
        if (!show_body) expect(shown.title + shown.body).not.toContain("통화");
      }),
    );
  });
});

describe("hours", () => {
  test.each([
    ["", "", "03:00", true],
    ["0900", "1800", "08:59", false],
    ["0900", "1800", "09:00", true],
    ["0900", "1800", "17:59", true],
    ["0900", "1800", "18:00", false],
    ["2200", "0600", "21:59", false],
    ["2200", "0600", "22:00", true],
    ["2200", "0600", "00:00", true],
    ["2200", "0600", "05:59", true],
    ["2200", "0600", "06:00", false],
    ["0000", "0600", "00:00", true],
    ["1800", "0000", "23:59", true],
    ["1800", "0000", "00:00", false],
    ["0900", "0900", "03:00", true],
    ["nine", "1800", "03:00", true],
  ])("from %s to %s, at %s: %s", (from, to, at, told) => {
    const [hours, minutes] = at.split(":").map(Number);
    expect(isWithinHours(from, to, (hours ?? 0) * 60 + (minutes ?? 0))).toBe(told);
  });

  test("hours and those between them share out the day", () => {
    const time = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const hhmm = (minutes: number) =>
      String(Math.floor(minutes / 60)).padStart(2, "0") + String(minutes % 60).padStart(2, "0");
    fc.assert(
      fc.property(time, time, time, (from, to, now) => {
        fc.pre(from !== to);
        const day = isWithinHours(hhmm(from), hhmm(to), now);
        expect(isWithinHours(hhmm(to), hhmm(from), now)).toBe(!day);
      }),
    );
  });
});

describe("whether it is told", () => {
  const usual: Situation = {
    me: "me",
    settings: fillSettings({}),
    inFront: false,
    muted: false,
    readSeq: 4,
    minutes: 600,
  };
  const talk = { seq: 5, sender: "hong", kind: "text" as const };

  test("a new talk of somebody else's is", () => {
    expect(isNotified(talk, usual)).toBe(true);
  });

  const reasons: [string, (situation: Situation) => Situation, Partial<typeof talk> | { kind: "notice" }][] =
    [
      ["switched off", (s) => ({ ...s, settings: { ...s.settings, notify: false } }), {}],
      ["muted", (s) => ({ ...s, muted: true }), {}],
      ["before my eyes", (s) => ({ ...s, inFront: true }), {}],
      ["read already", (s) => ({ ...s, readSeq: 5 }), {}],
      [
        "outside my hours",
        (s) => ({ ...s, settings: { ...s.settings, hours_from: "1200", hours_to: "1300" } }),
        {},
      ],
      ["my own", (s) => s, { sender: "me" }],
      ["a notice", (s) => s, { kind: "notice" }],
    ];

  test.each(reasons)("%s: it is not", (_, change, part) => {
    expect(isNotified({ ...talk, ...part }, change(usual))).toBe(false);
  });

  test("one reason is enough, whatever else is so", () => {
    const any = fc.record({
      readSeq: fc.nat(9),
      inFront: fc.boolean(),
      muted: fc.boolean(),
      minutes: fc.nat(24 * 60 - 1),
    });
    const reason = fc.constantFrom(...reasons.filter(([name]) => name !== "outside my hours"));
    fc.assert(
      fc.property(any, reason, (rest, [, change, part]) => {
        expect(isNotified({ ...talk, ...part }, change({ ...usual, ...rest }))).toBe(false);
      }),
    );
  });
});
