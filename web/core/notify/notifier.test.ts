// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "../contract";
import { fillSettings } from "../model";
import { FakeServer } from "../testing/fake-server";
import { fakeRest, openPage } from "../testing/page";
import { ShownNotes } from "../testing/shown-notes";
import type { AnyEvent, RoomView } from "../wire";
import { KnownPeople, KnownRooms } from "./known";
import { Notifier } from "./notifier";

let server: FakeServer;
let notes: ShownNotes;

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
  server = new FakeServer();
  for (const room of ["r1", "r2", "r3", "r4", "r5"]) server.room(room, ["a", "b", "c"]);
  notes = new ShownNotes();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const rooms = () => [...notes.standing.keys()].sort();

async function page(): Promise<Client> {
  const client = await openPage(server, "a");
  client.notifyOn(notes);
  await pass(100);
  return client;
}

async function awayFor(client: Client, ms: number, meanwhile: () => void): Promise<void> {
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
  await pass(ms / 2);
  meanwhile();
  await pass(ms / 2);
  server.accepts = true;
  client.probe();
  await pass(500);
}

test("A room has one notification, which follows what is said", async () => {
  await page();
  server.say("r1", "b", "하나");
  await pass(100);
  expect(notes.standing.get("r1")).toMatchObject({ body: "이름 b: 하나" });
  server.say("r1", "c", "둘");
  server.say("r1", "b", "셋");
  await pass(2_000);
  expect(rooms()).toEqual(["r1"]);
  expect(notes.standing.get("r1")?.title).toContain("새 메시지 3개");
  expect(notes.standing.get("r1")?.body).toBe("이름 b: 셋");
});

test("A room talked in fast changes its notification once a second at most", async () => {
  await page();
  for (let n = 0; n < 100; n++) {
    server.say("r1", "b", `말 ${n}`);
    await pass(30);
  }
  await pass(2_000);
  expect(notes.ever.length).toBeLessThanOrEqual(6);
  expect(notes.standing.get("r1")?.body).toBe("이름 b: 말 99");
});

test("What is read on another device, answered, muted or gone is taken away", async () => {
  await page();
  for (const room of ["r1", "r2", "r3", "r4"]) server.say(room, "b", "봐 주세요");
  await pass(100);
  expect(rooms()).toEqual(["r1", "r2", "r3", "r4"]);
  server.read("r1", "a", 1);
  server.say("r2", "a", "답이에요");
  server.mute("r3", "a", true);
  server.leave("r4", "a");
  await pass(100);
  expect(rooms()).toEqual([]);
});

test("Reading half of it leaves the rest", async () => {
  await page();
  server.say("r1", "b", "하나");
  server.say("r1", "b", "둘");
  await pass(2_000);
  server.read("r1", "a", 1);
  await pass(100);
  expect(rooms()).toEqual(["r1"]);
  server.read("r1", "a", 2);
  await pass(100);
  expect(rooms()).toEqual([]);
});

test("The room before my eyes is not notified, here or on another device", async () => {
  const client = await page();
  client.openRoom("r1");
  server.say("r1", "b", "창이 뒤에 있을 때");
  await pass(100);
  expect(rooms()).toEqual(["r1"]);
  client.setFocused(true);
  await pass(500);
  expect(rooms()).toEqual([]);
  expect(server.commands.filter(({ cmd }) => cmd === "focus.set").map(({ fields }) => fields.rooms)).toEqual([
    ["r1"],
  ]);
  server.say("r1", "b", "보고 있을 때");
  server.say("r2", "b", "다른 방");
  await pass(1_500);
  expect(rooms()).toEqual(["r2"]);
  server.lookingAt("a", ["r2"]);
  await pass(50);
  expect(rooms()).toEqual([]);
  server.say("r2", "b", "전화기로 보는 중");
  client.setFocused(false);
  await pass(1_500);
  expect(rooms()).toEqual([]);
  expect(server.commands.findLast(({ cmd }) => cmd === "focus.set")?.fields.rooms).toEqual([]);
});

test("What is in focus is told again to a new connection", async () => {
  const client = await page();
  client.openRoom("r1");
  client.setFocused(true);
  await pass(500);
  await awayFor(client, 2_000, () => undefined);
  const told = server.commands.filter(({ cmd }) => cmd === "focus.set");
  expect(told.map(({ fields }) => fields.rooms)).toEqual([["r1"], ["r1"]]);
});

