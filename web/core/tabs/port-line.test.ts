// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "../client";
import type { Client } from "../contract";
import type { LineListener } from "../line";
import { MemoryStorage } from "../storage";
import { FakeBrowser } from "../testing/fake-browser";
import { FakeServer } from "../testing/fake-server";
import { fakeRest } from "../testing/page";
import { electByChannel } from "./channel-election";
import { PortLine, servePort } from "./port-line";
import { SharedLine } from "./shared-line";
import { Tab } from "./tab";

/** The pages of a host: each with a line of its own and no store, as the embed script has it. */
class Host {
  readonly line: SharedLine;
  readonly tab: Tab;

  constructor(browser: FakeBrowser) {
    const surroundings = browser.surroundings();
    this.tab = new Tab(surroundings, "host");
    const listener: LineListener = {
      sync: () => null,
      onWelcome: () => undefined,
      onEvent: () => undefined,
      onStopped: () => undefined,
    };
    this.line = new SharedLine({
      name: "host",
      standing: "background",
      surroundings,
      electByChannel,
      tab: this.tab,
      listener,
      connect: (shared) => browser.connection(server, "a", shared),
      onTabGone: () => undefined,
    });
    this.tab.enter();
    this.line.start();
  }

  close(): void {
    this.line.stop();
    this.tab.leave();
  }
}

let server: FakeServer;
let browser: FakeBrowser;
let opened: { stop(): void }[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  fakeRest();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  browser = new FakeBrowser({ locks: true });
  opened = [];
});

afterEach(() => {
  for (const page of opened) page.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Message ports answer in turns of the real event loop. */
async function pass(ms: number): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await vi.advanceTimersByTimeAsync(ms / 50);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function host(): Host {
  const made = new Host(browser);
  opened.push({ stop: () => made.close() });
  return made;
}

function panel(of: Host): Client {
  const { port1, port2 } = new MessageChannel();
  const stop = servePort(of.line, port1);
  const client = createClient({
    baseUrl: "http://a",
    line: (listener) => new PortLine(port2, listener),
    openStorage: async () => new MemoryStorage(),
    keyValues: browser.values,
  });
  opened.push(client, { stop }, { stop: () => port2.close() });
  void client.start();
  return client;
}

const bodies = (client: Client) => client.rooms.get("r1").timeline.value?.rows.map((row) => row.body);

test("A frame is served by the page around it, whether that one leads or follows", async () => {
  const [leads, follows] = [host(), host()];
  await pass(300);
  expect([leads.line.leads.value, follows.line.leads.value]).toEqual([true, false]);
  const panels = [panel(leads), panel(follows)];
  await pass(300);
  for (const client of panels) client.openRoom("r1");
  await pass(300);
  server.say("r1", "b", "hello");
  panels[1]?.send("r1", "good day");
  await pass(300);
  expect(server.sockets.size).toBe(1);
  for (const client of panels) {
    expect(client.connection.value.phase).toBe("ready");
    expect(bodies(client)).toEqual(["hello", "good day"]);
    expect(client.rooms.get("r1").outbox.value).toEqual([]);
  }
});

test("A frame loses nothing when another page comes to lead", async () => {
  const [first, second] = [host(), host()];
  await pass(300);
  const client = panel(second);
  await pass(300);
  client.openRoom("r1");
  await pass(300);
  client.send("r1", "on its way");
  server.say("r1", "b", "before");
  first.close();
  server.say("r1", "b", "meanwhile");
  await pass(1_000);
  server.say("r1", "b", "after");
  await pass(200);
  expect(second.line.leads.value).toBe(true);
  expect(bodies(client)).toEqual(server.rooms.get("r1")?.rows.map((row) => row.body));
  expect(bodies(client)).toContain("on its way");
});

test("What a frame has open is let go with it, unless another one has it too", async () => {
  const page = host();
  await pass(300);
  const [one, two] = [panel(page), panel(page)];
  await pass(300);
  one.openRoom("r1");
  two.openRoom("r1");
  await pass(300);
  const closed = () => server.commands.filter(({ cmd }) => cmd === "room.close").length;
  one.stop();
  await pass(100);
  expect(closed()).toBe(0);
  two.stop();
  await pass(100);
  expect(closed()).toBe(1);
});

test("A frame that comes before its page has a connection is served when there is one", async () => {
  server.accepts = false;
  const page = host();
  const client = panel(page);
  await pass(1_000);
  expect(client.connection.value.phase).not.toBe("ready");
  server.accepts = true;
  page.line.probe();
  await pass(1_000);
  expect(client.connection.value.phase).toBe("ready");
  expect(client.rooms.list.value?.length).toBe(1);
});
