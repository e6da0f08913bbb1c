/** What outlives a reload: what is not sent yet and drafts, in IndexedDB; in memory where a browser refuses storage. */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type { Carried } from "./contract";
import { note, noted, strike } from "./journal";

const OPENS_WITHIN_MS = 2_000;

/** Something that this person has done and the server does not know of yet. */
export interface Unsent extends Carried {
  readonly kind: "talk" | "invite" | "leave";
  readonly clientId: string;
  readonly user: string;
  /** The tab that sends it; another may take it over only when that tab is gone. */
  readonly tab: string;
  readonly room: string;
  /** A talk's; empty in errands. */
  readonly body: string;
  /** Those invited; empty in all else. */
  readonly people: readonly string[];
  readonly at: number;
  /** Rises with every send and resend: the order to go out in. */
  readonly order: number;
  readonly failed: string | null;
}

/** A draft that the server may not have yet; an empty text: one that was taken away. */
export interface StoredDraft {
  readonly user: string;
  readonly room: string;
  readonly text: string;
}

export interface LocalStorage {
  unsent(user: string): Promise<Unsent[]>;
  putUnsent(unsent: Unsent): Promise<void>;
  deleteUnsent(clientId: string): Promise<void>;
  /** What `from` has left becomes `to`'s, in one step: of several tabs that try, one gets it. */
  adopt(user: string, from: string, to: string): Promise<Unsent[]>;
  drafts(user: string): Promise<StoredDraft[]>;
  putDraft(draft: StoredDraft): Promise<void>;
  deleteDraft(user: string, room: string): Promise<void>;
  clear(user: string): Promise<void>;
  /** Lets the database go, so that the page may rest in the back/forward cache; the next use opens it again. */
  close(): void;
}

interface Schema extends DBSchema {
  unsent: { key: string; value: Unsent; indexes: { user: string } };
  drafts: { key: [string, string]; value: StoredDraft; indexes: { user: string } };
}

/** Version 1 kept talks alone, in a store of their own. */
interface FirstSchema extends DBSchema {
  talks: { key: string; value: Omit<Unsent, "kind" | "people"> };
}

const VERSION = 2;