test("Settings changed on another device hold at once", async () => {
  await page();
  server.desk.settings("a", { show_body: false, sound: false });
  await pass(50);
  server.say("r1", "b", "비밀");
  await pass(100);
  expect(notes.standing.get("r1")).toMatchObject({ body: "새 메시지 1개", silent: true });
  server.desk.settings("a", { notify: false });
  await pass(50);
  server.say("r2", "b", "꺼 두었을 때");
  await pass(100);
  expect(rooms()).toEqual(["r1"]);
});

test("Nothing is shown where the browser has not allowed it", async () => {
  notes.allowed = false;
  await page();
  server.say("r1", "b", "하나");
  await pass(100);
  expect(notes.ever).toEqual([]);
});

test("After a short gap the newest three rooms are told, each once; what was shown is not shown again", async () => {
  const client = await page();
  server.say("r5", "b", "끊기기 전");
  await pass(1_500);
  await awayFor(client, 20_000, () => {
    for (const room of ["r1", "r2", "r3", "r4"]) {
      server.say(room, "b", `${room} 하나`);
      server.say(room, "b", `${room} 둘`);
    }
  });
  expect(rooms()).toEqual(["r2", "r3", "r4", "r5"]);
  expect(notes.ever.map((note) => note.room).sort()).toEqual(["r2", "r3", "r4", "r5"]);
  expect(notes.standing.get("r4")).toMatchObject({ body: "이름 b: r4 둘" });
  expect(notes.standing.get("r4")?.title).toContain("새 메시지 2개");
  expect(client.rooms.totalUnread.value).toBe(9);
});

test("After a long absence there is only the number", async () => {
  const client = await page();
  await awayFor(client, 10 * 60_000, () => {
    for (const room of ["r1", "r2", "r3", "r4"]) server.say(room, "b", "밤사이");
  });
  expect(notes.ever).toEqual([]);
  expect(client.rooms.totalUnread.value).toBe(4);
  server.say("r1", "b", "이제");
  await pass(100);
  expect(rooms()).toEqual(["r1"]);
});

test("A page that begins tells nothing of what was said before", async () => {
  for (const room of ["r1", "r2"]) server.say(room, "b", "어제");
  await page();
  expect(notes.ever).toEqual([]);
});

test("Whoever signs out leaves no notification behind", async () => {
  const client = await page();
  server.say("r1", "b", "하나");
  await pass(100);
  await client.signOut();
  expect(rooms()).toEqual([]);
});

/** A notifier without a store, as a portal's page has it. */
function portalPage(leads: () => boolean) {
  const view: RoomView = {
    room: {
      id: "r1",
      kind: "direct",
      seq: 1,
      version: 1,
      members_version: 1,
      read_version: 0,
      people: ["b", "a"],
      member_count: 2,
    },
    mine: { room: "r1", floor: 0, epoch: 1, read_seq: 0, unread: 1 },
  };
  const known = new KnownRooms(async () => ({ room: view }));
  const people = new KnownPeople(async (ids) => ids.map((id) => ({ id, name: `이름 ${id}` })));
  const notifier = new Notifier({
    surface: () => notes,
    leads,
    ready: () => true,
    me: () => "a",
    settings: () => fillSettings({}),
    inFront: () => false,
    viewOf: (room) => known.view(room),
    nameOf: (person) => people.name(person),
    news: async () => ({ unread: 0 }),
    heardUntil: { get: () => null, set: () => undefined },
  });
  const hear = (event: AnyEvent) => {
    known.heard(event);
    notifier.event(event);
  };
  const say = (seq: number) => {
    const message = { seq, version: seq, sender: "b", at: Date.now(), body: `말 ${seq}` };
    hear({ ev: "message.new", room: "r1", version: seq, message });
  };
  return { notifier, hear, say, view };
}

test("A tab that does not lead tells nothing; what comes once it leads it tells", async () => {
  let leads = false;
  const { say } = portalPage(() => leads);
  say(1);
  await pass(2_000);
  expect(notes.ever).toEqual([]);
  leads = true;
  say(2);
  await pass(100);
  expect(notes.ever.map((note) => [note.title, note.body])).toEqual([["이름 b", "말 2"]]);
});

