/** What the person has begun to write, per room; kept over reloads. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { LocalStorage } from "./storage";

const SAVE_AFTER_MS = 400;

export class Drafts {
  readonly #storage: LocalStorage;
  readonly #user: string;
  readonly #texts = signal<ReadonlyMap<string, string>>(new Map());
  readonly #unsaved = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly rooms: ReadonlySignal<ReadonlySet<string>>;

  constructor(storage: LocalStorage, user: string) {
    this.#storage = storage;
    this.#user = user;
    this.rooms = computed(() => new Set(this.#texts.value.keys()));
  }

  /** Reads a signal. */
  get(room: string): string {
    return this.#texts.value.get(room) ?? "";
  }

  set(room: string, text: string): void {
    const texts = new Map(this.#texts.peek());
    if (text.trim() === "") texts.delete(room);
    else texts.set(room, text);
    this.#texts.value = texts;
    this.#unsaved.add(room);
    this.#timer ??= setTimeout(() => this.flush(), SAVE_AFTER_MS);
  }

  async load(): Promise<void> {
    const stored = await this.#storage.drafts(this.#user).catch(() => []);
    // What was typed while this was read is newer.
    const texts = new Map(stored.map((draft) => [draft.room, draft.text]));
    for (const room of this.#unsaved) texts.delete(room);
    this.#texts.value = new Map([...texts, ...this.#texts.peek()]);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const texts = this.#texts.peek();
    for (const room of this.#unsaved) {
      const draft = { user: this.#user, room, text: texts.get(room) ?? "" };
      void this.#storage.putDraft(draft).catch(() => undefined);
    }
    this.#unsaved.clear();
  }
}