class IndexedStorage implements LocalStorage {
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  async unsent(user: string): Promise<Unsent[]> {
    const before = noted(user);
    return withNoted(await (await this.#open()).getAllFromIndex("unsent", "user", user), before);
  }

  async putUnsent(unsent: Unsent): Promise<void> {
    note(unsent);
    await (await this.#open()).put("unsent", unsent);
    strike(unsent.clientId);
  }

  async deleteUnsent(clientId: string): Promise<void> {
    strike(clientId);
    await (await this.#open()).delete("unsent", clientId);
  }

  async adopt(user: string, from: string, to: string): Promise<Unsent[]> {
    const before = noted(user);
    const change = (await this.#open()).transaction("unsent", "readwrite");
    const kept = withNoted(await change.store.index("user").getAll(user), before);
    const adopted = kept.filter((unsent) => unsent.tab === from).map((unsent) => ({ ...unsent, tab: to }));
    for (const unsent of adopted) void change.store.put(unsent);
    await change.done;
    for (const { clientId } of adopted) strike(clientId);
    return adopted;
  }

  async drafts(user: string): Promise<StoredDraft[]> {
    return (await this.#open()).getAllFromIndex("drafts", "user", user);
  }

  async putDraft(draft: StoredDraft): Promise<void> {
    await (await this.#open()).put("drafts", draft);
  }

  async deleteDraft(user: string, room: string): Promise<void> {
    await (await this.#open()).delete("drafts", [user, room]);
  }

  async clear(user: string): Promise<void> {
    for (const { clientId } of noted(user)) strike(clientId);
    const change = (await this.#open()).transaction(["unsent", "drafts"], "readwrite");
    for (const name of ["unsent", "drafts"] as const) {
      const keys = await change.objectStore(name).index("user").getAllKeys(user);
      for (const key of keys) change.objectStore(name).delete(key as string & [string, string]);
    }
    await change.done;
  }

  close(): void {
    const opening = this.#opening;
    this.#opening = null;
    opening?.then((database) => database.close()).catch(() => undefined);
  }

  #open(): Promise<IDBPDatabase<Schema>> {
    const forget = () => this.close();
    this.#opening ??= openDB<Schema>("sendjay", VERSION, {
      upgrade: (database, before, _after, change) => upgrade(database, before, change),
      // A newer page wants another version, or the browser has closed it.
      blocking: forget,
      terminated: forget,
    });
    return this.#opening;
  }
}

/** What the database has of a talk is newer than what was noted of it. */
function withNoted(stored: readonly Unsent[], before: readonly Unsent[]): Unsent[] {
  const kept = new Set(stored.map((unsent) => unsent.clientId));
  return [...stored, ...before.filter((unsent) => !kept.has(unsent.clientId))];
}

async function upgrade(
  database: IDBPDatabase<Schema>,
  before: number,
  change: IDBPTransaction<Schema, ("unsent" | "drafts")[], "versionchange">,
): Promise<void> {
  database.createObjectStore("unsent", { keyPath: "clientId" }).createIndex("user", "user");
  if (before < 1) {
    database.createObjectStore("drafts", { keyPath: ["user", "room"] }).createIndex("user", "user");
    return;
  }
  const first = database as unknown as IDBPDatabase<FirstSchema>;
  const talks = await (change as unknown as IDBPTransaction<FirstSchema, ["talks"]>)
    .objectStore("talks")
    .getAll();
  for (const talk of talks) await change.objectStore("unsent").put({ ...talk, kind: "talk", people: [] });
  first.deleteObjectStore("talks");
}

export class MemoryStorage implements LocalStorage {
  readonly #unsent = new Map<string, Unsent>();
  readonly #drafts = new Map<string, StoredDraft>();

  async unsent(user: string): Promise<Unsent[]> {
    return [...this.#unsent.values()].filter((unsent) => unsent.user === user);
  }

  async putUnsent(unsent: Unsent): Promise<void> {
    this.#unsent.set(unsent.clientId, unsent);
  }

  async deleteUnsent(clientId: string): Promise<void> {
    this.#unsent.delete(clientId);
  }

  async adopt(user: string, from: string, to: string): Promise<Unsent[]> {
    const left = [...this.#unsent.values()].filter((unsent) => unsent.user === user && unsent.tab === from);
    const adopted = left.map((unsent) => ({ ...unsent, tab: to }));
    for (const unsent of adopted) this.#unsent.set(unsent.clientId, unsent);
    return adopted;
  }

  async drafts(user: string): Promise<StoredDraft[]> {
    return [...this.#drafts.values()].filter((draft) => draft.user === user);
  }

  async putDraft(draft: StoredDraft): Promise<void> {
    this.#drafts.set(JSON.stringify([draft.user, draft.room]), draft);
  }

  async deleteDraft(user: string, room: string): Promise<void> {
    this.#drafts.delete(JSON.stringify([user, room]));
  }

  async clear(user: string): Promise<void> {
    for (const { clientId } of await this.unsent(user)) this.#unsent.delete(clientId);
    for (const { room } of await this.drafts(user)) await this.deleteDraft(user, room);
  }

  close(): void {}
}

/** Tries IndexedDB once; private windows and partitioned frames may refuse it, or never answer. */
export async function openStorage(): Promise<LocalStorage> {
  const indexed = new IndexedStorage();
  const answers = indexed.drafts("").then(
    () => true,
    () => false,
  );
  const silence = new Promise<boolean>((resolve) => setTimeout(resolve, OPENS_WITHIN_MS, false));
  return (await Promise.race([answers, silence])) ? indexed : new MemoryStorage();
}

/** A few small values under fixed keys that tabs share (device id, refresh attempt); in memory where refused. */
export interface KeyValues {
  get(key: string): string | null;
  set(key: string, value: string | null): void;
}

export function browserKeyValues(): KeyValues {
  const held = new Map<string, string>();
  return {
    get(key) {
      try {
        return localStorage.getItem(`sendjay.${key}`) ?? held.get(key) ?? null;
      } catch {
        return held.get(key) ?? null;
      }
    },
    set(key, value) {
      if (value === null) held.delete(key);
      else held.set(key, value);
      try {
        if (value === null) localStorage.removeItem(`sendjay.${key}`);
        else localStorage.setItem(`sendjay.${key}`, value);
      } catch {
        // Storage is refused: the value lives as long as the page.
      }
    },
  };
}

/** An id that rises with time, so that the server keeps a busy minute together; 80 bits are chance. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const chance = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return Date.now().toString(16).padStart(12, "0") + chance;
}
