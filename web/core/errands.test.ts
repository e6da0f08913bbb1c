// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MemoryStorage } from "./storage";
import { FakeServer, Refusal } from "./testing/fake-server";
import { fakeRest, openPage } from "./testing/page";

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const members = () =>
  server.rooms
    .get("r1")
    ?.present()
    .map(({ user }) => user);

function cut(): void {
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
}

test("With a connection inviting and leaving are done at once", async () => {
  const page = await openPage(server, "a");
  const invited = page.invite("r1", ["c"]);
  await pass(20);
  expect(await invited).toBe("done");
  const left = page.leave("r1");
  await pass(20);
  expect(await left).toBe("done");
  expect(members()).toEqual(["b", "c"]);
  expect(page.rooms.list.value).toEqual([]);
});

test("Without one they wait, outlive the page, and are done in the order they were wished with the room's talks", async () => {
  const storage = new MemoryStorage();
  const page = await openPage(server, "a", storage);
  cut();
  page.send("r1", "this is Choi");
  expect(await page.invite("r1", ["c"])).toBe("waits");
  page.send("r1", "goodbye");
  expect(await page.leave("r1")).toBe("waits");
  expect(page.rooms.get("r1").outbox.value.map((item) => item.body)).toEqual(["this is Choi", "goodbye"]);
  await pass(100);
  page.stop();
  server.accepts = true;
  const again = await openPage(server, "a", storage);
  await pass(500);
  const said = server.rooms.get("r1")?.rows.map((row) => row.body ?? row.notice?.type);
  expect(said).toEqual(["this is Choi", "invited", "goodbye", "left"]);
  expect(again.rooms.list.value).toEqual([]);
  expect(await storage.unsent("a")).toEqual([]);
});

test("An invitation whose answer was lost with the connection is not lost", async () => {
  const page = await openPage(server, "a");
  server.answerDelay = () => 1_000;
  const invited = page.invite("r1", ["c"]);
  await pass(100);
  for (const socket of [...server.sockets]) socket.broken(1006);
  expect(await invited).toBe("waits");
  server.answerDelay = () => 1;
  await pass(10_000);
  expect(members()).toEqual(["a", "b", "c"]);
  expect(page.errandRefused.value).toBe(null);
});

test("What waited and is refused then is told of and tried no more", async () => {
  const page = await openPage(server, "a");
  cut();
  await page.invite("r1", ["c"]);
  server.refuse = (cmd) => (cmd === "room.invite" ? new Refusal("not_allowed") : null);
  server.accepts = true;
  page.probe();
  await pass(200);
  expect(page.errandRefused.value).toEqual({
    kind: "invite",
    room: "r1",
    people: ["c"],
    code: "not_allowed",
  });
  const tries = server.commands.filter(({ cmd }) => cmd === "room.invite").length;
  await pass(60_000);
  expect(server.commands.filter(({ cmd }) => cmd === "room.invite").length).toBe(tries);
  expect(page.rooms.failed.value.size).toBe(0);
});

test("What the server refuses at once is said at once", async () => {
  const page = await openPage(server, "a");
  server.refuse = (cmd) => (cmd === "room.leave" ? new Refusal("not_allowed") : null);
  const left = page.leave("r1").catch((error: { code: string }) => error.code);
  await pass(20);
  expect(await left).toBe("not_allowed");
});

test("Leaving a room that was left elsewhere meanwhile is done", async () => {
  const page = await openPage(server, "a");
  cut();
  await page.leave("r1");
  server.leave("r1", "a");
  server.accepts = true;
  page.probe();
  await pass(500);
  expect(page.errandRefused.value).toBe(null);
  expect(page.rooms.list.value).toEqual([]);
});
