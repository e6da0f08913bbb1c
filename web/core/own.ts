/** What belongs to the person who is signed in, and is let go with them: unsent talks and drafts. */
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { Drafts } from "./drafts";
import type { Line } from "./line";
import { Outbox, type OutboxNeeds } from "./outbox";
import type { LocalStorage } from "./storage";
import type { Draft } from "./wire";

export interface Own {
  readonly user: string;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
}

export interface BelongingsNeeds
  extends Pick<OutboxNeeds, "tab" | "isGone" | "carryOut" | "onErrandRefused"> {
  openStorage(): Promise<LocalStorage>;
  connection: Line;
  /** The version at which a room's rows are held. */
  heldAt(room: string): number;
}

export class Belongings {
  readonly #needs: BelongingsNeeds;
  readonly #own = signal<Own | null>(null);
  #storage: LocalStorage | null = null;
  /** Heard before it was known whose they are. */
  #early: { drafts: readonly Draft[]; version: number }[] = [];

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
    const early = this.#early;
    this.letGo();
    const { connection, heldAt, ...sending } = this.#needs;
    const outbox = new Outbox({
      ...sending,
      storage: this.#storage,
      user,
      ready: () => connection.isReady,
      roomVersion: heldAt,
    });
    const drafts = new Drafts({
      storage: this.#storage,
      user,
      ready: () => connection.isReady,
      tell: (room, text) => connection.request("draft.set", { room, text }),
    });
    for (const heard of early) drafts.heard(heard.drafts, heard.version);
    this.#own.value = { user, outbox, drafts };
    void drafts.load();
    this.resume();
  }

  /** Drafts of my personal stream, at its version. */
  heardDrafts(drafts: readonly Draft[], version: number): void {
    const own = this.#own.peek();
    if (own) own.drafts.heard(drafts, version);
    else this.#early.push({ drafts, version });
  }

  /** Connected: sends what waits. */
  resume(): void {
    if (!this.#needs.connection.isReady) return;
    void this.#own.peek()?.outbox.resume();
    this.#own.peek()?.drafts.resume();
  }

  /** Out of memory; what is stored stays for the next time. */
  letGo(): void {
    const own = this.#own.peek();
    own?.drafts.close();
    own?.outbox.close();
    this.#own.value = null;
    this.#early = [];
  }

  /** The page may rest in the back/forward cache, where an open database is not wanted. */
  close(): void {
    const known = this.#own.peek()?.drafts.known() ?? [];
    this.letGo();
    this.#early = known;
    this.#storage?.close();
  }

  async erase(user: string): Promise<void> {
    await this.#storage?.clear(user).catch(() => undefined);
  }
}
