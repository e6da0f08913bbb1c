// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection } from "./connection";
import type { Socket } from "./socket";
import type { KeyValues } from "./storage";
import { FakeServer } from "./testing/fake-server";
import { FakeSocket } from "./testing/fake-socket";
import { sharedValues } from "./testing/transport";
import { TransportChoice } from "./transport";

/** A network in which WebSockets pass or not, and streams pass or not, to the same server. */
let server: FakeServer;
let passes: { socket: boolean; stream: boolean };
let isSwallowed: boolean;
let online: boolean;
let tried: string[];
let values: KeyValues;
let connection: Connection;
let onWelcome: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  passes = { socket: true, stream: true };
  isSwallowed = false;
  online = true;
  tried = [];
  values = sharedValues();
  onWelcome = vi.fn();
  connection = newConnection();
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

function newConnection(): Connection {
  const over = (way: "socket" | "stream") => () => {
    tried.push(way);
    const blocked = new FakeSocket("a", () => undefined);
    const swallows = isSwallowed && way === "socket";
    if (!swallows) blocked.opened(false);
    return (passes[way] && !swallows ? server.socketFor("a")("") : blocked) as unknown as Socket;
  };
  const openSocket = over("socket");
  const transport = new TransportChoice({
    openSocket,
    openStream: over("stream"),
    values,
    online: () => online,
  });
  return new Connection({
    transport,
    token: () => null,
    sync: () => ({ rooms: {}, personal: 0 }),
    refresh: async () => "refreshed",
    onWelcome,
    onEvent: () => undefined,
    onStopped: () => undefined,
    standing: () => "window",
    browser: "",
    visible: () => true,
    values,
  });
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const phase = () => connection.state.value.phase;

test("Where WebSockets pass, nothing else is tried", async () => {
  connection.start();
  await pass(60_000);
  expect(tried).toEqual(["socket"]);
});

test("After two WebSockets that did not open, the stream is tried", async () => {
  passes.socket = false;
  connection.start();
  await pass(3_000);
  expect(tried).toEqual(["socket", "socket", "stream"]);
  expect(phase()).toBe("ready");
});

test("A WebSocket that opens and lets no hello through is waited for once; then the stream is tried", async () => {
  server.silent = true;
  connection.start();
  await pass(10_100);
  expect(tried).toEqual(["socket", "stream"]);
});

test("So is one that is swallowed: neither refused nor opened", async () => {
  isSwallowed = true;
  connection.start();
  await pass(10_100);
  expect(tried).toEqual(["socket", "stream"]);
  expect(phase()).toBe("ready");
});

test("A machine without a network learns nothing about WebSockets", async () => {
  passes.socket = false;
  passes.stream = false;
  online = false;
  connection.start();
  await pass(120_000);
  expect(new Set(tried)).toEqual(new Set(["socket"]));
});

test("A machine that loses its network goes on as before when it is back", async () => {
  passes.socket = false;
  connection.start();
  await pass(3_000);
  tried = [];
  online = false;
  passes.stream = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
  await pass(60_000);
  online = true;
  passes.stream = true;
  connection.probe();
  await pass(20);
  expect(phase()).toBe("ready");
  expect(new Set(tried)).toEqual(new Set(["stream"]));
});

test("While nothing passes, the two ways alternate", async () => {
  passes = { socket: false, stream: false };
  connection.start();
  await pass(120_000);
  expect(tried.length).toBeGreaterThan(8);
  expect(tried.slice(0, 7)).toEqual(["socket", "socket", "stream", "socket", "stream", "socket", "stream"]);
});

test("A server that restarts does not drive its clients to the stream", async () => {
  connection.start();
  await pass(20);
  for (let n = 0; n < 30; n++) {
    passes = { socket: false, stream: false };
    for (const socket of [...server.sockets]) socket.broken(1012);
    await pass(15_000);
    passes = { socket: true, stream: true };
    await pass(31_000);
    expect(phase()).toBe("ready");
  }
  expect(values.get("stream-until")).toBe(null);
});

test("What was found out is remembered for ten minutes, for all pages of the browser", async () => {
  passes.socket = false;
  connection.start();
  await pass(3_000);
  connection.stop();
  tried = [];
  connection = newConnection();
  connection.start();
  await pass(20);
  expect(tried).toEqual(["stream"]);
});

test("Later a WebSocket is tried beside the stream; while none passes the stream stays as it is", async () => {
  passes.socket = false;
  connection.start();
  await pass(3_000);
  tried = [];
  await pass(35 * 60_000);
  // After a minute, then every ten.
  expect(tried).toEqual(["socket", "socket", "socket", "socket"]);
  expect(onWelcome).toHaveBeenCalledOnce();
  expect(phase()).toBe("ready");
});

test("When one passes again the connection moves over to it, after what was asked has been answered", async () => {
  passes.socket = false;
  connection.start();
  await pass(3_000);
  passes.socket = true;
  server.room("r1", ["a"]);
  await pass(60_000 - 4_000);
  server.answerDelay = () => 3_000;
  let answers = 0;
  const asking = setInterval(
    () => connection.request("room.get", { room: "r1" }).then(() => answers++),
    2_500,
  );
  await pass(20_000);
  clearInterval(asking);
  server.answerDelay = () => 1;
  expect(answers).toBeGreaterThan(3);
  await pass(10_000);
  expect(tried.slice(-2)).toEqual(["socket", "socket"]);
  expect(onWelcome).toHaveBeenCalledTimes(2);
  expect(values.get("stream-until")).toBe(null);
});

test("A stream that fails is not kept to: a WebSocket comes next", async () => {
  passes.socket = false;
  connection.start();
  await pass(3_000);
  tried = [];
  passes = { socket: true, stream: false };
  for (const socket of [...server.sockets]) socket.broken(1006);
  await pass(33_000);
  expect(tried[0]).toBe("stream");
  expect(tried[1]).toBe("socket");
  expect(phase()).toBe("ready");
});
