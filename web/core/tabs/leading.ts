/** What the tab that leads does for the others, from the moment it leads until it no longer does. */
import type { ConnectionState } from "../contract";
import type { Line } from "../line";
import type { Standing } from "../place";
import type { Asking, Telling, Term, Unstamped } from "./protocol";
import { Serving } from "./serving";
import type { Tab } from "./tab";

export interface LeadingNeeds {
  readonly standing: Standing;
  readonly tab: Tab;
  readonly term: Term;
  readonly connection: Line;
  /** To one tab, or to all others (null). */
  post(message: Telling, to: string | null): void;
  onState(state: ConnectionState): void;
  onTabGone(tab: string): void;
}

export class Leading {
  readonly #needs: LeadingNeeds;
  readonly serving: Serving;
  /** Tabs that are served, and how to stop watching each. */
  readonly #members = new Map<string, () => void>();
  #term: Term;
  #unsubscribe: () => void = () => undefined;

  constructor(needs: LeadingNeeds) {
    this.#needs = needs;
    this.#term = needs.term;
    this.serving = new Serving({
      standing: needs.standing,
      ask: (cmd, fields) => needs.connection.request(cmd, fields),
      post: (message, to) => this.#post(message, to),
    });
  }

  get term(): Term {
    return this.#term;
  }

  begin(): void {
    const { connection, onState } = this.#needs;
    this.serving.introduce(null);
    connection.start();
    this.#unsubscribe = connection.state.subscribe((state) => {
      this.serving.state(state);
      onState(state);
    });
  }

  hear(message: Asking): void {
    const { from } = message;
    if (message.kind === "bye") this.#gone(from);
    else {
      this.#admit(from);
      if (message.kind === "join") this.serving.introduce(from);
      else if (message.kind === "request") this.#request(message);
      else if (message.kind === "use") this.#needs.connection.useHere();
      else {
        // Here and not from a timer: a hidden tab has its timers held back, and would be taken for dead.
        this.#post({ kind: "pong" }, from);
        if (message.probe) this.#needs.connection.probe();
      }
    }
  }

  /** The others have heard of a newer term: this one is above it. */
  renew(term: Term): void {
    this.#term = term;
    this.serving.introduce(null);
  }

  end(says: boolean): void {
    this.#unsubscribe();
    this.#needs.connection.stop();
    if (says) this.#post({ kind: "left" }, null);
    for (const unwatch of this.#members.values()) unwatch();
    this.#members.clear();
  }

  #request(message: Extract<Asking, { kind: "request" }>): void {
    if (message.term === this.#term) this.serving.request(message);
  }

  #admit(tab: string): void {
    if (this.#members.has(tab)) return;
    this.#members.set(
      tab,
      this.#needs.tab.watch(tab, () => this.#gone(tab)),
    );
  }

  #gone(tab: string): void {
    this.#members.get(tab)?.();
    if (!this.#members.delete(tab)) return;
    this.serving.release(tab);
    this.#needs.onTabGone(tab);
  }

  #post(message: Unstamped<Telling>, to: string | null): void {
    this.#needs.post({ ...message, from: this.#needs.tab.id, term: this.#term } as Telling, to);
  }
}
