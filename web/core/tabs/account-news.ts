/** Tells the other tabs of this origin who has signed in here, or out: they have the same cookies. */
import type { Port, Surroundings } from "./surroundings";

type News = { readonly signedIn: string } | { readonly signedOut: string };

export interface AccountNewsNeeds {
  readonly surroundings: Surroundings;
  readonly name: string;
  onSignedIn(user: string): void;
  onSignedOut(user: string): void;
}

export class AccountNews {
  readonly #needs: AccountNewsNeeds;
  #channel: Port | null = null;

  constructor(needs: AccountNewsNeeds) {
    this.#needs = needs;
  }

  open(): void {
    this.#channel ??= this.#needs.surroundings.openChannel(`${this.#needs.name}.account`);
    if (!this.#channel) return;
    this.#channel.onmessage = (message) => {
      const news = message as News;
      if ("signedIn" in news) this.#needs.onSignedIn(news.signedIn);
      else this.#needs.onSignedOut(news.signedOut);
    };
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  signedIn(user: string): void {
    this.#channel?.post({ signedIn: user } satisfies News);
  }

  signedOut(user: string): void {
    this.#channel?.post({ signedOut: user } satisfies News);
  }
}
