/** Colleagues by id, fetched in batches when a screen first reads them. */
import { batch } from "@preact/signals-core";
import type { People } from "./contract";
import type { Person } from "./model";
import { SignalMap } from "./signal-map";

const HELD = 5000;
const BATCH = 500;
const GATHER_MS = 15;
/** Ids that the directory does not know are not asked for again so soon. */
const UNKNOWN_FOR_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

export class PeopleCache implements People {
  readonly #fetch: (ids: readonly string[]) => Promise<readonly Person[]>;
  readonly #people = new SignalMap<Person | null>(null, HELD);
  readonly #wanted = new Set<string>();
  readonly #unknown = new Map<string, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching = false;
  #failures = 0;

  constructor(fetch: (ids: readonly string[]) => Promise<readonly Person[]>) {
    this.#fetch = fetch;
  }

  get(id: string): Person | null {
    const person = this.#people.cell(id).value;
    if (person === null) this.#want(id);
    return person;
  }

  /** What is known now; asks for nothing. */
  peek(id: string): Person | null {
    return this.#people.peek(id);
  }

  remember(people: readonly Person[]): void {
    batch(() => {
      for (const person of people) {
        this.#people.set(person.id, person);
        this.#wanted.delete(person.id);
        this.#unknown.delete(person.id);
      }
    });
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#failures = 0;
    this.#wanted.clear();
    this.#unknown.clear();
    this.#people.clear();
  }

  #want(id: string): void {
    if ((this.#unknown.get(id) ?? 0) > Date.now() || this.#wanted.size >= HELD) return;
    this.#wanted.add(id);
    this.#schedule(GATHER_MS);
  }

  #schedule(wait: number): void {
    if (this.#fetching) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#fetchNext();
    }, wait);
  }

  async #fetchNext(): Promise<void> {
    const ids = [...this.#wanted].slice(0, BATCH);
    if (ids.length === 0) return;
    this.#fetching = true;
    try {
      this.remember(await this.#fetch(ids));
      const until = Date.now() + UNKNOWN_FOR_MS;
      for (const id of ids) if (this.#wanted.delete(id)) this.#markUnknown(id, until);
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    }
    this.#fetching = false;
    const wait = this.#failures === 0 ? 0 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** this.#failures);
    if (this.#wanted.size > 0) this.#schedule(wait);
  }

  #markUnknown(id: string, until: number): void {
    if (this.#unknown.size >= HELD) this.#unknown.clear();
    this.#unknown.set(id, until);
  }
}
