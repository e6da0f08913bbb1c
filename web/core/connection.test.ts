// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type ConnectionNeeds } from "./connection";
import { FakeServer, Refusal } from "./testing/fake-server";

let server: FakeServer;
let connection: Connection;
let needs: ConnectionNeeds;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  needs = {
    url: "ws://server/ws",
    token: () => null,
    sync: () => ({ rooms: {}, personal: 0 }),
    refresh: vi.fn(async () => "refreshed" as const),
    onWelcome: vi.fn(),
    onEvent: vi.fn(),
    onStopped: vi.fn(),
    makeSocket: server.socketFor("a"),
  };
  connection = new Connection(needs);
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const phase = () => connection.state.value.phase;
const commands = (cmd: string) => server.commands.filter((command) => command.cmd === cmd).length;

function breakAll(code: number): void {
  for (const socket of [...server.sockets]) socket.broken(code);
}

async function connected(): Promise<void> {
  connection.start();
  await pass(20);
  expect(phase()).toBe("ready");
}

test("The first frame is hello with what is held, and its answer makes it ready", async () => {
  await connected();
  expect(server.commands[0]).toEqual({
    user: "a",
    cmd: "hello",
    fields: { sync: { rooms: {}, personal: 0 } },
  });
  expect(needs.onWelcome).toHaveBeenCalledOnce();
});

test("A lost connection says when it tries next, and comes back", async () => {
  await connected();
  breakAll(1006);
  const state = connection.state.value;
  expect(state.phase).toBe("waiting");
  if (state.phase === "waiting") expect(state.retryAt).toBeGreaterThan(Date.now());
  await pass(2_000);
  expect(phase()).toBe("ready");
});

test("While the server is away tries are ever rarer, at most 30 s apart, and a probe tries at once", async () => {
  server.accepts = false;
  const tries = vi.fn(server.socketFor("a"));
  connection = new Connection({ ...needs, makeSocket: tries });
  connection.start();
  await pass(10 * 60_000);
  expect(tries.mock.calls.length).toBeGreaterThan(20);
  expect(tries.mock.calls.length).toBeLessThan(120);
  server.accepts = true;
  connection.probe();
  await pass(20);
  expect(phase()).toBe("ready");
});

test("Close codes say what is next: refresh, stop, park or try again", async () => {
  await connected();
  breakAll(4001);
  await pass(20);
  expect(needs.refresh).toHaveBeenCalledOnce();
  expect(phase()).toBe("ready");
  breakAll(4004);
  await pass(120_000);
  expect(phase()).toBe("parked");
  connection.probe();
  await pass(20);
  expect(phase()).toBe("ready");
  for (const socket of [...server.sockets]) socket.push({ ev: "signed_out", reason: "blocked" }, 0);
  await pass(5);
  breakAll(4003);
  expect(needs.onStopped).toHaveBeenCalledWith("blocked");
  await pass(120_000);
  expect(phase()).toBe("stopped");
});

test("A token that is refused again and again does not turn into a storm of refreshes", async () => {
  server.refuse = (cmd) => (cmd === "hello" ? new Refusal("unauthorized") : null);
  connection.start();
  await pass(60_000);
  expect(vi.mocked(needs.refresh).mock.calls.length).toBeLessThan(20);
});

test("A refresh that is refused ends it; one that cannot be asked is tried again later", async () => {
  needs.refresh = async () => "unreachable";
  await connected();
  breakAll(4001);
  await pass(5);
  expect(phase()).toBe("waiting");
  needs.refresh = async () => "signed_out";
  await pass(5_000);
  expect(phase()).toBe("ready");
  breakAll(4001);
  await pass(5);
  expect(phase()).toBe("stopped");
  expect(needs.onStopped).toHaveBeenCalledWith(null);
});

test("An answer that does not come in 10 s means the socket is dead", async () => {
  await connected();
  server.silent = true;
  const asked = connection.request("room.get", { room: "r1" }).catch((error: { code: string }) => error.code);
  await pass(10_001);
  expect(await asked).toBe("timeout");
  server.silent = false;
  await pass(3_000);
  expect(phase()).toBe("ready");
});

test("A probe finds a dead socket out in 5 s, whatever it looks like", async () => {
  await connected();
  server.silent = true;
  connection.probe();
  await pass(5_001);
  expect(phase()).not.toBe("ready");
});

test("The server's tick is answered at once", async () => {
  await connected();
  for (const socket of server.sockets) socket.push({ ev: "tick" }, 0);
  await pass(2);
  expect(commands("tick")).toBe(1);
});

test("Without a word from the server for longer than its tick the connection is probed", async () => {
  await connected();
  server.silent = true;
  await pass(90_000);
  expect(commands("tick")).toBeGreaterThan(0);
  expect(commands("hello")).toBeGreaterThan(1);
});

test("A refusal is a typed error; without a connection a request is refused at once", async () => {
  await connected();
  const refused = connection.request("room.get", { room: "nowhere" }).catch((error: unknown) => error);
  await pass(10);
  expect(await refused).toMatchObject({ code: "not_found", retry: false });
  connection.stop();
  await expect(connection.request("room.get", { room: "r1" })).rejects.toMatchObject({
    code: "offline",
    retry: true,
  });
});

test("What waits for an answer is refused as offline when the connection goes", async () => {
  await connected();
  server.silent = true;
  const asked = connection.request("room.get", { room: "r1" }).catch((error: { code: string }) => error.code);
  await pass(5);
  breakAll(1006);
  expect(await asked).toBe("offline");
});
