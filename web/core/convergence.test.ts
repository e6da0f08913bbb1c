// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "./contract";
import { FakeServer } from "./testing/fake-server";
import { heldOf, stretch } from "./testing/held";
import { fakeRest, openPage } from "./testing/page";

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ROOMS = ["r1", "r2"];
const OTHERS = ["b", "c", "d"];

const room = fc.constantFrom(...ROOMS);
const other = fc.constantFrom(...OTHERS);
const action = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("say" as const), room, by: other }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("send" as const), room }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("read" as const), room, by: other, seq: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("mark" as const), room, seq: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("change" as const), room, seq: fc.nat(60) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("toggle" as const), room, by: other }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("toggleMe" as const), room }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("mute" as const), room, muted: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rename" as const), room, name: fc.string() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("open" as const), room }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("older" as const), room }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("newer" as const), room }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("around" as const), room, seq: fc.nat(80) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("break" as const), code: fc.constantFrom(1006, 4000) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(400) }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

function act(server: FakeServer, client: Client, step: Action, sent: string[]): void {
  if (step.do === "wait") return;
  if (step.do === "break") {
    for (const socket of [...server.sockets]) if (socket.user === "a") socket.broken(step.code);
    return;
  }
  const held = server.rooms.get(step.room);
  if (!held) return;
  const isMember = held.isMember("a");
  if (step.do === "say" && held.isMember(step.by)) server.say(step.room, step.by, `talk ${held.seq}`);
  else if (step.do === "send" && isMember) {
    sent.push(`mine ${sent.length}`);
    client.send(step.room, sent.at(-1) ?? "");
  } else if (step.do === "read" && held.isMember(step.by)) server.read(step.room, step.by, step.seq);
  else if (step.do === "mark") client.markRead(step.room, Math.min(step.seq, held.seq));
  else if (step.do === "change" && step.seq > 0 && step.seq <= held.seq) {
    if (held.rows[step.seq - 1]?.kind !== "notice")
      server.tellRoom(held, held.change(step.seq, `new ${held.version}`));
  } else if (step.do === "toggle") toggle(server, step.room, step.by);
  else if (step.do === "toggleMe") toggle(server, step.room, "a");
  else if (step.do === "mute") server.mute(step.room, "a", step.muted);
  else if (step.do === "rename") server.tellRoom(held, held.rename(step.name, "b", server.clock()));
  else if (step.do === "open") client.openRoom(step.room);
  else if (step.do === "older") void client.loadOlder(step.room);
  else if (step.do === "newer") void client.loadNewer(step.room);
  else if (step.do === "around") void client.loadAround(step.room, step.seq);
}

function toggle(server: FakeServer, id: string, user: string): void {
  if (server.rooms.get(id)?.isMember(user)) server.leave(id, user);
  else server.join(id, user);
}

function newServer(seed: number): FakeServer {
  const server = new FakeServer();
  for (const id of ROOMS) server.room(id, ["a", ...OTHERS]);
  for (let n = 0; n < 70; n++) server.say("r1", "b", `old ${n}`);
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  server.answerDelay = () => Math.floor(random() * 40);
  server.losesEvent = () => random() < 0.05;
  server.most = 12;
  return server;
}

/** Nothing is lost any more, and one more change in every room shows what was. */
async function settle(server: FakeServer, client: Client): Promise<void> {
  server.losesEvent = () => false;
  await vi.advanceTimersByTimeAsync(60_000);
  for (const id of ROOMS) {
    for (const user of ["a", "b"]) if (!server.rooms.get(id)?.isMember(user)) server.join(id, user);
    server.say(id, "b", "the last talk");
    server.mute(id, "a", false);
  }
  await vi.advanceTimersByTimeAsync(60_000);
  client.probe();
  await vi.advanceTimersByTimeAsync(10_000);
}

test("After any history of actions, losses and breaks a page holds what a fresh page holds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), fc.nat(), async (steps, seed) => {
      const server = newServer(seed);
      const sent: string[] = [];
      const page = await openPage(server, "a");
      for (const step of steps) {
        act(server, page, step, sent);
        await vi.advanceTimersByTimeAsync(step.do === "wait" ? step.ms : 3);
      }
      await settle(server, page);
      const fresh = await openPage(server, "a");
      for (const id of ROOMS) {
        await vi.advanceTimersByTimeAsync(500);
        page.openRoom(id);
        fresh.openRoom(id);
        await vi.advanceTimersByTimeAsync(500);
        void page.loadHead(id);
        await vi.advanceTimersByTimeAsync(2_000);
        expect(heldOf(page, [id])).toEqual(heldOf(fresh, [id]));
        const { held, kept } = stretch(page, server, "a", id);
        expect(held).toEqual(kept);
        expect(page.rooms.get(id).outbox.value.filter((item) => item.state === "sending")).toEqual([]);
      }
      expect(page.rooms.totalUnread.value).toEqual(fresh.rooms.totalUnread.value);
      expectOnce(server, page, sent);
      page.stop();
      fresh.stop();
    }),
    { numRuns: Number(process.env.RUNS ?? 150) },
  );
}, 120_000);

/** Every talk is in one room once, or shown as failed (its room was no longer mine). */
function expectOnce(server: FakeServer, page: Client, sent: readonly string[]): void {
  const landed = ROOMS.flatMap((id) => server.rooms.get(id)?.rows ?? []).filter((row) => row.client_id);
  const failed = ROOMS.flatMap((id) => page.rooms.get(id).outbox.value).map((item) => item.body);
  const keys = landed.map((row) => row.client_id);
  expect(new Set(keys).size).toBe(keys.length);
  expect(landed.length + failed.length).toBe(sent.length);
}
