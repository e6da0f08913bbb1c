// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type ConnectionNeeds } from "./connection";
import { FakeServer, Refusal } from "./testing/fake-server";
import { sharedValues, transportOver } from "./testing/transport";

let server: FakeServer;
let connection: Connection;
let needs: ConnectionNeeds;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  needs = {
    transport: transportOver(server.socketFor("a")),
    token: () => null,
    sync: () => ({ rooms: {}, personal: 0 }),
    refresh: vi.fn(async () => "refreshed" as const),
    onWelcome: vi.fn(),
    onEvent: vi.fn(),
    onStopped: vi.fn(),
    standing: () => "window",
    browser: "this-browser",
    visible: () => true,
    values: sharedValues(),
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

function breakAll(code: number, reason = ""): void {
  for (const socket of [...server.sockets]) socket.broken(code, reason);
}

function pushAll(event: unknown): void {
  for (const socket of server.sockets) socket.push(event, 0);
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
    fields: {
      sync: { rooms: {}, personal: 0 },
      place: { claim: true, generation: 0, standing: "window", browser: "this-browser" },
    },
  });
  expect(needs.onWelcome).toHaveBeenCalledOnce();
});

test("A page that has nothing to sync asks for nothing, and is ready all the same", async () => {
  needs.sync = () => null;
  await connected();
  expect(server.commands[0]?.fields.sync).toBeUndefined();
  expect(needs.onWelcome).toHaveBeenCalledWith(expect.objectContaining({ sync: null }), null);
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
  connection = new Connection({ ...needs, transport: transportOver(tries) });
  connection.start();
  await pass(10 * 60_000);
  expect(tries.mock.calls.length).toBeGreaterThan(20);
  expect(tries.mock.calls.length).toBeLessThan(120);
  server.accepts = true;
  connection.probe();
  await pass(20);
  expect(phase()).toBe("ready");
});

test("Close codes say what is next: refresh, stop or try again", async () => {
  await connected();
  breakAll(4001);
  await pass(20);
  expect(needs.refresh).toHaveBeenCalledOnce();
  expect(phase()).toBe("ready");
  for (const code of [1001, 1005, 1006, 1009, 1012, 4000, 4008, 4999]) {
    breakAll(code);
    expect(phase()).toBe("waiting");
    await pass(31_000);
    expect(phase()).toBe("ready");
  }
  pushAll({ ev: "signed_out", reason: "blocked" });
  await pass(5);
  breakAll(4003);
  expect(needs.onStopped).toHaveBeenCalledWith("blocked");
  await pass(120_000);
  expect(phase()).toBe("stopped");
});

test("Clients of a restarting server come back spread over some seconds", async () => {
  const waits: number[] = [];
  for (let n = 0; n < 60; n++) {
    const one = new Connection(needs);
    one.start();
    await pass(20);
    breakAll(1012);
    const state = one.state.value;
    if (state.phase === "waiting") waits.push(state.retryAt - Date.now());
    one.stop();
  }
  expect(waits.length).toBe(60);
  expect(Math.max(...waits)).toBeGreaterThan(3_000);
  expect(Math.max(...waits)).toBeLessThan(8_001);
  expect(Math.min(...waits)).toBeLessThan(2_500);
});

test("A server of many thousands says how far its clients are to spread", async () => {
  const waits: number[] = [];
  for (let n = 0; n < 60; n++) {
    const one = new Connection(needs);
    one.start();
    await pass(20);
    breakAll(1012, "16000");
    const state = one.state.value;
    if (state.phase === "waiting") waits.push(state.retryAt - Date.now());
    one.stop();
  }
  expect(Math.max(...waits)).toBeGreaterThan(10_000);
  expect(Math.max(...waits)).toBeLessThan(16_001);
});

test("A server that is busy is asked again no sooner than it says", async () => {
  server.refuse = (cmd) => (cmd === "hello" ? new Refusal("busy", true, 20_000) : null);
  connection.start();
  await pass(100);
  const state = connection.state.value;
  expect(state.phase === "waiting" && state.retryAt - Date.now()).toBeGreaterThan(19_000);
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

test("A device that was removed is told so, at hello as by a refresh, and tries nothing more", async () => {
  server.refuse = (cmd) => (cmd === "hello" ? new Refusal("device_removed") : null);
  connection.start();
  await pass(20);
  expect(needs.onStopped).toHaveBeenLastCalledWith("device_removed");
  server.refuse = (cmd) => (cmd === "hello" ? new Refusal("unauthorized") : null);
  needs.refresh = async () => "device_removed";
  connection.start();
  await pass(20);
  expect(needs.onStopped).toHaveBeenCalledTimes(2);
  expect(needs.onStopped).toHaveBeenLastCalledWith("device_removed");
  const hellos = commands("hello");
  await pass(300_000);
  expect(commands("hello")).toBe(hellos);
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

test("A probe finds a dead socket out in 4 s, whatever it looks like", async () => {
  await connected();
  server.silent = true;
  connection.probe();
  connection.probe();
  await pass(4_001);
  expect(phase()).not.toBe("ready");
  expect(commands("tick")).toBe(1);
});

test("A line that dies without a word is known to be dead within one heartbeat of 25 s", async () => {
  await connected();
  await pass(60_000);
  expect(commands("hello")).toBe(1);
  server.silent = true;
  await pass(25_000);
  expect(phase()).not.toBe("ready");
});

test("A line on which the server is heard is not probed", async () => {
  await connected();
  for (let n = 0; n < 10; n++) {
    await pass(15_000);
    pushAll({ ev: "typing", room: "r1", user: "b", typing: true });
  }
  expect(commands("tick")).toBe(0);
});

test.each([8, -8])(
  "A machine that has slept probes at once when it wakes, with a clock %i h off",
  async (hours) => {
    await connected();
    server.silent = true;
    vi.setSystemTime(Date.now() + hours * 3_600_000);
    await pass(5_000 + 4_001);
    expect(phase()).not.toBe("ready");
  },
);

test("A clock that is set back does not make a connection deaf to silence", async () => {
  await connected();
  vi.setSystemTime(Date.now() - 8 * 3_600_000);
  await pass(10_000);
  server.silent = true;
  await pass(25_000);
  expect(phase()).not.toBe("ready");
});

test("A socket that was left says nothing more, and is left before there is another", async () => {
  await connected();
  const [old] = server.sockets;
  const left = () => [old?.onopen, old?.onmessage, old?.onclose].every((heard) => heard === null);
  const openSocket = vi.spyOn(needs.transport, "open");
  server.silent = true;
  connection.probe();
  while (openSocket.mock.calls.length === 0) {
    expect(phase() === "ready" || left()).toBe(true);
    await pass(10);
  }
  expect(left()).toBe(true);
});

test("The server's tick is answered at once", async () => {
  await connected();
  pushAll({ ev: "tick" });
  await pass(2);
  expect(commands("tick")).toBe(1);
});

test("A frame that is none is somebody else's on the way: the line is left", async () => {
  await connected();
  for (const socket of [...server.sockets]) socket.onmessage?.({ data: "<html>" });
  expect(phase()).toBe("waiting");
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

test("Leaving for good is said with 1000, leaving to come back at once is not", async () => {
  await connected();
  const [left] = server.sockets;
  connection.stop();
  expect(left?.closedWith).toBe(1000);
  await connected();
  const [dead] = server.sockets;
  server.silent = true;
  connection.probe();
  await pass(4_001);
  expect(dead?.isClosed).toBe(true);
  expect(dead?.closedWith).toBeUndefined();
});
