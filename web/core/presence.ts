/** Who is online, for the people on screen only: each part of the screen says whom it shows. */
import { batch } from "@preact/signals-core";
import type { PresenceWatch } from "./contract";
import { WireError } from "./errors";
import { fillPresence, OFFLINE, type Presence } from "./model";
import { SignalMap } from "./signal-map";
import type * as wire from "./wire";

const WATCHED = 1000;
const HELD = 4000;
const GATHER_MS = 120;
/** Who has gone through very many people is told to wait. */
const AGAIN_MS = 3_000;

export class PresenceBoard implements PresenceWatch {
  readonly #ask: (people: string[]) => Promise<wire.PresenceAnswer>;
  readonly #known = new SignalMap<Presence>(OFFLINE, HELD);
  readonly #owners = new Map<string, readonly string[]>();
  #sent = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (people: string[]) => Promise<wire.PresenceAnswer>) {
    this.#ask = ask;
  }

  get(id: string): Presence {
    return this.#known.cell(id).value;
  }

  watch(owner: string, ids: readonly string[]): void {
    this.#owners.delete(owner);
    if (ids.length > 0) this.#owners.set(owner, ids);
    this.#timer ??= setTimeout(() => this.#due(), GATHER_MS);
  }

  /** A new connection watches nobody yet. */
  connected(): void {
    this.#sent = "";
    void this.#tell();
  }

  changed(people: Record<string, wire.Presence>): void {
    batch(() => {
      for (const [id, presence] of Object.entries(people)) this.#known.set(id, fillPresence(presence));
    });
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sent = "";
    this.#owners.clear();
    this.#known.clear();
  }

  #due(): void {
    this.#timer = undefined;
    void this.#tell();
  }

  async #tell(): Promise<void> {
    const people = this.#union();
    const asked = JSON.stringify(people);
    if (asked === this.#sent || (people.length === 0 && this.#sent === "")) return;
    this.#sent = asked;
    try {
      const answer = await this.#ask(people);
      if (this.#sent !== asked) return;
      const offline = Object.fromEntries(people.map((id) => [id, OFFLINE]));
      this.changed({ ...offline, ...answer.people });
    } catch (error) {
      if (this.#sent !== asked) return;
      // Told again at the next connection or change.
      this.#sent = "";
      const isTooFast = error instanceof WireError && error.code === "rate_limited";
      if (isTooFast) this.#timer ??= setTimeout(() => this.#due(), error.retryAfterMs ?? AGAIN_MS);
    }
  }

  /** The newest owners first, should it be more than the server takes. */
  #union(): string[] {
    const people = new Set<string>();
    for (const ids of [...this.#owners.values()].reverse()) {
      for (const id of ids) {
        if (people.size === WATCHED) return [...people];
        people.add(id);
      }
    }
    return [...people].sort();
  }
}
