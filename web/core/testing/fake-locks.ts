/** Web Locks as a browser keeps them for all its tabs: exclusive ones, in the order they were asked for. */

interface Waiting {
  readonly name: string;
  readonly owner: LockOwner;
  readonly grant: (lock: Lock | null) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The tab that asks: what is granted while it is frozen, it hears of later. */
export interface LockOwner {
  run(what: () => void): void;
}

export class FakeLocks {
  readonly #held = new Map<string, Waiting>();
  readonly #queues = new Map<string, Waiting[]>();

  of(owner: LockOwner): LockManager {
    const request = (name: string, ...rest: [unknown] | [LockOptions, unknown]) => {
      const grant = rest.at(-1) as Waiting["grant"];
      const options = rest.length === 2 ? (rest[0] as LockOptions) : {};
      return new Promise((resolve, reject) => {
        owner.run(() => this.#request({ name, owner, grant, resolve, reject }, options));
      });
    };
    return { request, query: async () => ({}) } as LockManager;
  }

  /** The tab is gone, and all of its locks with it. */
  dropAllOf(owner: LockOwner): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(
        name,
        queue.filter((waiting) => waiting.owner !== owner),
      );
    }
    for (const [name, holder] of [...this.#held]) if (holder.owner === owner) this.#free(name, holder);
  }

  #request(waiting: Waiting, options: LockOptions): void {
    const { name } = waiting;
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    const aborted = () => new DOMException("The request was aborted.", "AbortError");
    if (options.signal?.aborted) waiting.reject(aborted());
    else if (options.steal) {
      const holder = this.#held.get(name);
      this.#held.delete(name);
      if (holder) this.#later(holder.owner, () => holder.reject(aborted()));
      this.#grant(waiting);
    } else if (options.ifAvailable) {
      if (this.#held.has(name) || queue.length > 0) {
        this.#later(waiting.owner, () => {
          Promise.resolve(waiting.grant(null)).then(waiting.resolve, waiting.reject);
        });
      } else this.#grant(waiting);
    } else {
      queue.push(waiting);
      options.signal?.addEventListener("abort", () => {
        const place = (this.#queues.get(name) ?? []).indexOf(waiting);
        if (place < 0) return;
        this.#queues.get(name)?.splice(place, 1);
        waiting.reject(aborted());
      });
      this.#next(name);
    }
  }

  #next(name: string): void {
    if (this.#held.has(name)) return;
    const next = this.#queues.get(name)?.shift();
    if (next) this.#grant(next);
  }

  #grant(waiting: Waiting): void {
    const { name, owner } = waiting;
    this.#held.set(name, waiting);
    this.#later(owner, async () => {
      try {
        waiting.resolve(await waiting.grant({ name, mode: "exclusive" }));
      } catch (error) {
        waiting.reject(error);
      }
      // The browser learns of it also when the page stands still right after.
      this.#free(name, waiting);
    });
  }

  #free(name: string, holder: Waiting): void {
    if (this.#held.get(name) !== holder) return;
    this.#held.delete(name);
    this.#next(name);
  }

  #later(owner: LockOwner, what: () => void): void {
    setTimeout(() => owner.run(what), 1);
  }
}
