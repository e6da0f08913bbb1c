/**
 * A socket where no WebSocket passes: a streamed answer brings the server's frames, POSTs take ours.
 *
 * The first frame is hello, and opens the stream; so it counts as open at once. Frames said in one turn leave in one
 * POST, one POST at a time, so that they arrive in order. A POST that fails has broken the line: what it carried may
 * or may not have arrived, as with any connection that breaks.
 */
import type { Closing, Socket } from "./socket";
import { type StreamEvent, StreamReader } from "./stream-reader";

const POST_WITHIN_MS = 10_000;
const LEAVE_WITHIN_MS = 2_000;
/** One POST brings no more than a frame of the largest size; UTF-8 takes at most three bytes for a UTF-16 unit. */
const POST_CHARS = 80_000;
/** More that waits to leave means that nothing leaves. */
const MOST_WAITING = 1_000;
const BROKEN = 1006;
const LEAVES = 1000;

type Told = { frame: string } | Closing | "open";

export class StreamSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: Closing) => void) | null = null;
  readonly #url: string;
  readonly #token: () => string | null;
  readonly #abort = new AbortController();
  /** What is told goes through it, so that each frame has a turn of its own, as with a WebSocket. */
  readonly #turns = new MessageChannel();
  #waiting: string[] = [];
  #hasSaidHello = false;
  /** The server's name for this connection. */
  #id: string | null = null;
  #isPosting = false;
  #isClosed = false;

  /** `base`: the server's origin. Without a token the page's cookies say who it is. */
  constructor(base: string, token: () => string | null) {
    this.#url = `${base}/stream`;
    this.#token = token;
    this.#turns.port1.onmessage = (turn: MessageEvent<Told>) => this.#deliver(turn.data);
    this.#tell("open");
  }

  send(frame: string): void {
    if (this.#isClosed) return;
    if (!this.#hasSaidHello) {
      this.#hasSaidHello = true;
      void this.#open(frame);
      return;
    }
    if (this.#waiting.length >= MOST_WAITING) {
      this.#tell({ code: BROKEN });
      return;
    }
    this.#waiting.push(frame);
    queueMicrotask(() => void this.#post());
  }

  close(code?: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    this.#turns.port1.close();
    if (code === LEAVES && this.#id !== null) void this.#leave();
    else this.#abort.abort();
  }

  /** Said before the answer is broken off, which the server would take for trouble, and wait for this page. */
  async #leave(): Promise<void> {
    const deadline = setTimeout(() => this.#abort.abort(), LEAVE_WITHIN_MS);
    await this.#fetch(`/${this.#id}/close`, { keepalive: true }).catch(() => undefined);
    clearTimeout(deadline);
    this.#abort.abort();
  }

  async #open(hello: string): Promise<void> {
    try {
      const answer = await this.#fetch("", { body: hello, signal: this.#abort.signal });
      const isStream = answer.headers.get("Content-Type")?.startsWith("text/event-stream");
      if (answer.ok && isStream && answer.body) await this.#read(answer.body);
      else if (!answer.ok) this.#refused(hello, await answer.text());
    } catch {
      // Broken, or closed by this side, when nobody listens any more.
    }
    this.#tell({ code: BROKEN });
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const events = new StreamReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#isClosed) return;
      for (const event of events.take(decoder.decode(value, { stream: true }))) this.#heard(event);
    }
  }

  #heard({ event, data }: StreamEvent): void {
    if (event === "message") this.#tell({ frame: data });
    else if (event === "close") this.#tell(JSON.parse(data) as Closing);
    else if (event === "open") {
      this.#id = encodeURIComponent((JSON.parse(data) as { connection: string }).connection);
      void this.#post();
    }
  }

  /** A refusal before the stream begins is the answer to hello. Whatever else comes is a proxy's page. */
  #refused(hello: string, text: string): void {
    const error = (JSON.parse(text) as { error?: { code?: string } }).error;
    if (!error?.code) return;
    const { id } = JSON.parse(hello) as { id: number };
    this.#tell({ frame: JSON.stringify({ re: id, error }) });
  }

  async #post(): Promise<void> {
    if (this.#isPosting || this.#id === null || this.#waiting.length === 0) return;
    this.#isPosting = true;
    try {
      while (this.#waiting.length > 0) {
        if (!(await this.#postOnce(this.#gathered()))) throw new Error("It did not arrive.");
      }
    } catch {
      this.#tell({ code: BROKEN });
    } finally {
      this.#isPosting = false;
    }
  }

  async #postOnce(body: string): Promise<boolean> {
    const deadline = setTimeout(() => this.#tell({ code: BROKEN }), POST_WITHIN_MS);
    try {
      return (await this.#fetch(`/${this.#id}`, { body, signal: this.#abort.signal })).ok;
    } finally {
      clearTimeout(deadline);
    }
  }

  #gathered(): string {
    let chars = 0;
    let count = 0;
    for (const frame of this.#waiting) {
      if (count > 0 && chars + frame.length > POST_CHARS) break;
      chars += frame.length + 1;
      count++;
    }
    return this.#waiting.splice(0, count).join("\n");
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const token = this.#token();
    const type = path === "" ? "application/json" : "application/x-ndjson";
    const headers: Record<string, string> = { "Content-Type": type };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    const credentials = token === null ? "same-origin" : "omit";
    return fetch(this.#url + path, { ...init, method: "POST", headers, credentials });
  }

  #tell(told: Told): void {
    if (!this.#isClosed) this.#turns.port2.postMessage(told);
  }

  #deliver(told: Told): void {
    if (this.#isClosed) return;
    if (told === "open") this.onopen?.();
    else if ("frame" in told) this.onmessage?.({ data: told.frame });
    else {
      this.close();
      this.onclose?.(told);
    }
  }
}
