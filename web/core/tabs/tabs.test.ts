// @vitest-environment node
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeBrowser, type FakeTab } from "../testing/fake-browser";
import { FakeServer, Refusal } from "../testing/fake-server";
import { fakeRest } from "../testing/page";

let server: FakeServer;
let browser: FakeBrowser;

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  server.room("r2", ["a", "b"]);
});

afterEach(() => {
  for (const tab of browser.tabs) tab.crash();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const bodies = (tab: FakeTab, room = "r1") =>
  tab.client.rooms.get(room).timeline.value?.rows.map((row) => row.body);
const asked = (cmd: string) => server.commands.filter((command) => command.cmd === cmd);

async function openTabs(count: number): Promise<FakeTab[]> {
  const tabs: FakeTab[] = [];
  for (let n = 0; n < count; n++) {
    const tab = await browser.open(server, "a");
    tab.client.openRoom("r1");
    tabs.push(tab);
  }
  await pass(100);
  return tabs;
}

function leaderOf(tabs: readonly FakeTab[]): FakeTab {
  const leaders = tabs.filter((tab) => tab.isRunning && tab.client.leads.value);
  expect(leaders.length).toBe(1);
  return leaders[0] as FakeTab;
}

const others = (tabs: readonly FakeTab[], tab: FakeTab) => tabs.filter((other) => other !== tab);

describe.each([
  { how: "With Web Locks", locks: true },
  { how: "Without Web Locks", locks: false },
])("$how", ({ locks }) => {
  beforeEach(() => {
    browser = new FakeBrowser({ locks });
  });

  test("five tabs have one connection, and all of them hear everything", async () => {
    const tabs = await openTabs(5);
    expect(server.sockets.size).toBe(1);
    leaderOf(tabs);
    server.say("r1", "b", "hello");
    await pass(20);
    for (const tab of tabs) {
      expect(tab.client.connection.value.phase).toBe("ready");
      expect(bodies(tab)).toEqual(["hello"]);
    }
  });

  test("five tabs that begin at the same moment agree on one of them", async () => {
    await Promise.all(Array.from({ length: 5 }, () => browser.open(server, "a")));
    await pass(2_000);
    expect(browser.leaders.length).toBe(1);
    expect(server.sockets.size).toBe(1);
    for (const tab of browser.tabs) expect(tab.client.connection.value.phase).toBe("ready");
  });

  test("what one tab sends all of them show, once", async () => {
    const tabs = await openTabs(3);
    for (const [n, tab] of tabs.entries()) tab.client.send("r1", `from ${n}`);
    await pass(100);
    for (const tab of tabs) {
      expect(bodies(tab)?.toSorted()).toEqual(["from 0", "from 1", "from 2"]);
      expect(tab.client.rooms.get("r1").outbox.value).toEqual([]);
    }
  });

  test.each(["close", "crash"] as const)(
    "after the leader's %s another leads, and nothing is lost",
    async (end) => {
      const tabs = await openTabs(3);
      const leader = leaderOf(tabs);
      const rest = others(tabs, leader);
      rest[0]?.client.send("r1", "on its way");
      server.say("r1", "b", "before");
      leader[end]();
      server.say("r1", "b", "meanwhile");
      // Without a lock only asking tells of a crash.
      await pass(end === "close" || locks ? 1_000 : 4_000);
      server.say("r1", "b", "after");
      await pass(100);
      leaderOf(rest);
      expect(server.sockets.size).toBe(1);
      const kept = server.rooms.get("r1")?.rows.map((row) => row.body);
      expect(kept?.filter((body) => body === "on its way").length).toBe(1);
      for (const tab of rest) expect(bodies(tab)).toEqual(kept);
    },
  );

  test("a leader that crashes while nobody looks at any tab is replaced all the same", async () => {
    const tabs = await openTabs(3);
    for (const tab of tabs) tab.client.setVisible(false);
    const leader = leaderOf(tabs);
    leader.crash();
    await pass(locks ? 1_000 : 30_000);
    server.say("r1", "b", "after");
    await pass(100);
    for (const tab of others(tabs, leader)) expect(bodies(tab)).toEqual(["after"]);
    leaderOf(others(tabs, leader));
  });

  test("a leader that stands still is replaced by a tab that is looked at, and follows when it runs again", async () => {
    const tabs = await openTabs(3);
    const leader = leaderOf(tabs);
    const rest = others(tabs, leader);
    leader.freeze(false);
    server.say("r1", "b", "meanwhile");
    rest[0]?.client.probe();
    await pass(1_500);
    const next = leaderOf(rest);
    expect(rest.map((tab) => bodies(tab))).toEqual([["meanwhile"], ["meanwhile"]]);
    leader.thaw();
    await pass(2_000);
    expect(leaderOf(tabs)).toBe(next);
    server.say("r1", "b", "after");
    await pass(50);
    for (const tab of tabs) {
      expect(bodies(tab)).toEqual(["meanwhile", "after"]);
      expect(tab.client.connection.value.phase).toBe("ready");
    }
    expect(server.sockets.size).toBe(1);
  });

  test("a tab that lost the lead while it stood still may lead again", async () => {
    const tabs = await openTabs(3);
    const leader = leaderOf(tabs);
    const rest = others(tabs, leader);
    leader.freeze(false);
    rest[0]?.client.probe();
    await pass(1_500);
    leader.thaw();
    await pass(2_000);
    for (const tab of rest) tab.close();
    await pass(1_000);
    expect(leaderOf(tabs)).toBe(leader);
    server.say("r1", "b", "after");
    await pass(50);
    expect(bodies(leader)).toEqual(["after"]);
  });

  test("what a leader of old says late is not heard", async () => {
    const tabs = await openTabs(2);
    const message = { seq: 1, version: 2, sender: "b", at: 1, body: "never said" };
    const event = { ev: "message.new", room: "r1", version: 2, message };
    const channel = browser.surroundings().openChannel("sendjay.line http://a");
    channel?.post({ kind: "event", number: 1, from: "gone", term: "000000000000001.gone", event });
    await pass(50);
    for (const tab of tabs) expect(bodies(tab)).toEqual([]);
  });

  test("a leader that is told of its freezing lets go first", async () => {
    const tabs = await openTabs(2);
    const leader = leaderOf(tabs);
    leader.freeze(true);
    await pass(1_000);
    leaderOf(others(tabs, leader));
    leader.thaw();
    await pass(1_000);
    leaderOf(tabs);
    for (const tab of tabs) expect(tab.client.connection.value.phase).toBe("ready");
  });

  test("a leader that nobody looks at is asked only where no lock would tell of its death", async () => {
    const tabs = await openTabs(2);
    for (const tab of tabs) tab.client.setVisible(false);
    const leader = leaderOf(tabs);
    leader.freeze(false);
    await pass(60_000);
    expect(others(tabs, leader)[0]?.client.leads.value).toBe(!locks);
    others(tabs, leader)[0]?.client.setVisible(true);
    others(tabs, leader)[0]?.client.probe();
    await pass(1_500);
    leaderOf(others(tabs, leader));
  });

  test("a messenger window takes the lead from a page in the background, and gives it back when it is closed", async () => {
    const portal = await browser.open(server, "a", "background");
    const second = await browser.open(server, "a", "background");
    expect(portal.client.leads.value).toBe(true);
    const messenger = await browser.open(server, "a", "window");
    await pass(200);
    expect(messenger.client.leads.value).toBe(true);
    expect(server.sockets.size).toBe(1);
    expect(portal.client.connection.value.phase).toBe("ready");
    messenger.close();
    await pass(1_000);
    leaderOf([portal, second]);
    expect(second.client.connection.value.phase).toBe("ready");
  });

  test("another window does not take the lead from the first", async () => {
    const [first] = await openTabs(3);
    expect(first?.client.leads.value).toBe(true);
    expect(asked("hello").length).toBe(1);
  });

  test("a room stays open at the server as long as one tab has it open", async () => {
    const tabs = await openTabs(3);
    const leader = leaderOf(tabs);
    const [one, two] = others(tabs, leader) as [FakeTab, FakeTab];
    leader.client.closeRoom("r1");
    one.client.closeRoom("r1");
    await pass(20);
    expect(asked("room.close")).toEqual([]);
    server.read("r1", "b", 99);
    two.crash();
    await pass(locks ? 100 : 60_000);
    expect(asked("room.close").map(({ fields }) => fields.room)).toEqual(["r1"]);
  });

  test("people watched are those of all tabs, and each is told of its own", async () => {
    const tabs = await openTabs(2);
    tabs[0]?.client.presence.watch("people", ["b", "c"]);
    tabs[1]?.client.presence.watch("people", ["c", "d"]);
    await pass(300);
    expect(asked("presence.watch").at(-1)?.fields.people).toEqual(["b", "c", "d"]);
    others(tabs, leaderOf(tabs))[0]?.close();
    await pass(100);
    expect(asked("presence.watch").at(-1)?.fields.people).toHaveLength(2);
  });

  test("a refusal is the same in every tab, and waits no longer", async () => {
    const tabs = await openTabs(2);
    const [follower] = others(tabs, leaderOf(tabs)) as [FakeTab];
    const refused = follower.client
      .rename("nowhere", "name", "all")
      .catch((error: { code: string }) => error.code);
    await pass(50);
    expect(await refused).toBe("not_found");
  });

  test("without a connection no tab has one, and all come back together", async () => {
    const tabs = await openTabs(3);
    server.accepts = false;
    for (const socket of [...server.sockets]) socket.broken(1006);
    await pass(100);
    for (const tab of tabs) expect(tab.client.connection.value.phase).not.toBe("ready");
    tabs[2]?.client.send("r1", "later");
    tabs[1]?.client.send("r1", "later too");
    await pass(5_000);
    server.accepts = true;
    tabs[2]?.client.probe();
    await pass(200);
    for (const tab of tabs) {
      expect(tab.client.connection.value.phase).toBe("ready");
      expect(bodies(tab)?.toSorted()).toEqual(["later", "later too"]);
    }
  });

  test("talks of a tab that is gone are sent by one other tab", async () => {
    const tabs = await openTabs(4);
    server.refuse = () => null;
    server.accepts = false;
    for (const socket of [...server.sockets]) socket.broken(1006);
    await pass(50);
    for (let n = 0; n < 3; n++) tabs[3]?.client.send("r1", `left ${n}`);
    await pass(50);
    tabs[3]?.crash();
    server.accepts = true;
    tabs[0]?.client.probe();
    await pass(5_000);
    expect(server.rooms.get("r1")?.rows.map((row) => row.body)).toEqual(["left 0", "left 1", "left 2"]);
    expect(asked("message.send").length).toBe(3);
    for (const tab of tabs.slice(0, 3)) expect(bodies(tab)).toEqual(["left 0", "left 1", "left 2"]);
  });

  test("talks of a tab that crashes while all is well are sent by the leader", async () => {
    const tabs = await openTabs(2);
    const [follower] = others(tabs, leaderOf(tabs)) as [FakeTab];
    follower.client.send("r1", "last words");
    // Stored, but not yet on its way.
    await Promise.resolve();
    follower.crash();
    await pass(locks ? 200 : 60_000);
    expect(server.rooms.get("r1")?.rows.map((row) => row.body)).toEqual(["last words"]);
  });

  test("signing out in one tab signs out all of them and leaves nothing", async () => {
    const tabs = await openTabs(3);
    tabs[2]?.client.setDraft("r1", "half a");
    await tabs[1]?.client.signOut();
    await pass(2_000);
    for (const tab of tabs) {
      expect(tab.client.session.value).toEqual({ phase: "signed_out", reason: null });
      expect(tab.client.rooms.list.value).toBe(null);
    }
    expect(await browser.storage.drafts("a")).toEqual([]);
    expect(server.sockets.size).toBe(0);
  });

  test("signing in in one tab signs in all of them", async () => {
    const tabs = await openTabs(3);
    await tabs[1]?.client.signOut();
    await pass(100);
    const signingIn = tabs[2]?.client.signIn("a", "password");
    await pass(2_000);
    await signingIn;
    expect(server.sockets.size).toBe(1);
    for (const tab of tabs) {
      expect(tab.client.session.value.phase).toBe("signed_in");
      expect(tab.client.connection.value.phase).toBe("ready");
      expect(tab.client.rooms.list.value?.length).toBe(2);
    }
  });

  test("a session that the server ends is ended in every tab, with its reason", async () => {
    const tabs = await openTabs(3);
    for (const socket of [...server.sockets]) {
      socket.push({ ev: "signed_out", reason: "blocked" }, 0);
      setTimeout(() => socket.broken(4003), 1);
    }
    await pass(50);
    for (const tab of tabs)
      expect(tab.client.session.value).toEqual({ phase: "signed_out", reason: "blocked" });
  });

  test("when another browser has the place all tabs are parked, and use in any of them takes it back", async () => {
    const tabs = await openTabs(3);
    server.holder = { kind: "web", name: "Firefox" };
    for (const socket of [...server.sockets]) {
      socket.isParked = true;
      socket.push({ ev: "parked", by: server.holder }, 0);
    }
    await pass(50);
    for (const tab of tabs) expect(tab.client.connection.value.phase).toBe("parked");
    leaderOf(tabs).close();
    await pass(3_000);
    const rest = tabs.filter((tab) => tab.isRunning);
    // Coming to lead is no act of the person's.
    for (const tab of rest) expect(tab.client.connection.value.phase).toBe("parked");
    others(rest, leaderOf(rest))[0]?.client.useHere();
    await pass(200);
    for (const tab of rest) expect(tab.client.connection.value.phase).toBe("ready");
  });

  test("where storage is refused all of it works in memory", async () => {
    browser = new FakeBrowser({ locks, storage: false });
    const tabs = await openTabs(3);
    tabs[2]?.client.send("r1", "hello");
    await pass(100);
    leaderOf(tabs).close();
    await pass(1_000);
    server.say("r1", "b", "after");
    await pass(50);
    for (const tab of tabs.filter((tab) => tab.isRunning)) expect(bodies(tab)).toEqual(["hello", "after"]);
  });

  test("a clock that is set back deceives no tab", async () => {
    const tabs = await openTabs(2);
    vi.setSystemTime(Date.now() - 3_600_000);
    leaderOf(tabs).close();
    await pass(1_500);
    tabs.push(...(await openTabs(1)));
    await pass(3_500);
    const rest = tabs.filter((tab) => tab.isRunning);
    leaderOf(rest);
    server.say("r1", "b", "after");
    await pass(50);
    for (const tab of rest) expect(bodies(tab)).toEqual(["after"]);
  });
});

test("A failed talk of a tab that was taken for gone is another tab's, and no longer its own when it runs again", async () => {
  browser = new FakeBrowser({ locks: false });
  const tabs = await openTabs(2);
  const [follower] = others(tabs, leaderOf(tabs)) as [FakeTab];
  server.refuse = (cmd) => (cmd === "message.send" ? new Refusal("not_allowed") : null);
  follower.client.send("r1", "no");
  await pass(100);
  const failed = () => tabs.map((tab) => tab.client.rooms.failed.value.size);
  expect(failed().toSorted()).toEqual([0, 1]);
  follower.freeze(false);
  await pass(60_000);
  expect(failed()).toEqual([1, 1]);
  for (const socket of [...server.sockets]) socket.broken(1006);
  follower.thaw();
  for (const tab of tabs) tab.client.probe();
  await pass(40_000);
  expect(failed().toSorted()).toEqual([0, 1]);
});

test("Without channels every tab is alone, and works", async () => {
  browser = new FakeBrowser({ locks: false, channels: false });
  const tabs = await openTabs(2);
  expect(server.sockets.size).toBe(2);
  server.say("r1", "b", "hello");
  await pass(50);
  for (const tab of tabs) expect(bodies(tab)).toEqual(["hello"]);
});

test("What cannot be copied to another tab is refused, and the tab goes on", async () => {
  browser = new FakeBrowser({ locks: true });
  const tabs = await openTabs(2);
  const [follower] = others(tabs, leaderOf(tabs)) as [FakeTab];
  const name = (() => "a name") as unknown as string;
  const refused = follower.client.rename("r1", name, "me").catch((error: { code: string }) => error.code);
  await pass(20);
  expect(await refused).toBe("invalid");
  expect(follower.client.connection.value.phase).toBe("ready");
});
