/** Messages that others answer: from the rows that are held, else asked for, many in one question. */
import { fillMessage, type Message } from "./model";
import { SignalMap } from "./signal-map";
import type { MessagesAnswer } from "./wire";

const HELD = 500;
const ASKED_AT_ONCE = 50;

/** Undefined: not known yet. Null: not (or no longer) to be seen. */
export type Quoted = Message | null | undefined;

export class Quotes {
  readonly #ask: (room: string, seqs: number[]) => Promise<MessagesAnswer>;
  readonly #found = new SignalMap<Quoted>(undefined, HELD);
  readonly #wanted = new Map<string, Set<number>>();
  readonly #asked = new Set<string>();

  constructor(ask: (room: string, seqs: number[]) => Promise<MessagesAnswer>) {
    this.#ask = ask;
  }

  /** Read it while rendering: it changes when the answer comes. */
  of(room: string, seq: number): Quoted {
    const key = keyOf(room, seq);
    const quoted = this.#found.cell(key).value;
    if (quoted === undefined && !this.#asked.has(key)) this.#want(room, seq);
    return quoted;
  }

  /** A message is another one now. */
  changed(room: string, message: Message): void {
    const key = keyOf(room, message.seq);
    if (this.#found.peek(key) !== undefined) this.#found.set(key, isLeft(message) ? message : null);
  }

  /** What was held may have changed while nobody listened: what is on screen is asked for anew. */
  clear(): void {
    this.#asked.clear();
    this.#found.clear();
  }

  #want(room: string, seq: number): void {
    this.#asked.add(keyOf(room, seq));
    const wanted = this.#wanted.get(room);
    if (wanted) {
      wanted.add(seq);
      return;
    }
    this.#wanted.set(room, new Set([seq]));
    queueMicrotask(() => this.#fetch(room));
  }

  #fetch(room: string): void {
    const seqs = [...(this.#wanted.get(room) ?? [])];
    this.#wanted.delete(room);
    for (let from = 0; from < seqs.length; from += ASKED_AT_ONCE) {
      const some = seqs.slice(from, from + ASKED_AT_ONCE);
      this.#ask(room, some).then(
        (answer) => this.#take(room, some, answer),
        // The next connection asks again.
        () => undefined,
      );
    }
  }

  #take(room: string, seqs: readonly number[], answer: MessagesAnswer): void {
    const left = answer.messages.map(fillMessage).filter(isLeft);
    const rows = new Map(left.map((row) => [row.seq, row]));
    for (const seq of seqs) {
      const key = keyOf(room, seq);
      if (this.#asked.delete(key)) this.#found.set(key, rows.get(seq) ?? null);
    }
  }
}

function keyOf(room: string, seq: number): string {
  return `${room}/${seq}`;
}

function isLeft(message: Message): boolean {
  return !message.gone && message.kind !== "revoked";
}
