/** What belongs to the person who is signed in, and is let go with them: unsent talks and drafts. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { Connection } from "./connection";
import { Drafts } from "./drafts";
import { Outbox } from "./outbox";
import type { LocalStorage } from "./storage";

export interface Own {
  readonly user: string;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
}

export interface BelongingsNeeds {
  openStorage(): Promise<LocalStorage>;
  connection: Connection;
  /** The version at which a room's rows are held. */
  heldAt(room: string): number;
}

export class Belongings {
  readonly #needs: BelongingsNeeds;
  readonly #own = signal<Own | null>(null);
  #storage: LocalStorage | null = null;

  constructor(needs: BelongingsNeeds) {
    this.#needs = needs;
  }

  get own(): ReadonlySignal<Own | null> {
    return this.#own;
  }

  async open(): Promise<void> {
    this.#storage ??= await this.#needs.openStorage();
  }

  take(user: string): void {
    if (this.#own.peek()?.user === user || !this.#storage) return;
    this.letGo();
    const { connection, heldAt } = this.#needs;
    const outbox = new Outbox({
      storage: this.#storage,
      user,
      ready: () => connection.isReady,
      send: (room, client_id, body) => connection.request("message.send", { room, client_id, body }),
      roomVersion: heldAt,
    });
    const drafts = new Drafts(this.#storage, user);
    this.#own.value = { user, outbox, drafts };
    void drafts.load();
    this.resume();
  }

  /** Connected: sends what waits. */
  resume(): void {
    if (this.#needs.connection.isReady) void this.#own.peek()?.outbox.resume();
  }

  /** Out of memory; what is stored stays for the next time. */
  letGo(): void {
    const own = this.#own.peek();
    own?.drafts.flush();
    own?.outbox.close();
    this.#own.value = null;
  }

  /** The page may rest in the back/forward cache, where an open database is not wanted. */
  close(): void {
    this.letGo();
    this.#storage?.close();
  }

  async erase(user: string): Promise<void> {
    await this.#storage?.clear(user).catch(() => undefined);
  }
}
