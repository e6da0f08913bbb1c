// @vitest-environment node
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MemoryStorage, openStorage, type Unsent } from "./storage";

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

afterEach(() => void vi.unstubAllGlobals());

/** Its words are the object's own keys, as in a browser. */
function fakeLocalStorage(words: Record<string, string>): Record<string, string> {
  const methods = {
    getItem(this: Record<string, string>, key: string) {
      return this[key] ?? null;
    },
    setItem(this: Record<string, string>, key: string, value: string) {
      this[key] = value;
    },
    removeItem(this: Record<string, string>, key: string) {
      delete this[key];
    },
  };
  const storage = Object.assign(Object.create(methods), words);
  vi.stubGlobal("localStorage", storage);
  return storage;
}

const talk = (clientId: string, tab: string): Unsent => {
  const said = { kind: "talk" as const, clientId, user: "a", tab, room: "r1", body: clientId };
  return { ...said, people: [], at: 1, order: 1, failed: null };
};

test("What the first version has stored is there after the change of the schema", async () => {
  const old = await openDB("sendjay", 1, {
    upgrade(database) {
      database.createObjectStore("talks", { keyPath: "clientId" }).createIndex("user", "user");
      database.createObjectStore("drafts", { keyPath: ["user", "room"] }).createIndex("user", "user");
    },
  });
  const { kind: _kind, people: _people, ...before } = talk("one", "t1");
  await old.put("talks", before);
  await old.put("drafts", { user: "a", room: "r1", text: "half" });
  old.close();
  const storage = await openStorage();
  expect(await storage.unsent("a")).toEqual([talk("one", "t1")]);
  expect(await storage.drafts("a")).toEqual([{ user: "a", room: "r1", text: "half" }]);
  storage.close();
});

test.each([
  ["in the database", () => openStorage()],
  ["in memory", async () => new MemoryStorage()],
])("Of several tabs that adopt what a gone one has left, one gets it: %s", async (_where, open) => {
  const storage = await open();
  await storage.putUnsent(talk("one", "gone"));
  await storage.putUnsent(talk("two", "lives"));
  const got = await Promise.all(["t1", "t2", "t3"].map((tab) => storage.adopt("a", "gone", tab)));
  expect(got.map((adopted) => adopted.length)).toEqual([1, 0, 0]);
  const kept = await storage.unsent("a");
  expect(kept.map(({ clientId, tab }) => [clientId, tab])).toEqual([
    ["one", "t1"],
    ["two", "lives"],
  ]);
  storage.close();
});

test("What a page wrote in the moment before it crashed is there, and goes to one tab", async () => {
  const words = fakeLocalStorage({});
  const crashing = await openStorage();
  const storing = crashing.putUnsent(talk("one", "gone"));
  const left = { ...words };
  await storing;
  crashing.close();
  globalThis.indexedDB = new IDBFactory();
  const found = fakeLocalStorage(left);
  const storage = await openStorage();
  expect(await storage.unsent("a")).toEqual([talk("one", "gone")]);
  expect(await storage.unsent("somebody else")).toEqual([]);
  const got = await Promise.all(["t1", "t2", "t3"].map((tab) => storage.adopt("a", "gone", tab)));
  expect(got.flat().map(({ clientId }) => clientId)).toEqual(["one"]);
  expect(found).toEqual({});
  await storage.deleteUnsent("one");
  expect(await storage.unsent("a")).toEqual([]);
  storage.close();
});

test("What is stored is noted no longer; what is wiped is gone from the notes too", async () => {
  const words = fakeLocalStorage({ "sendjay.unsent.two": JSON.stringify(talk("two", "gone")) });
  const storage = await openStorage();
  await storage.putUnsent(talk("one", "t1"));
  expect(Object.keys(words)).toEqual(["sendjay.unsent.two"]);
  await storage.clear("a");
  expect(words).toEqual({});
  expect(await storage.unsent("a")).toEqual([]);
  storage.close();
});
