/** What was asked over a socket and is not answered yet. Every question has a deadline. */
import { offline, timeout, WireError } from "./errors";
import type { Commands, ErrorReply, Reply } from "./wire";

/** More at once are a fault of the page, and are refused rather than gathered. */
const MOST = 1000;

interface Pending {
  resolve(ok: unknown): void;
  reject(error: WireError): void;
  deadline: ReturnType<typeof setTimeout>;
}

export class Questions {
  readonly #pending = new Map<number, Pending>();
  readonly #send: (frame: string) => void;
  readonly #overdue: () => void;
  #lastId = 0;

  /** `overdue` is called when an answer did not come in time. */
  constructor(send: (frame: string) => void, overdue: () => void) {
    this.#send = send;
    this.#overdue = overdue;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  ask<C extends keyof Commands>(
    cmd: C,
    fields: Commands[C]["request"],
    withinMs: number,
  ): Promise<Commands[C]["answer"]> {
    if (this.#pending.size >= MOST) return Promise.reject(offline());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#pending.delete(id);
        reject(timeout());
        this.#overdue();
      }, withinMs);
      this.#pending.set(id, { resolve: (ok) => resolve(ok as Commands[C]["answer"]), reject, deadline });
      this.#send(JSON.stringify({ id, cmd, ...fields }));
    });
  }

  /** Nobody waits for an answer. */
  say(cmd: "tick"): void {
    this.#send(JSON.stringify({ id: ++this.#lastId, cmd }));
  }

  answered(frame: Reply | ErrorReply): void {
    const pending = frame.re === null ? undefined : this.#pending.get(frame.re);
    if (frame.re === null || !pending) return;
    this.#pending.delete(frame.re);
    clearTimeout(pending.deadline);
    if ("error" in frame) {
      const { code, message, retry, retry_after_ms } = frame.error;
      pending.reject(new WireError(code, message, retry ?? false, retry_after_ms ?? null));
    } else pending.resolve(frame.ok);
  }

  /** The line is gone: no answer will come. */
  drop(): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, deadline } of pending) {
      clearTimeout(deadline);
      reject(offline());
    }
  }
}
