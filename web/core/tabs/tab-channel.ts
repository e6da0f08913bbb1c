/** The ways between tabs: one that all of them hear, and one to each, so that an answer wakes nobody else. */
import type { TabMessage } from "./protocol";
import type { Port, Surroundings } from "./surroundings";

/** Ways kept open to single tabs. */
const KEPT = 40;

export class TabChannel {
  readonly #surroundings: Surroundings;
  readonly #name: string;
  readonly #all: Port;
  readonly #mine: Port | null;
  readonly #ways = new Map<string, Port>();

  /** Null: this browser lets tabs not speak. */
  static open(
    surroundings: Surroundings,
    name: string,
    tab: string,
    hear: (message: TabMessage) => void,
  ): TabChannel | null {
    const all = surroundings.openChannel(name);
    return all && new TabChannel(surroundings, name, tab, all, hear);
  }

  private constructor(
    surroundings: Surroundings,
    name: string,
    tab: string,
    all: Port,
    hear: (message: TabMessage) => void,
  ) {
    this.#surroundings = surroundings;
    this.#name = name;
    this.#all = all;
    this.#mine = surroundings.openChannel(`${name}.${tab}`);
    for (const port of [this.#all, this.#mine]) {
      if (port) port.onmessage = (message) => hear(message as TabMessage);
    }
  }

  /** To one tab, or to all others (null). */
  post(message: TabMessage, to: string | null): void {
    if (to === null) this.#all.post(message);
    else this.#way(to)?.post(message);
  }

  forget(tab: string): void {
    this.#ways.get(tab)?.close();
    this.#ways.delete(tab);
  }

  close(): void {
    this.#all.close();
    this.#mine?.close();
    for (const tab of [...this.#ways.keys()]) this.forget(tab);
  }

  #way(tab: string): Port | null {
    const held = this.#ways.get(tab);
    if (held) return held;
    const [oldest] = this.#ways.keys();
    if (this.#ways.size >= KEPT && oldest !== undefined) this.forget(oldest);
    const made = this.#surroundings.openChannel(`${this.#name}.${tab}`);
    if (made) this.#ways.set(tab, made);
    return made;
  }
}
