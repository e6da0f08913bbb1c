/** A page of one person against the fake server: a client with everything around it faked. */
import { vi } from "vitest";
import { createClient } from "../client";
import type { Client } from "../contract";
import { type LocalStorage, MemoryStorage } from "../storage";
import type { FakeServer } from "./fake-server";

/** REST as far as a page needs it: who I am, and people by id. */
export function fakeRest(): void {
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const path = String(url).replace(/^https?:\/\/[^/]+/, "");
    const user = new URL(String(url)).hostname;
    const body = JSON.parse(String(init.body ?? "null")) as { ids?: string[] } | null;
    const person = (id: string) => ({ id, name: `이름 ${id}` });
    const known = (body?.ids ?? []).filter((id) => id !== "nobody");
    if (path === "/api/me") return Response.json({ person: person(user), login: user, kind: "user" });
    if (path === "/api/directory/people") return Response.json({ people: known.map(person) });
    if (path.startsWith("/api/auth/sign-in")) return Response.json({});
    return new Response(null, { status: 204 });
  });
}

export async function openPage(
  server: FakeServer,
  user: string,
  storage: LocalStorage = new MemoryStorage(),
): Promise<Client> {
  const values = new Map<string, string>();
  const client = createClient({
    baseUrl: `http://${user}`,
    makeSocket: server.socketFor(user),
    alone: true,
    openStorage: async () => storage,
    keyValues: {
      get: (key) => values.get(key) ?? null,
      set: (key, value) => (value === null ? values.delete(key) : values.set(key, value)),
    },
  });
  void client.start();
  await vi.advanceTimersByTimeAsync(50);
  return client;
}
