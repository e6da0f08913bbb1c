/** How the person wants the messenger on all their devices: shown as wished at once, taken back where it is refused. */
import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { SettingsChange } from "./contract";
import { fillSettings, type MySettings } from "./model";
import type * as wire from "./wire";

export class Settings {
  readonly #save: (change: SettingsChange) => Promise<unknown>;
  readonly #kept = signal<MySettings>(fillSettings({}));
  readonly #wished = signal<readonly SettingsChange[]>([]);
  #last: Promise<unknown> = Promise.resolve();
  /** Counts what was heard, to tell whether an answer is older. */
  #heard = 0;
  readonly mine: ReadonlySignal<MySettings>;

  constructor(save: (change: SettingsChange) => Promise<unknown>) {
    this.#save = save;
    this.mine = computed(() => Object.assign({}, this.#kept.value, ...this.#wished.value) as MySettings);
  }

  /** The server says how they stand. */
  heard(settings: wire.MySettings | null | undefined): void {
    if (!settings) return;
    this.#heard += 1;
    this.#kept.value = fillSettings(settings);
  }

  /** One after another, so that the last press is what remains. Rejects with what the server says. */
  change(change: SettingsChange): Promise<void> {
    this.#wished.value = [...this.#wished.peek(), change];
    const done = this.#last.catch(() => undefined).then(() => this.#change(change));
    this.#last = done.catch(() => undefined);
    return done;
  }

  clear(): void {
    this.#heard += 1;
    this.#kept.value = fillSettings({});
    this.#wished.value = [];
  }

  async #change(change: SettingsChange): Promise<void> {
    const heard = this.#heard;
    try {
      await this.#save(change);
      if (this.#heard === heard) this.#kept.value = { ...this.#kept.peek(), ...change };
    } finally {
      this.#wished.value = this.#wished.peek().filter((other) => other !== change);
    }
  }
}
