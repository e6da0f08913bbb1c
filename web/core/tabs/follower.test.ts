// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { LineListener } from "../line";
import type { AnyEvent, Welcome } from "../wire";
import { Follower } from "./follower";
import type { Asking, Telling, Unstamped } from "./protocol";

type Said = Unstamped<Asking>;
type Request = Extract<Said, { kind: "request" }>;

let said: Said[];
let phases: string[];
let heard: string[];
let follower: Follower;
let listener: LineListener;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  phases = [];
  heard = [];
  listener = {
    sync: () => ({ rooms: {}, personal: 0 }),
    onWelcome: (welcome) => heard.push(`welcome ${welcome.sync?.personal}`),
    onEvent: (event) => heard.push(event.ev === "room.gone" ? event.room : event.ev),
    onStopped: (reason) => heard.push(`stopped ${reason}`),
  };
  follower = new Follower({
    listener,
    post: (message) => said.push(message),
    onState: ({ phase }) => phases.push(phase),
    onSilent: () => heard.push("silent"),
  });
});

afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const tell = (message: Unstamped<Telling>) =>
  follower.hear({ ...message, from: "leader", term: "1" } as Telling);
const requests = () => said.filter((message): message is Request => message.kind === "request");
const event = (room: string): AnyEvent => ({ ev: "room.gone", room });
const welcome = { user: "a", server_time: 0 } as Welcome;

async function answer(personal: number): Promise<void> {
  tell({ kind: "answer", id: requests().at(-1)?.id ?? 0, ok: { personal } });
  await pass(0);
}

test("What is told while the sync is on its way comes behind it, in order", async () => {
  tell({ kind: "welcome", number: 1, welcome });
  for (const room of ["one", "two"]) tell({ kind: "event", number: 1, event: event(room) });
  expect(heard).toEqual([]);
  await answer(7);
  tell({ kind: "event", number: 1, event: event("three") });
  expect(heard).toEqual(["welcome 7", "one", "two", "three"]);
  expect(phases.at(-1)).toBe("ready");
});

test("More than can wait is asked for again, instead of kept", async () => {
  tell({ kind: "welcome", number: 1, welcome });
  for (let n = 0; n < 5_000; n++) tell({ kind: "event", number: 1, event: event(`${n}`) });
  await answer(1);
  expect(heard).toEqual([]);
  tell({ kind: "event", number: 1, event: event("after") });
  await answer(2);
  expect(heard).toEqual(["welcome 2", "after"]);
});

test("What belongs to a connection that is gone is not heard", async () => {
  tell({ kind: "welcome", number: 1, welcome });
  const first = requests().at(-1);
  tell({ kind: "event", number: 1, event: event("old") });
  tell({ kind: "welcome", number: 2, welcome });
  tell({ kind: "answer", id: first?.id ?? 0, ok: { personal: 1 } });
  tell({ kind: "event", number: 1, event: event("late") });
  await answer(2);
  expect(heard).toEqual(["welcome 2"]);
});

test("A sync that is refused for now is asked again, ever more slowly", async () => {
  tell({ kind: "welcome", number: 1, welcome });
  const busy = { code: "busy", message: "", retry: true, retryAfterMs: null };
  for (let n = 0; n < 4; n++) {
    tell({ kind: "refusal", id: requests().at(-1)?.id ?? 0, error: busy });
    await pass(1_000 * 2 ** n);
    expect(requests().length).toBe(n + 2);
  }
  await answer(3);
  expect(heard).toEqual(["welcome 3"]);
});

test("A leader that owes an answer for too long is asked whether it lives", async () => {
  tell({ kind: "welcome", number: 1, welcome });
  await answer(1);
  const refused = follower.request("room.get", { room: "r1" }).catch((error: { code: string }) => error.code);
  await pass(15_000);
  expect(await refused).toBe("timeout");
  expect(heard).toContain("silent");
});

test("When the leader goes, what was asked is refused at once", async () => {
  tell({ kind: "welcome", number: 1, welcome });
  await answer(1);
  const refused = follower.request("room.get", { room: "r1" }).catch((error: { code: string }) => error.code);
  follower.lost();
  expect(await refused).toBe("offline");
});
