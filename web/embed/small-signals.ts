/**
 * Signals in a tenth of the size, in the place of @preact/signals-core for this bundle: every page of a portal loads it.
 *
 * Effects run at once and once for each change; there are no batches, and a computed value is worked out anew whenever
 * one of what it reads changes. Enough for a dozen of signals; the screens have the real ones.
 */

type Run = () => void;

let reading: Effect | null = null;

class Signal<T> {
  #value: T;
  readonly #readers = new Set<Effect>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    reading?.reads(this.#readers);
    return this.#value;
  }

  set value(value: T) {
    if (value === this.#value) return;
    this.#value = value;
    for (const reader of [...this.#readers]) reader.run();
  }

  peek(): T {
    return this.#value;
  }

  subscribe(listener: (value: T) => void): Run {
    return effect(() => {
      const { value } = this;
      untracked(() => listener(value));
    });
  }
}

class Effect {
  readonly #work: Run;
  readonly #read = new Set<Set<Effect>>();
  #isOver = false;

  constructor(work: Run) {
    this.#work = work;
    this.run();
  }

  run(): void {
    if (this.#isOver) return;
    this.#forget();
    const before = reading;
    reading = this;
    try {
      this.#work();
    } finally {
      reading = before;
    }
  }

  reads(readers: Set<Effect>): void {
    readers.add(this);
    this.#read.add(readers);
  }

  end(): void {
    this.#isOver = true;
    this.#forget();
  }

  #forget(): void {
    for (const readers of this.#read) readers.delete(this);
    this.#read.clear();
  }
}

export function signal<T>(value: T): Signal<T> {
  return new Signal(value);
}

export function effect(work: Run): Run {
  const made = new Effect(work);
  return () => made.end();
}

export function computed<T>(work: () => T): Signal<T> {
  const made = new Signal<T>(undefined as T);
  effect(() => {
    made.value = work();
  });
  return made;
}

export function untracked<T>(work: () => T): T {
  const before = reading;
  reading = null;
  try {
    return work();
  } finally {
    reading = before;
  }
}

export function batch<T>(work: () => T): T {
  return work();
}
