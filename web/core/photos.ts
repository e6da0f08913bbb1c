/** Photos for pages without cookies: fetched with the token, and kept as object URLs, the last ones used. */

const MOST_KEPT = 200;

export class Photos {
  readonly #fetch: (url: string) => Promise<Blob>;
  /** The one used longest ago comes first. */
  readonly #kept = new Map<string, Promise<string | null>>();

  constructor(fetch: (url: string) => Promise<Blob>) {
    this.#fetch = fetch;
  }

  /** Null where there is none, or it cannot be had now. */
  get(url: string): Promise<string | null> {
    const kept = this.#kept.get(url) ?? this.#load(url);
    this.#kept.delete(url);
    this.#kept.set(url, kept);
    for (const [oldest, photo] of this.#kept) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(oldest);
      void photo.then(letGo);
    }
    return kept;
  }

  clear(): void {
    for (const photo of this.#kept.values()) void photo.then(letGo);
    this.#kept.clear();
  }

  async #load(url: string): Promise<string | null> {
    try {
      return URL.createObjectURL(await this.#fetch(url));
    } catch {
      // Asked again the next time.
      this.#kept.delete(url);
      return null;
    }
  }
}

function letGo(url: string | null): void {
  if (url !== null) URL.revokeObjectURL(url);
}
