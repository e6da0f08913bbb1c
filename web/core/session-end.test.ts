// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "./client";
import type { Client } from "./contract";
import { type KeyValues, type LocalStorage, MemoryStorage } from "./storage";
import { FakeServer, Refusal } from "./testing/fake-server";
import { sharedValues } from "./testing/transport";

let server: FakeServer;
let storage: LocalStorage;
let values: KeyValues;
let client: Client;
/** What REST refuses with; null: everything is well. */
let refusal: string | null;
/** What a refresh comes to. */
let renewal: "refreshed" | "unauthorized" | "device_removed";

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  storage = new MemoryStorage();
  values = sharedValues();
  refusal = null;
  renewal = "unauthorized";
  vi.stubGlobal("fetch", async (url: string) => {
    const path = new URL(url).pathname;
    if (path.startsWith("/api/auth/sign-in")) refusal = null;
    if (path === "/api/auth/refresh") {
      if (renewal !== "refreshed") return refused(renewal);
      refusal = null;
      return Response.json({ access_expires_in: 900 });
    }
    if (refusal !== null) return refused(refusal);
    return Response.json({ person: { id: "a", name: "a" }, login: "a", kind: "user", people: [] });
  });
  server.refuse = (cmd) => (cmd === "hello" && refusal !== null ? new Refusal(refusal) : null);
  client = page();
});

afterEach(() => {
  client.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const refused = (code: string) => Response.json({ error: { code, message: "" } }, { status: 401 });

function page(): Client {
  return createClient({
    baseUrl: "http://server",
    alone: true,
    makeSocket: (url) => server.socketFor("a")(url),
    openStorage: async () => storage,
    keyValues: values,
  });
}

function breakAll(code: number): void {
  for (const socket of [...server.sockets]) socket.broken(code);
}

/** Signed in, with a talk that does not get out and a draft. */
async function withUnsent(): Promise<void> {
  void client.start();
  await pass(100);
  expect(client.session.value.phase).toBe("signed_in");
  server.accepts = false;
  breakAll(1006);
  client.send("r1", "not sent yet");
  client.setDraft("r1", "half a thou");
  await pass(2_000);
  expect(client.rooms.get("r1").outbox.value.length).toBe(1);
}

async function kept(): Promise<[number, number]> {
  return [(await storage.unsent("a")).length, (await storage.drafts("a")).length];
}

test("A session that ends keeps unsent talks and drafts, and the same person finds them again", async () => {
  await withUnsent();
  refusal = "unauthorized";
  server.accepts = true;
  await pass(31_000);
  expect(client.session.value).toEqual({ phase: "signed_out", reason: "expired" });
  expect(client.rooms.get("r1").draft.value).toBe("");
  expect(await kept()).toEqual([1, 1]);
  await Promise.all([client.signIn("a", "password"), pass(1_000)]);
  expect(client.rooms.get("r1").draft.value).toBe("half a thou");
  await pass(3_000);
  expect(server.rooms.get("r1")?.rows.map((row) => row.body)).toContain("not sent yet");
});

test("A token that ended while the machine was away for days is mended on return, without a password", async () => {
  await withUnsent();
  vi.setSystemTime(Date.now() + 3 * 86_400_000);
  refusal = "unauthorized";
  renewal = "refreshed";
  server.accepts = true;
  client.probe();
  await pass(1_000);
  expect(client.session.value.phase).toBe("signed_in");
  expect(client.connection.value.phase).toBe("ready");
  await pass(5_000);
  expect(server.rooms.get("r1")?.rows.map((row) => row.body)).toContain("not sent yet");
});

test("A device that was given up for lost erases what it keeps of the person when it is connected", async () => {
  await withUnsent();
  server.accepts = true;
  refusal = "device_removed";
  await pass(31_000);
  expect(client.session.value).toEqual({ phase: "signed_out", reason: "device_removed" });
  expect(await kept()).toEqual([0, 0]);
});

test("It does so too when it is connected at that moment", async () => {
  await withUnsent();
  server.accepts = true;
  await pass(31_000);
  client.setDraft("r1", "half a thou");
  await pass(500);
  for (const socket of server.sockets) socket.push({ ev: "signed_out", reason: "device_removed" }, 0);
  await pass(5);
  breakAll(4003);
  await pass(5);
  expect(client.session.value).toEqual({ phase: "signed_out", reason: "device_removed" });
  expect(await kept()).toEqual([0, 0]);
});

test("It does so at its next start, before it knows whose it was", async () => {
  await withUnsent();
  client.stop();
  expect(await kept()).toEqual([1, 1]);
  for (const [rest, refresh] of [
    ["unauthorized", "device_removed"],
    ["device_removed", "unauthorized"],
  ] as const) {
    refusal = rest;
    renewal = refresh;
    client = page();
    void client.start();
    await pass(500);
    expect(client.session.value).toEqual({ phase: "signed_out", reason: "device_removed" });
    expect(await kept()).toEqual([0, 0]);
    client.stop();
    values.set("user", "a");
    await storage.putDraft({ user: "a", room: "r1", text: "again" });
  }
});
