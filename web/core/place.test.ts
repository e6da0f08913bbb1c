// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, type ConnectionNeeds } from "./connection";
import { FakeServer } from "./testing/fake-server";
import { sharedValues, transportOver } from "./testing/transport";
import type { Place } from "./wire";

const OTHER = { kind: "web", name: "Firefox, Linux" };

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

function breakAll(code: number): void {
  for (const socket of [...server.sockets]) socket.broken(code);
}

async function start(): Promise<void> {
  connection.start();
  await pass(20);
}

async function parked(): Promise<void> {
  await start();
  server.park(OTHER);
  await pass(5);
  expect(phase()).toBe("parked");
}

function lastPlace(): Place | undefined {
  return server.commands.findLast((command) => command.cmd === "hello")?.fields.place as Place | undefined;
}

test("Opening a page that can be seen claims the place; coming back after trouble does not", async () => {
  await start();
  expect(lastPlace()?.claim).toBe(true);
  breakAll(1006);
  await pass(2_000);
  expect(phase()).toBe("ready");
  expect(lastPlace()).toEqual({ claim: false, generation: 1, standing: "window", browser: "this-browser" });
});

test("A page keeps its claim until the server has answered it", async () => {
  server.accepts = false;
  await start();
  await pass(5_000);
  server.accepts = true;
  await pass(31_000);
  expect(lastPlace()?.claim).toBe(true);
});

test("A window that nobody can see claims nothing", async () => {
  needs.visible = () => false;
  server.holder = OTHER;
  await start();
  expect(lastPlace()?.claim).toBe(false);
  expect(connection.state.value).toEqual({ phase: "parked", by: { ...OTHER, sameBrowser: false } });
  expect(needs.onWelcome).not.toHaveBeenCalled();
});

test("A page in the background claims only where no page of this browser was there before", async () => {
  needs.standing = () => "background";
  await start();
  expect(lastPlace()).toMatchObject({ claim: true, standing: "background" });
  connection.stop();
  const another = new Connection(needs);
  another.start();
  await pass(20);
  expect(lastPlace()).toMatchObject({ claim: false, generation: 1 });
  another.stop();
});

test("A page whose place is taken says by whom, stays connected and hears of nothing but the place", async () => {
  await parked();
  expect(connection.state.value).toEqual({ phase: "parked", by: { ...OTHER, sameBrowser: false } });
  expect(server.sockets.size).toBe(1);
  server.say("r1", "b", "for the other page");
  for (const socket of server.sockets) socket.push({ ev: "tick" }, 0);
  await pass(5);
  expect(needs.onEvent).not.toHaveBeenCalled();
  expect(commands("tick")).toBe(1);
});

test("Requests are refused as offline while parked, also those that were on their way", async () => {
  await start();
  server.silent = true;
  const asked = connection.request("room.get", { room: "r1" }).catch((error: { code: string }) => error.code);
  server.park(OTHER);
  await pass(5);
  expect(await asked).toBe("offline");
  await expect(connection.request("room.get", { room: "r1" })).rejects.toMatchObject({ code: "offline" });
});

test("When the other page goes, a parked one takes the place with a sync, and is ready as at first", async () => {
  await parked();
  server.free();
  await pass(5);
  expect(phase()).toBe("ready");
  expect(commands("hello")).toBe(1);
  expect(commands("place.take")).toBe(1);
  expect(needs.onWelcome).toHaveBeenCalledTimes(2);
  expect(needs.onWelcome).toHaveBeenLastCalledWith(
    expect.objectContaining({ sync: expect.anything() }),
    expect.anything(),
  );
  // It was offered: whoever has taken it meanwhile keeps it.
  expect(server.commands.find(({ cmd }) => cmd === "place.take")?.fields).toMatchObject({ claim: false });
});

test("The person takes the place back by using the parked page", async () => {
  await parked();
  connection.useHere();
  connection.useHere();
  await pass(5);
  expect(phase()).toBe("ready");
  expect(commands("place.take")).toBe(1);
  expect(server.commands.find(({ cmd }) => cmd === "place.take")?.fields).toMatchObject({ claim: true });
});

test("A page that is parked anew while it takes the place may take it again", async () => {
  await parked();
  server.silent = true;
  server.free();
  await pass(4);
  server.silent = false;
  server.park(OTHER);
  await pass(5);
  expect(commands("place.take")).toBe(1);
  connection.useHere();
  await pass(5);
  expect(commands("place.take")).toBe(2);
  expect(phase()).toBe("ready");
});

test("The person who uses a parked page whose line has died waits no longer than a probe takes", async () => {
  await parked();
  server.silent = true;
  connection.useHere();
  await pass(4_100);
  server.silent = false;
  await pass(2_000);
  expect(phase()).toBe("ready");
  expect(lastPlace()?.claim).toBe(true);
});

test("A parked page that loses its line comes back quietly: parked all the while, and without a claim", async () => {
  await parked();
  const shown: string[] = [];
  const stop = connection.state.subscribe(({ phase }) => shown.push(phase));
  server.accepts = false;
  breakAll(1006);
  await pass(60_000);
  server.accepts = true;
  await pass(31_000);
  expect(new Set(shown)).toEqual(new Set(["parked"]));
  expect(lastPlace()?.claim).toBe(false);
  expect(server.sockets.size).toBe(1);
  server.free();
  await pass(5);
  expect(phase()).toBe("ready");
  stop();
});

test("One that is parked without a socket rests until somebody comes back to it", async () => {
  await parked();
  breakAll(4004);
  const hellos = commands("hello");
  await pass(3_600_000);
  expect(phase()).toBe("parked");
  expect(commands("hello")).toBe(hellos);
  connection.probe();
  await pass(20);
  expect(lastPlace()?.claim).toBe(false);
  expect(phase()).toBe("parked");
  breakAll(4004);
  connection.useHere();
  await pass(20);
  expect(lastPlace()?.claim).toBe(true);
  expect(phase()).toBe("ready");
});

test("A machine that wakes does not disturb a page that is parked without a socket", async () => {
  await parked();
  breakAll(4004);
  const hellos = commands("hello");
  vi.setSystemTime(Date.now() + 3_600_000);
  await pass(60_000);
  expect(commands("hello")).toBe(hellos);
});

test("Two browsers never fight: without a person's act the place changes hands once", async () => {
  const others = { ...needs, values: sharedValues(), browser: "another-browser" };
  await start();
  const second = new Connection({ ...others, visible: () => false });
  server.park(OTHER);
  await pass(5);
  second.start();
  for (let n = 0; n < 20; n++) {
    breakAll(1006);
    await pass(31_000);
  }
  expect(server.commands.filter(({ fields }) => (fields.place as Place | undefined)?.claim).length).toBe(1);
  expect(commands("place.take")).toBe(0);
  second.stop();
});

test("A session that ends while parked ends the page", async () => {
  await parked();
  for (const socket of server.sockets) socket.push({ ev: "signed_out", reason: "device_removed" }, 0);
  await pass(5);
  breakAll(4003);
  expect(needs.onStopped).toHaveBeenCalledWith("device_removed");
  expect(phase()).toBe("stopped");
});
