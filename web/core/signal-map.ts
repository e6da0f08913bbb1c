import { type Signal, signal } from "@preact/signals-core";

/** One signal a key, made when first asked for. Past `limit` the longest unused that nobody watches goes. */
export class SignalMap<V> {
  readonly #cells = new Map<string, Signal<V>>();
  readonly #watched = new Set<string>();
  readonly #empty: V;
  readonly #limit: number;

  constructor(empty: V, limit: number) {
    this.#empty = empty;
    this.#limit = limit;
  }

  /** Counts as a use; the signal may be read to subscribe. */
  cell(key: string): Signal<V> {
    const held = this.#cells.get(key);
    if (held) {
      this.#cells.delete(key);
      this.#cells.set(key, held);
      return held;
    }
    const watched = () => void this.#watched.add(key);
    const unwatched = () => void this.#watched.delete(key);
    const made = signal<V>(this.#empty, { watched, unwatched });
    this.#cells.set(key, made);
    this.#evict(key);
    return made;
  }

  peek(key: string): V {
    return this.#cells.get(key)?.peek() ?? this.#empty;
  }

  set(key: string, value: V): void {
    this.cell(key).value = value;
  }

  keys(): IterableIterator<string> {
    return this.#cells.keys();
  }

  /** Everything back to empty; those who watch see it. */
  clear(): void {
    for (const [key, cell] of this.#cells) {
      cell.value = this.#empty;
      if (!this.#watched.has(key)) this.#cells.delete(key);
    }
  }

  #evict(keep: string): void {
    if (this.#cells.size <= this.#limit) return;
    for (const key of this.#cells.keys()) {
      if (key === keep || this.#watched.has(key)) continue;
      this.#cells.delete(key);
      if (this.#cells.size <= this.#limit) return;
    }
  }
}
