/** What outlives a reload: unsent talks and drafts, in IndexedDB; in memory where a browser refuses storage. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

const OPENS_WITHIN_MS = 2_000;

export interface StoredTalk {
  readonly clientId: string;
  readonly user: string;
  /** The tab that sends it; another may take it over only when that tab is gone. */
  readonly tab: string;
  readonly room: string;
  readonly body: string;
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
  talks(user: string): Promise<StoredTalk[]>;
  putTalk(talk: StoredTalk): Promise<void>;
  deleteTalk(clientId: string): Promise<void>;
  drafts(user: string): Promise<StoredDraft[]>;
  putDraft(draft: StoredDraft): Promise<void>;
  deleteDraft(user: string, room: string): Promise<void>;
  clear(user: string): Promise<void>;
  /** Lets the database go, so that the page may rest in the back/forward cache; the next use opens it again. */
  close(): void;
}

interface Schema extends DBSchema {
  talks: { key: string; value: StoredTalk; indexes: { user: string } };
  drafts: { key: [string, string]; value: StoredDraft; indexes: { user: string } };
}

class IndexedStorage implements LocalStorage {
  #opening: Promise<IDBPDatabase<Schema>> | null = null;

  async talks(user: string): Promise<StoredTalk[]> {
    return (await this.#open()).getAllFromIndex("talks", "user", user);
  }

  async putTalk(talk: StoredTalk): Promise<void> {
    await (await this.#open()).put("talks", talk);
  }

  async deleteTalk(clientId: string): Promise<void> {
    await (await this.#open()).delete("talks", clientId);
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
    const change = (await this.#open()).transaction(["talks", "drafts"], "readwrite");
    for (const name of ["talks", "drafts"] as const) {
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
    this.#opening ??= openDB<Schema>("sendjay", 1, {
      upgrade(database) {
        database.createObjectStore("talks", { keyPath: "clientId" }).createIndex("user", "user");
        database.createObjectStore("drafts", { keyPath: ["user", "room"] }).createIndex("user", "user");
      },
      // A newer page wants another version, or the browser has closed it.
      blocking: forget,
      terminated: forget,
    });
    return this.#opening;
  }
}

export class MemoryStorage implements LocalStorage {
  readonly #talks = new Map<string, StoredTalk>();
  readonly #drafts = new Map<string, StoredDraft>();

  async talks(user: string): Promise<StoredTalk[]> {
    return [...this.#talks.values()].filter((talk) => talk.user === user);
  }

  async putTalk(talk: StoredTalk): Promise<void> {
    this.#talks.set(talk.clientId, talk);
  }

  async deleteTalk(clientId: string): Promise<void> {
    this.#talks.delete(clientId);
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
    for (const talk of await this.talks(user)) this.#talks.delete(talk.clientId);
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
