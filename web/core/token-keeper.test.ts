// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type ConnectionNeeds } from "./connection";
import { FakeServer } from "./testing/fake-server";
import { sharedValues, transportOver } from "./testing/transport";

let server: FakeServer;
let needs: ConnectionNeeds;
let connection: Connection;
let refreshes: number[];
let outcome: Awaited<ReturnType<ConnectionNeeds["refresh"]>>;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.tokenSeconds = 1000;
  refreshes = [];
  outcome = "refreshed";
  needs = {
    transport: transportOver(server.socketFor("a")),
    token: () => null,
    sync: () => null,
    refresh: async () => {
      refreshes.push(Date.now());
      return outcome;
    },
    tokenLife: () => null,
    onWelcome: () => undefined,
    onEvent: () => undefined,
    onStopped: vi.fn(),
    standing: () => "window",
    browser: "",
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

test("The token is renewed at about four fifths of its time, again and again, and the line stays as it is", async () => {
  const start = Date.now();
  connection.start();
  await pass(900_000);
  expect(refreshes.length).toBe(1);
  const [first = 0] = refreshes;
  expect((first - start) / 1000).toBeGreaterThan(740);
  expect((first - start) / 1000).toBeLessThan(860);
  await pass(3_600_000);
  expect(refreshes.length).toBeGreaterThan(4);
  expect(refreshes.length).toBeLessThan(7);
  expect(server.commands.filter(({ cmd }) => cmd === "hello").length).toBe(1);
});

test("A page that joins when the token is nearly over renews it soon, and then in its new time", async () => {
  server.tokenSeconds = 20;
  needs.tokenLife = () => 1000;
  connection.start();
  await pass(20_000);
  expect(refreshes.length).toBe(1);
  await pass(700_000);
  expect(refreshes.length).toBe(1);
  await pass(200_000);
  expect(refreshes.length).toBe(2);
});

test("A renewal that cannot be asked is tried again, ever more rarely, until it can", async () => {
  outcome = "unreachable";
  connection.start();
  await pass(1_000_000);
  expect(refreshes.length).toBeGreaterThan(4);
  expect(refreshes.length).toBeLessThan(40);
  outcome = "refreshed";
  await pass(61_000);
  const before = refreshes.length;
  // At the soonest it is renewed again 750 s after the moment within those 61 s.
  await pass(680_000);
  expect(refreshes.length).toBe(before);
});

test("A parked page keeps its token alive too", async () => {
  needs.visible = () => false;
  server.holder = { kind: "web" };
  connection.start();
  await pass(900_000);
  expect(refreshes.length).toBe(1);
  expect(connection.state.value.phase).toBe("parked");
});

test("A session that is found to be over at a renewal ends the line", async () => {
  connection.start();
  await pass(20);
  outcome = "signed_out";
  await pass(900_000);
  expect(needs.onStopped).toHaveBeenCalledWith(null);
  outcome = "device_removed";
  connection.start();
  await pass(900_000);
  expect(needs.onStopped).toHaveBeenLastCalledWith("device_removed");
  expect(connection.state.value.phase).toBe("stopped");
});

test("Without a line nothing is renewed: that is for the return", async () => {
  connection.start();
  await pass(20);
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
  await pass(86_400_000);
  expect(refreshes.length).toBe(0);
  expect(server.sockets.size).toBe(0);
});
