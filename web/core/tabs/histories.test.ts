// @vitest-environment node
import { effect } from "@preact/signals-core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Client } from "../contract";
import { FakeBrowser, type FakeTab } from "../testing/fake-browser";
import { FakeServer } from "../testing/fake-server";
import { heldOf, stretch } from "../testing/held";
import { fakeRest, openPage } from "../testing/page";

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ROOMS = ["r1", "r2"];
const MOST_TABS = 5;

const room = fc.constantFrom(...ROOMS);
const tab = fc.nat(MOST_TABS - 1);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("open" as const), room, isWindow: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("close" as const), tab }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const), tab }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("freeze" as const), tab, told: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("thaw" as const), tab }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("look" as const), tab, visible: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("enter" as const), tab, room }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("send" as const), tab, room }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("say" as const), room }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("read" as const), room, seq: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("break" as const), away: fc.boolean() }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(1_500) }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** What a person saw: every state of a tab's rooms is looked at, not only the last. */
class Watched {
  readonly wrong: string[] = [];
  readonly #stop: (() => void)[];

  constructor(
    readonly name: string,
    readonly tab: FakeTab,
  ) {
    this.#stop = ROOMS.map((id) => effect(() => this.#look(tab.client, id)));
  }

  end(): void {
    for (const stop of this.#stop) stop();
  }

  #look(client: Client, id: string): void {
    const handle = client.rooms.get(id);
    const rows = (handle.timeline.value?.rows ?? []).map((row) => ({ key: row.client_id, body: row.body }));
    const unsent = handle.outbox.value.map((item) => ({ key: item.clientId, body: item.body }));
    const keys = [...rows, ...unsent].flatMap(({ key }) => key ?? []);
    if (new Set(keys).size < keys.length)
      this.wrong.push(`${this.name} shows a talk twice in ${id}: ${keys}`);
    const mine = [...rows, ...unsent]
      .map(({ body }) => body)
      .filter((body) => body.startsWith(`${this.name} `));
    const numbers = mine.map((body) => Number(body.split(" ")[1]));
    if (numbers.some((n, at) => at > 0 && n < (numbers[at - 1] ?? 0))) {
      this.wrong.push(`${this.name} shows its talks out of order in ${id}: ${mine}`);
    }
  }
}

class History {
  readonly server = new FakeServer();
  readonly browser: FakeBrowser;
  readonly watched: Watched[] = [];
  readonly sent: { room: string; body: string }[] = [];
  /** How long more than one tab that runs has had a connection. */
  longestTwo = 0;
  #two = 0;

  constructor(locks: boolean, seed: number) {
    this.browser = new FakeBrowser({ locks });
    for (const id of ROOMS) this.server.room(id, ["a", "b"]);
    let state = seed;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    this.server.answerDelay = () => Math.floor(random() * 40);
    this.server.losesEvent = () => random() < 0.03;
    this.browser.delay = (name) => 1 + (name.length % 3);
  }

  async act(step: Action): Promise<void> {
    if (step.do === "wait") await this.pass(step.ms);
    else if (step.do === "open") await this.#open(step.room, step.isWindow);
    else if (step.do === "say") this.server.say(step.room, "b", `said ${this.server.clock()}`);
    else if (step.do === "read") this.server.read(step.room, "b", step.seq);
    else if (step.do === "break") this.#break(step.away);
    else this.#actIn(step);
    await this.pass(3);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10) {
      await vi.advanceTimersByTimeAsync(Math.min(10, left));
      const running = this.browser.tabs.filter((tab) => tab.isRunning);
      const live = running.reduce((sum, tab) => sum + tab.liveSockets, 0);
      this.#two = live > 1 ? this.#two + 10 : 0;
      this.longestTwo = Math.max(this.longestTwo, this.#two);
    }
  }

  async settle(): Promise<void> {
    this.server.accepts = true;
    this.server.losesEvent = () => false;
    for (const tab of this.browser.tabs) tab.thaw();
    await this.#open("r1", true);
    for (const tab of this.browser.tabs) {
      if (!tab.isRunning) continue;
      tab.client.setVisible(true);
      tab.client.probe();
    }
    await this.pass(50_000);
    for (const id of ROOMS) this.server.say(id, "b", "the last talk");
    await this.pass(40_000);
  }

  async #open(id: string, isWindow: boolean): Promise<void> {
    const alive = this.browser.tabs.filter((tab) => !tab.isDead);
    if (alive.length >= MOST_TABS) return;
    const opened = this.browser.begin(this.server, "a", isWindow ? "window" : "background");
    opened.client.openRoom(id);
    this.watched.push(new Watched(`t${this.watched.length}`, opened));
    await this.pass(20);
  }

  #actIn(step: Extract<Action, { tab: number }>): void {
    const watched = this.watched.filter(({ tab }) => !tab.isDead)[step.tab];
    if (!watched) return;
    const { tab, name } = watched;
    if (step.do === "close") tab.close();
    else if (step.do === "crash") tab.crash();
    else if (step.do === "freeze") tab.freeze(step.told);
    else if (step.do === "thaw") tab.thaw();
    else if (!tab.isRunning) return;
    else if (step.do === "look") {
      tab.client.setVisible(step.visible);
      if (step.visible) tab.client.probe();
    } else if (step.do === "enter") tab.client.openRoom(step.room);
    else if (tab.client.session.peek().phase === "signed_in") {
      const body = `${name} ${this.sent.length}`;
      this.sent.push({ room: step.room, body });
      tab.client.send(step.room, body);
    }
  }

  #break(away: boolean): void {
    this.server.accepts = !away;
    for (const socket of [...this.server.sockets]) socket.broken(1006);
  }
}

describe.each([
  { how: "With Web Locks", locks: true, two: 100 },
  // A leader that stands still and one that replaces it: until the first hears of the second.
  { how: "Without Web Locks", locks: false, two: 1_500 },
])("$how", ({ locks, two }) => {
  test("after any history of tabs every one of them holds what a fresh page holds, and each talk was shown once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 50 }), fc.nat(), async (steps, seed) => {
        const history = new History(locks, seed);
        const { browser, server, watched, sent } = history;
        for (const step of steps) await history.act(step);
        await history.settle();
        const fresh = await openPage(server, "a");
        const running = browser.tabs.filter((tab) => tab.isRunning);
        for (const id of ROOMS) {
          for (const client of [fresh, ...running.map((tab) => tab.client)]) {
            client.openRoom(id);
            void client.loadHead(id);
          }
          await history.pass(1_000);
          for (const { client } of running) {
            expect(client.connection.value.phase).toBe("ready");
            expect(heldOf(client, [id])).toEqual(heldOf(fresh, [id]));
            const { held, kept } = stretch(client, server, "a", id);
            expect(held).toEqual(kept);
            expect(client.rooms.get(id).outbox.value).toEqual([]);
          }
        }
        for (const { wrong } of watched) expect(wrong).toEqual([]);
        const landed = ROOMS.flatMap((id) => server.rooms.get(id)?.rows ?? []).filter((row) => row.client_id);
        expect(landed.map((row) => row.body).toSorted()).toEqual(sent.map(({ body }) => body).toSorted());
        expect(running.filter((tab) => tab.client.leads.value).length).toBe(1);
        expect(history.longestTwo).toBeLessThanOrEqual(two);
        fresh.stop();
        for (const tab of browser.tabs) tab.crash();
        for (const one of watched) one.end();
      }),
      { numRuns: Number(process.env.RUNS ?? 40) },
    );
  }, 240_000);
});
