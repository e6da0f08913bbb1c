import { batch, computed, signal } from "@preact/signals";
import type { Org, Person } from "../../core";
import { client } from "../client";
import { type Load, type Row, rowsOfSearch, rowsOfTree } from "./rows";

/** The tree's name for "my team", which is no org of its own. */
export const TEAM = ":team";
const PAUSE_MS = 120;
/** People come and move; a tree older than this is fetched again when somebody comes back to it. */
const FRESH_MS = 5 * 60_000;
/** A group room takes this many at once; more would be a mistake of a tick. */
export const MOST_CHOSEN = 300;

/** One org tree with its search and its ticks. The People screen keeps one; each picker makes its own. */
export class DirectoryState {
  readonly words = signal("");
  readonly orgs = signal<Load<readonly Org[]>>("loading");
  readonly chosen = signal<ReadonlyMap<string, Person>>(new Map());
  readonly found = signal<Load<readonly Person[]> | null>(null);
  /** Where the arrows are: a row's key. */
  readonly active = signal<string | null>(null);
  private readonly open = signal<ReadonlySet<string>>(new Set([TEAM]));
  private readonly members = signal<ReadonlyMap<string, Load<readonly Person[]>>>(new Map());
  private asked = 0;
  private loadedAt = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;

  readonly rows = computed<readonly Row[]>(() => {
    const found = this.found.value;
    if (found !== null) return rowsOfSearch(found);
    return rowsOfTree(this.orgs.value, this.open.value, this.members.value, TEAM);
  });

  /** Fetches the tree and my team; again after a failure. */
  async load(): Promise<void> {
    if (Array.isArray(this.orgs.peek())) {
      if (Date.now() - this.loadedAt > FRESH_MS) void this.refresh();
      return;
    }
    this.loadedAt = Date.now();
    this.orgs.value = "loading";
    void this.fetchMembers(TEAM);
    try {
      const orgs = await client.orgs();
      batch(() => {
        this.orgs.value = orgs;
        const roots = orgs.filter((org) => !org.parent).map((org) => org.code);
        this.open.value = new Set([...this.open.value, ...roots]);
      });
      for (const code of this.open.value) if (code !== TEAM) void this.fetchMembers(code);
    } catch {
      this.orgs.value = "failed";
    }
  }

  /** Puts what is new in the place of what is shown; what cannot be had stays as it was. */
  private async refresh(): Promise<void> {
    this.loadedAt = Date.now();
    const codes = [...this.open.value];
    // Closed orgs are fetched when they are opened again.
    this.members.value = new Map([...this.members.value].filter(([code]) => codes.includes(code)));
    const [orgs] = await Promise.allSettled([
      client.orgs(),
      ...codes.map((code) => this.replaceMembers(code)),
    ]);
    if (orgs.status === "fulfilled") this.orgs.value = orgs.value;
  }

  private async replaceMembers(code: string): Promise<void> {
    const people = await (code === TEAM ? client.myTeam() : client.peopleOf(code));
    client.people.remember(people);
    this.setMembers(code, people);
  }

  toggle(code: string, open = !this.open.value.has(code)): void {
    const next = new Set(this.open.value);
    if (open) next.add(code);
    else next.delete(code);
    this.open.value = next;
    if (open) void this.fetchMembers(code);
  }

  async fetchMembers(code: string): Promise<void> {
    const held = this.members.value.get(code);
    if (held !== undefined && held !== "failed") return;
    this.setMembers(code, "loading");
    try {
      await this.replaceMembers(code);
    } catch {
      this.setMembers(code, "failed");
    }
  }

  /** Searches a moment after the last letter; an answer that a later question has overtaken is dropped. */
  search(words: string): void {
    this.words.value = words;
    clearTimeout(this.pause);
    this.asked += 1;
    const turn = this.asked;
    if (!words.trim()) {
      this.found.value = null;
      return;
    }
    if (this.found.value === null || this.found.value === "failed") this.found.value = "loading";
    this.pause = setTimeout(() => void this.ask(words.trim(), turn), PAUSE_MS);
  }

  private async ask(words: string, turn: number): Promise<void> {
    let found: Load<readonly Person[]>;
    try {
      found = await client.searchPeople(words);
      client.people.remember(found);
    } catch {
      found = "failed";
    }
    if (turn === this.asked) this.found.value = found;
  }

  /** Ticks or unticks; false when there are too many already. */
  choose(person: Person): boolean {
    const next = new Map(this.chosen.value);
    if (!next.delete(person.id)) {
      if (next.size >= MOST_CHOSEN) return false;
      next.set(person.id, person);
    }
    this.chosen.value = next;
    return true;
  }

  clearChosen(): void {
    this.chosen.value = new Map();
  }

  private setMembers(code: string, people: Load<readonly Person[]>): void {
    this.members.value = new Map(this.members.value).set(code, people);
  }
}
