// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Api } from "./api";
import { createClient } from "./client";
import type { KeyValues } from "./storage";
import { MemoryStorage } from "./storage";
import { FakeServer } from "./testing/fake-server";

type Answer = { status: number; body?: unknown } | "unreachable";

let answers: (path: string, body: Record<string, unknown>) => Answer;
let asked: { path: string; body: Record<string, unknown> }[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const path = new URL(url).pathname;
    const body = JSON.parse(String(init.body ?? "{}")) as Record<string, unknown>;
    asked.push({ path, body });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const answer = answers(path, body);
    if (answer === "unreachable") throw new TypeError("no network");
    return new Response(JSON.stringify(answer.body ?? {}), { status: answer.status });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const unauthorized: Answer = { status: 401, body: { error: { code: "unauthorized", message: "" } } };
const refreshes = () =>
  asked.filter(({ path }) => path === "/api/auth/refresh").map(({ body }) => body.attempt);

function sharedValues(): KeyValues {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => (value === null ? values.delete(key) : values.set(key, value)),
  };
}

/** A server whose access token has expired and is good again after a refresh. */
function expired(refresh: () => Answer) {
  let isGood = false;
  return (path: string): Answer => {
    if (path === "/api/auth/refresh") {
      const answer = refresh();
      isGood = answer !== "unreachable" && answer.status === 200;
      return answer;
    }
    return isGood ? { status: 200, body: { orgs: [], people: [] } } : unauthorized;
  };
}

test("An expired token is renewed once for all that wait, and what was asked is asked again", async () => {
  answers = expired(() => ({ status: 200 }));
  const api = new Api("http://server", sharedValues());
  const all = Promise.all([api.orgs(), api.team(), api.peopleByIds(["a"])]);
  await vi.advanceTimersByTimeAsync(100);
  await all;
  expect(refreshes().length).toBe(1);
});

test("A refresh whose answer is lost is tried again as the same attempt, also by another tab", async () => {
  let reachable = false;
  answers = expired(() => (reachable ? { status: 200 } : "unreachable"));
  const values = sharedValues();
  const first = new Api("http://server", values).orgs().catch((error: { code: string }) => error.code);
  await vi.advanceTimersByTimeAsync(100);
  expect(await first).toBe("offline");
  reachable = true;
  const second = new Api("http://server", values).orgs();
  await vi.advanceTimersByTimeAsync(100);
  await second;
  const [one, two] = refreshes();
  expect(one).toBe(two);
  expect(values.get("refresh-attempt")).toBe(null);
});

test("A refused refresh is the end of the session, and its attempt is not used again", async () => {
  answers = (path) => (path === "/api/auth/refresh" ? unauthorized : unauthorized);
  const values = sharedValues();
  const refused = new Api("http://server", values).orgs().catch((error: { code: string }) => error.code);
  await vi.advanceTimersByTimeAsync(100);
  expect(await refused).toBe("unauthorized");
  expect(values.get("refresh-attempt")).toBe(null);
});

test("A tab that another tab has just renewed the token for does not renew it again", async () => {
  answers = expired(() => ({ status: 200 }));
  const values = sharedValues();
  values.set("refreshed-at", String(Date.now() + 50));
  const api = new Api("http://server", values);
  const outcome = api.refresh(Date.now());
  await vi.advanceTimersByTimeAsync(100);
  expect(await outcome).toBe("refreshed");
  expect(refreshes()).toEqual([]);
});

function page(server: FakeServer, user: () => string) {
  const client = createClient({
    baseUrl: "http://server",
    alone: true,
    makeSocket: (url) => server.socketFor(user())(url),
    openStorage: async () => new MemoryStorage(),
    keyValues: sharedValues(),
  });
  void client.start();
  return client;
}

test("When another tab signs somebody else in, nothing of the former person stays on this page", async () => {
  const server = new FakeServer();
  server.room("r1", ["a", "b"]);
  server.room("r2", ["c", "b"]);
  let who = "a";
  answers = (path) => {
    const person = { id: who, name: who };
    return path === "/api/me"
      ? { status: 200, body: { person, login: who, kind: "user" } }
      : { status: 200, body: { people: [] } };
  };
  const client = page(server, () => who);
  await vi.advanceTimersByTimeAsync(100);
  client.openRoom("r1");
  client.setDraft("r1", "for b alone");
  await vi.advanceTimersByTimeAsync(100);
  who = "c";
  for (const socket of [...server.sockets]) socket.broken(1006);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(client.session.value).toMatchObject({ phase: "signed_in", me: { id: "c" } });
  expect(client.rooms.list.value?.map((view) => view.room.id)).toEqual(["r2"]);
  expect(client.rooms.get("r1").state.value).toBe(null);
  expect(client.rooms.get("r1").draft.value).toBe("");
  client.stop();
});

test("A session that the server ends says why, and the page is empty", async () => {
  const server = new FakeServer();
  server.room("r1", ["a", "b"]);
  answers = () => ({ status: 200, body: { person: { id: "a", name: "a" }, login: "a", kind: "user" } });
  const client = page(server, () => "a");
  await vi.advanceTimersByTimeAsync(100);
  for (const socket of [...server.sockets]) {
    socket.push({ ev: "signed_out", reason: "blocked" }, 0);
    setTimeout(() => socket.broken(4003), 1);
  }
  await vi.advanceTimersByTimeAsync(50);
  expect(client.session.value).toEqual({ phase: "signed_out", reason: "blocked" });
  expect(client.rooms.list.value).toBe(null);
  expect(client.connection.value.phase).toBe("stopped");
});

test("Somebody who never signed in is not told that a session ended", async () => {
  const server = new FakeServer();
  answers = () => unauthorized;
  const client = page(server, () => "a");
  await vi.advanceTimersByTimeAsync(200);
  expect(client.session.value).toEqual({ phase: "signed_out", reason: null });
  expect(client.connection.value.phase).toBe("stopped");
});
