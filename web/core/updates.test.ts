// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "./contract";
import { FakeServer } from "./testing/fake-server";
import { fakeRest, openPage } from "./testing/page";

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  server.room("r2", ["b", "c"]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const state = (page: Client, room: string) => page.rooms.get(room).state.value;
const asked = (cmd: string) => server.commands.filter((command) => command.cmd === cmd).length;
const bodies = (page: Client, room: string) =>
  page.rooms.get(room).timeline.value?.rows.map((row) => row.body);

test("A talk that comes while a new room is being fetched is not missed", async () => {
  const page = await openPage(server, "a");
  server.answerDelay = () => 50;
  server.join("r2", "a");
  await pass(20);
  server.say("r2", "b", "welcome");
  await pass(3_000);
  expect(state(page, "r2")?.room.last?.body).toBe("welcome");
  expect(page.rooms.list.value?.map((view) => view.room.id)).toEqual(["r2", "r1"]);
});

test("An answer read before a change of mine does not take the change back", async () => {
  const page = await openPage(server, "a");
  server.answerDelay = () => 50;
  page.openRoom("r1");
  await pass(20);
  server.mute("r1", "a", true);
  await pass(200);
  expect(state(page, "r1")?.members?.byUser.size).toBe(2);
  expect(state(page, "r1")?.mine.muted).toBe(true);
});

test("An unread number counted before I read elsewhere does not come back", async () => {
  const page = await openPage(server, "a");
  server.answerDelay = () => 200;
  server.say("r1", "b", "news");
  await pass(350);
  expect(asked("unread.get")).toBe(1);
  server.read("r1", "a", 99);
  await pass(1_000);
  expect(state(page, "r1")?.mine.unread).toBe(0);
});

test("Unread numbers are asked of the server, many talks in one question", async () => {
  const page = await openPage(server, "a");
  for (let n = 0; n < 20; n++) server.say("r1", "b", `talk ${n}`);
  expect(page.rooms.totalUnread.value).toBe(0);
  await pass(1_000);
  expect(page.rooms.totalUnread.value).toBe(20);
  expect(asked("unread.get")).toBe(1);
});

test("A room that is open and seen is read without asking for its number; unseen it waits to be seen", async () => {
  const page = await openPage(server, "a");
  page.openRoom("r1");
  await pass(50);
  server.say("r1", "b", "hello");
  await pass(10);
  page.markRead("r1", 1);
  await pass(1_000);
  expect(asked("unread.get")).toBe(0);
  expect(server.rooms.get("r1")?.members.get("a")?.read_seq).toBe(1);
  page.setVisible(false);
  server.say("r1", "b", "are you there?");
  await pass(10);
  page.markRead("r1", 2);
  await pass(1_000);
  expect(server.rooms.get("r1")?.members.get("a")?.read_seq).toBe(1);
  expect(page.rooms.totalUnread.value).toBe(1);
  page.setVisible(true);
  await pass(50);
  expect(server.rooms.get("r1")?.members.get("a")?.read_seq).toBe(2);
  expect(page.rooms.totalUnread.value).toBe(0);
});

test("Many marks while one is on its way become one more", async () => {
  const page = await openPage(server, "a");
  for (let n = 0; n < 30; n++) server.say("r1", "b", `talk ${n}`);
  page.openRoom("r1");
  await pass(50);
  server.answerDelay = () => 100;
  for (let seq = 1; seq <= 30; seq++) page.markRead("r1", seq);
  await pass(1_000);
  expect(asked("read.mark")).toBe(2);
  expect(server.rooms.get("r1")?.members.get("a")?.read_seq).toBe(30);
});

test("A hole asks for one sync, and what comes meanwhile is applied after it", async () => {
  const page = await openPage(server, "a");
  page.openRoom("r1");
  await pass(50);
  server.losesEvent = () => true;
  server.say("r1", "b", "lost");
  server.losesEvent = () => false;
  server.answerDelay = () => 100;
  for (const body of ["two", "three"]) {
    server.say("r1", "b", body);
    await pass(20);
  }
  await pass(200);
  expect(bodies(page, "r1")).toEqual(["lost", "two", "three"]);
  expect(asked("sync")).toBe(1);
});

test("A room that says limited is fetched anew while it is open", async () => {
  server.most = 5;
  const page = await openPage(server, "a");
  page.openRoom("r1");
  await pass(50);
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
  for (let n = 0; n < 100; n++) server.say("r1", "b", `talk ${n}`);
  server.accepts = true;
  page.probe();
  await pass(200);
  const timeline = page.rooms.get("r1").timeline.value;
  expect(timeline?.rows.at(-1)?.body).toBe("talk 99");
  expect(timeline?.rows.length).toBe(60);
  expect(state(page, "r1")?.members?.byUser.size).toBe(2);
});

test("A jump starts another window, and going to the end reloads the head", async () => {
  for (let n = 1; n <= 500; n++) server.say("r1", "b", `talk ${n}`);
  const page = await openPage(server, "a");
  page.openRoom("r1");
  await pass(50);
  void page.loadAround("r1", 100);
  await pass(50);
  let timeline = page.rooms.get("r1").timeline.value;
  expect(timeline?.rows.some((row) => row.seq === 100)).toBe(true);
  expect(timeline?.moreAfter).toBe(true);
  server.say("r1", "b", "talk 501");
  void page.loadNewer("r1");
  await pass(50);
  timeline = page.rooms.get("r1").timeline.value;
  const seqs = timeline?.rows.map((row) => row.seq) ?? [];
  expect(seqs).toEqual(seqs.map((_, n) => (seqs[0] ?? 0) + n));
  void page.loadHead("r1");
  await pass(50);
  timeline = page.rooms.get("r1").timeline.value;
  expect(timeline?.rows.at(-1)?.seq).toBe(501);
  expect(timeline?.moreAfter).toBe(false);
});

test("A load that fails says why, and the next one clears it", async () => {
  for (let n = 1; n <= 100; n++) server.say("r1", "b", `talk ${n}`);
  const page = await openPage(server, "a");
  page.openRoom("r1");
  await pass(50);
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
  void page.loadOlder("r1");
  await pass(5);
  expect(page.rooms.get("r1").loadError.value).toBe("offline");
  expect(page.rooms.get("r1").loading.value).toBe("none");
  server.accepts = true;
  page.probe();
  await pass(50);
  void page.loadOlder("r1");
  await pass(50);
  expect(page.rooms.get("r1").loadError.value).toBe(null);
  expect(page.rooms.get("r1").timeline.value?.rows.length).toBe(100);
});

test("Names of people are fetched together, and those unknown are not asked for again and again", async () => {
  const page = await openPage(server, "a");
  const asked = vi.fn(fetch);
  vi.stubGlobal("fetch", asked);
  for (const id of ["x1", "x2", "nobody"]) expect(page.people.get(id)).toBe(null);
  await pass(50);
  expect(page.people.get("x2")?.name).toBe("이름 x2");
  for (let n = 0; n < 20; n++) {
    expect(page.people.get("nobody")).toBe(null);
    await pass(100);
  }
  expect(asked).toHaveBeenCalledOnce();
});

test("Presence is watched as one union of what the parts of the screen say, and again after a break", async () => {
  const page = await openPage(server, "a");
  page.presence.watch("people", ["b", "c"]);
  page.presence.watch("room:r1", ["c", "d"]);
  await pass(200);
  const watches = () => server.commands.filter(({ cmd }) => cmd === "presence.watch");
  expect(watches().map(({ fields }) => fields.people)).toEqual([["b", "c", "d"]]);
  for (const socket of server.sockets) socket.push({ ev: "presence", people: { d: { web: true } } }, 0);
  await pass(5);
  expect(page.presence.get("d")).toEqual({ web: true, app: false });
  for (const socket of [...server.sockets]) socket.broken(1006);
  await pass(3_000);
  expect(watches().length).toBe(2);
  expect(page.presence.get("d")).toEqual({ web: false, app: false });
});

test("Typing lasts six seconds unless repeated, and ends with the talk", async () => {
  const page = await openPage(server, "a");
  page.openRoom("r1");
  await pass(50);
  const typing = () => page.rooms.get("r1").typing.value;
  for (const socket of server.sockets) socket.push({ ev: "typing", room: "r1", user: "b", typing: true }, 0);
  await pass(5_900);
  expect(typing()).toEqual(["b"]);
  await pass(200);
  expect(typing()).toEqual([]);
  for (const socket of server.sockets) socket.push({ ev: "typing", room: "r1", user: "b", typing: true }, 0);
  await pass(100);
  server.say("r1", "b", "done");
  await pass(10);
  expect(typing()).toEqual([]);
  for (let n = 0; n < 50; n++) {
    page.typing("r1");
    await pass(100);
  }
  expect(asked("typing.set")).toBe(2);
});
