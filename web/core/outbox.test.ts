// @vitest-environment node
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "./contract";
import { MemoryStorage, openStorage } from "./storage";
import { FakeServer, Refusal } from "./testing/fake-server";
import { fakeRest, openPage } from "./testing/page";

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  fakeRest();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  server.room("r2", ["a", "b"]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const bodies = (room: string) => server.rooms.get(room)?.rows.map((row) => row.body);
const unsent = (page: Client, room: string) => page.rooms.get(room).outbox.value;

/** The database answers in turns of the real event loop. */
async function passWithDatabase(ms: number): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    await pass(ms / 100);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function cut(): void {
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
}

async function opened(page: Client, room: string): Promise<void> {
  page.openRoom(room);
  await pass(20);
}

test("Talks arrive in the order they were written, one at a time per room", async () => {
  server.answerDelay = () => 30;
  const page = await openPage(server, "a");
  await pass(100);
  for (let n = 0; n < 5; n++) page.send("r1", `talk ${n}`);
  page.send("r2", "elsewhere");
  await pass(10);
  expect(server.commands.filter(({ cmd }) => cmd === "message.send").length).toBe(2);
  await pass(500);
  expect(bodies("r1")).toEqual(["talk 0", "talk 1", "talk 2", "talk 3", "talk 4"]);
  expect(unsent(page, "r1")).toEqual([]);
});

test("What is written without a connection goes by itself when it is back, once", async () => {
  const page = await openPage(server, "a");
  cut();
  page.send("r1", "one");
  page.send("r1", "two");
  expect(unsent(page, "r1").map((item) => item.state)).toEqual(["sending", "sending"]);
  await pass(60_000);
  server.accepts = true;
  page.probe();
  await pass(100);
  expect(bodies("r1")).toEqual(["one", "two"]);
  expect(unsent(page, "r1")).toEqual([]);
});

test("However often the line fails a talk, it goes by itself in the end and never counts as failed", async () => {
  const page = await openPage(server, "a");
  let tries = 0;
  server.refuse = (cmd) => {
    if (cmd !== "message.send" || tries >= 20) return null;
    tries += 1;
    for (const socket of [...server.sockets]) socket.broken(1006);
    return new Refusal("internal", true);
  };
  page.send("r1", "at last");
  for (let n = 0; n < 60; n++) {
    await pass(1_000);
    page.probe();
    expect(unsent(page, "r1").map((item) => item.state)).not.toContain("failed");
  }
  expect(tries).toBe(20);
  expect(bodies("r1")).toEqual(["at last"]);
});

test("A talk whose ack was lost is sent again under the same key, and neither kept nor shown twice", async () => {
  const page = await openPage(server, "a");
  await opened(page, "r1");
  server.answerDelay = () => 1_000;
  page.send("r1", "once");
  await pass(10);
  expect(bodies("r1")).toEqual(["once"]);
  // The event has brought it, the ack has not: shown as a row, no longer as sending.
  expect(page.rooms.get("r1").timeline.value?.rows.map((row) => row.body)).toEqual(["once"]);
  expect(unsent(page, "r1")).toEqual([]);
  server.answerDelay = () => 1;
  for (const socket of [...server.sockets]) socket.broken(1006);
  await pass(60_000);
  expect(bodies("r1")).toEqual(["once"]);
  expect(page.rooms.get("r1").timeline.value?.rows.length).toBe(1);
  expect(unsent(page, "r1")).toEqual([]);
});

test("An acked talk stays as sending until the room has it, so that it never vanishes for a moment", async () => {
  const page = await openPage(server, "a");
  await opened(page, "r1");
  let lost = true;
  server.losesEvent = () => lost;
  page.send("r1", "seen throughout");
  await pass(50);
  expect(unsent(page, "r1").map((item) => item.body)).toEqual(["seen throughout"]);
  lost = false;
  server.say("r1", "b", "next");
  await pass(50);
  expect(page.rooms.get("r1").timeline.value?.rows.map((row) => row.body)).toEqual([
    "seen throughout",
    "next",
  ]);
  expect(unsent(page, "r1")).toEqual([]);
});

test("A refusal by the server is shown with its reason; Resend and Delete are the person's", async () => {
  const page = await openPage(server, "a");
  server.refuse = (cmd, { body }) =>
    cmd === "message.send" && body === "bad" ? new Refusal("not_allowed") : null;
  page.send("r1", "bad");
  page.send("r1", "good");
  await pass(50);
  expect(bodies("r1")).toEqual(["good"]);
  const [failed] = unsent(page, "r1");
  expect(failed).toMatchObject({ state: "failed", reason: "not_allowed", body: "bad" });
  expect([...page.rooms.failed.value]).toEqual(["r1"]);
  page.resend(failed?.clientId ?? "");
  await pass(50);
  expect(unsent(page, "r1")[0]?.state).toBe("failed");
  server.refuse = () => null;
  page.resend(failed?.clientId ?? "");
  await pass(50);
  expect(bodies("r1")).toEqual(["good", "bad"]);
  expect(unsent(page, "r1")).toEqual([]);
});

test("A deleted talk is gone, also after a reload", async () => {
  const storage = new MemoryStorage();
  const page = await openPage(server, "a", storage);
  server.refuse = (cmd) => (cmd === "message.send" ? new Refusal("not_allowed") : null);
  page.send("r1", "never mind");
  await pass(50);
  page.deleteUnsent(unsent(page, "r1")[0]?.clientId ?? "");
  await pass(50);
  page.stop();
  const again = await openPage(server, "a", storage);
  await pass(50);
  expect(unsent(again, "r1")).toEqual([]);
});

test("A server that is busy for an hour is asked again, ever more slowly, until it has everything, in order", async () => {
  const page = await openPage(server, "a");
  let tries = 0;
  server.refuse = (cmd) => (cmd === "message.send" && ++tries ? new Refusal("busy", true) : null);
  page.send("r1", "patience");
  page.send("r1", "is a virtue");
  await pass(20_000);
  expect(tries).toBeGreaterThan(2);
  await pass(3_600_000);
  expect(tries).toBeLessThan(600);
  expect(unsent(page, "r1").map(({ state }) => state)).toEqual(["sending", "sending"]);
  server.refuse = () => null;
  await pass(60_000);
  expect(unsent(page, "r1")).toEqual([]);
  expect(bodies("r1")).toEqual(["patience", "is a virtue"]);
});

test("A talk over which the server stumbles again and again waits for the person's decision", async () => {
  const page = await openPage(server, "a");
  let tries = 0;
  server.refuse = (cmd) => (cmd === "message.send" && ++tries ? new Refusal("internal", true) : null);
  page.send("r1", "strange");
  await pass(600_000);
  expect(tries).toBeLessThan(12);
  expect(unsent(page, "r1")[0]).toMatchObject({ state: "failed", reason: "internal" });
});

test("Unsent talks and drafts outlive the page in IndexedDB, in order, and go when it opens again", async () => {
  const page = await openPage(server, "a", await openStorage());
  await pass(50);
  cut();
  page.send("r1", "before the reload");
  page.send("r1", "also");
  page.setDraft("r2", "half a sent");
  await passWithDatabase(5_000);
  page.stop();
  server.accepts = true;
  const again = await openPage(server, "a", await openStorage());
  await passWithDatabase(500);
  expect(bodies("r1")).toEqual(["before the reload", "also"]);
  expect(again.rooms.get("r2").draft.value).toBe("half a sent");
  expect([...again.rooms.drafts.value]).toEqual(["r2"]);
  again.stop();
});

test("Signing out leaves nothing of the person in this browser", async () => {
  const storage = new MemoryStorage();
  const page = await openPage(server, "a", storage);
  cut();
  page.send("r1", "secret");
  page.setDraft("r1", "secret too");
  await pass(1_000);
  await page.signOut();
  expect(await storage.unsent("a")).toEqual([]);
  expect(await storage.drafts("a")).toEqual([]);
  expect(page.rooms.list.value).toBe(null);
  expect(page.session.value.phase).toBe("signed_out");
});

test("What cannot be sent is refused before it is stored, and nothing of it is lost", async () => {
  const page = await openPage(server, "a");
  expect(() => page.send("r1", " \u0000 ")).toThrowError(expect.objectContaining({ code: "invalid" }));
  expect(() => page.send("r1", "가".repeat(4_001))).toThrowError(
    expect.objectContaining({ code: "too_long" }),
  );
  page.send("r1", "가".repeat(4_000));
  await pass(50);
  expect(bodies("r1")).toEqual(["가".repeat(4_000)]);
});