test("A page without a store knows as well what is muted and read", async () => {
  const { hear, say, view } = portalPage(() => true);
  say(1);
  await pass(1_500);
  expect(rooms()).toEqual(["r1"]);
  hear({ ev: "mine.changed", personal: 1, rooms: [{ ...view.mine, unread: 0, read_seq: 1, muted: true }] });
  await pass(10);
  expect(rooms()).toEqual([]);
  say(2);
  await pass(1_500);
  expect(rooms()).toEqual([]);
});

test("The tab that leads takes away what another tab has shown; one that only follows leaves it alone", async () => {
  let leads = false;
  const { hear, view } = portalPage(() => leads);
  const read = { ...view.mine, unread: 0, read_seq: 1 };
  hear({ ev: "mine.changed", personal: 1, rooms: [read] });
  expect(notes.closed).toEqual([]);
  leads = true;
  hear({ ev: "mine.changed", personal: 2, rooms: [read] });
  expect(notes.closed).toEqual(["r1"]);
});

test("The same talk heard twice is told once", async () => {
  const { say } = portalPage(() => true);
  say(1);
  await pass(1_500);
  say(1);
  await pass(1_500);
  expect(notes.ever.length).toBe(1);
});

test("What was read while there was no connection is no news after it", async () => {
  const client = await page();
  server.say("r1", "b", "하나");
  server.say("r2", "b", "둘");
  await pass(1_500);
  await awayFor(client, 20_000, () => server.read("r1", "a", 1));
  expect(rooms()).toEqual(["r2"]);
});

test("A talk that is taken back takes its words from the screen", async () => {
  const { hear, say } = portalPage(() => true);
  say(1);
  await pass(1_500);
  const message = { seq: 1, version: 2, sender: "b", at: 1, kind: "revoked" as const };
  hear({ ev: "message.changed", room: "r1", version: 2, message });
  expect(rooms()).toEqual([]);
});

test("A page that follows another within moments goes on where that one heard last", async () => {
  const values = new Map<string, string>();
  const asked: number[] = [];
  const make = () =>
    new Notifier({
      surface: () => notes,
      leads: () => true,
      ready: () => true,
      me: () => "a",
      settings: () => fillSettings({}),
      inFront: () => false,
      viewOf: async () => null,
      nameOf: async () => null,
      news: async (since) => {
        asked.push(since);
        return { unread: 0 };
      },
      heardUntil: { get: () => values.get("at") ?? null, set: (value) => void values.set("at", value) },
    });
  const first = make();
  first.start();
  first.welcomed(5_000);
  await pass(30_000);
  first.stop();
  await pass(3_000);
  const second = make();
  second.start();
  second.welcomed(40_000);
  second.stop();
  await pass(10 * 60_000);
  const third = make();
  third.start();
  third.welcomed(700_000);
  third.stop();
  expect(asked).toEqual([5_000]);
});

test("Whatever happens, a room has a notification only of talks that are unread, not muted and not before my eyes", async () => {
  const room = fc.constantFrom("r1", "r2");
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant("say" as const), room }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("read" as const), room }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("mute" as const), room, on: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("focus" as const), room, on: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("elsewhere" as const), room, on: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("cut" as const), room }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), room, ms: fc.nat(1_500) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      server = new FakeServer();
      for (const id of ["r1", "r2"]) server.room(id, ["a", "b"]);
      notes = new ShownNotes();
      const client = await page();
      let front: string | null = null;
      let elsewhere: string[] = [];
      for (const taken of steps) {
        if (taken.do === "say") server.say(taken.room, "b", "말");
        else if (taken.do === "read") server.read(taken.room, "a", server.rooms.get(taken.room)?.seq ?? 0);
        else if (taken.do === "mute") server.mute(taken.room, "a", taken.on);
        else if (taken.do === "focus") {
          front = taken.on ? taken.room : null;
          client.openRoom(taken.room);
          client.setFocused(taken.on);
        } else if (taken.do === "elsewhere") {
          elsewhere = taken.on ? [taken.room] : [];
          server.lookingAt("a", elsewhere);
        } else if (taken.do === "cut") for (const socket of [...server.sockets]) socket.broken(1006);
        else await pass(taken.ms);
      }
      await pass(5_000);
      for (const id of notes.standing.keys()) {
        const held = server.rooms.get(id);
        expect(held?.unread("a")).toBeGreaterThan(0);
        expect(held?.mine("a").muted ?? false).toBe(false);
        expect(front).not.toBe(id);
        expect(elsewhere).not.toContain(id);
      }
      client.stop();
    }),
    { numRuns: 60 },
  );
});
