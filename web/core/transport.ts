/**
 * Which way frames travel: a WebSocket, or where none passes (a proxy that knows only HTTP) a stream.
 *
 * A server that is away fails in both ways. So the stream is tried right after a WebSocket has failed, not a while
 * later when the server may have come back: only then does its success say something about WebSockets.
 */
import type { OpenSocket, Socket } from "./socket";
import type { KeyValues } from "./storage";

const FAILURES_BEFORE_STREAM = 2;
/** A WebSocket that failed this late was swallowed, not refused: a person who waits is not made to wait twice for that. */
const SWALLOWED_MS = 5_000;
/** A server that stood still for a moment looks like that too: the first look back comes soon. */
const FIRST_LOOK_MS = 60_000;
const STREAM_FOR_MS = 10 * 60_000;
const ANSWER_MS = 10_000;
const REMEMBERED = "stream-until";

export interface Transport {
  open(): Socket;
  /** Hello was answered on what was opened last. */
  worked(): void;
  /** It was not. True: the other way is worth a try at once. */
  failed(): boolean;
  /** What was opened last is let go. */
  left(): void;
  /** Called when a better way than the one in use passes: reconnect. */
  onBetter: () => void;
}

export interface TransportNeeds {
  openSocket: OpenSocket;
  /** Null: there is no other way. */
  openStream: OpenSocket | null;
  /** Shared by the pages of a browser: what one has found out, the others need not. */
  values: KeyValues;
  /** False: nothing passes at all, which says nothing about WebSockets. */
  online(): boolean;
}

export class TransportChoice implements Transport {
  onBetter: () => void = () => undefined;
  readonly #needs: TransportNeeds;
  #isStream = false;
  #failures = 0;
  #openedAt = 0;
  #tryStream = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #trial: Trial | null = null;

  constructor(needs: TransportNeeds) {
    this.#needs = needs;
  }

  open(): Socket {
    const { openSocket, openStream } = this.#needs;
    this.left();
    this.#openedAt = Date.now();
    this.#isStream = openStream !== null && (this.#tryStream || this.#remembersFor() > 0);
    this.#tryStream = false;
    return this.#isStream && openStream ? openStream() : openSocket();
  }

  worked(): void {
    this.#failures = 0;
    if (!this.#isStream) {
      this.#forget();
      return;
    }
    const isNews = this.#remembersFor() <= 0;
    if (isNews) this.#remember();
    this.#tryAgainIn(isNews ? FIRST_LOOK_MS : this.#remembersFor());
  }

  failed(): boolean {
    if (!this.#needs.online()) return false;
    if (this.#isStream) this.#forget();
    else this.#failures += Date.now() - this.#openedAt < SWALLOWED_MS ? 1 : FAILURES_BEFORE_STREAM;
    const { openStream } = this.#needs;
    this.#tryStream = !this.#isStream && openStream !== null && this.#failures >= FAILURES_BEFORE_STREAM;
    return this.#tryStream;
  }

  left(): void {
    clearTimeout(this.#timer);
    this.#trial?.end();
    this.#trial = null;
  }

  #tryAgainIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#try(), ms);
  }

  #try(): void {
    // Before it is known: a page that comes while this one looks would find it out anew.
    this.#remember();
    this.#trial = new Trial(this.#needs.openSocket, (passes) => {
      this.#trial = null;
      if (passes) {
        this.#forget();
        this.onBetter();
      } else this.#tryAgainIn(STREAM_FOR_MS);
    });
  }

  /** For how many ms yet. A clock that was set back must not keep it for longer than it was meant. */
  #remembersFor(): number {
    return Math.min(Number(this.#needs.values.get(REMEMBERED) ?? 0) - Date.now(), STREAM_FOR_MS);
  }

  #remember(): void {
    this.#needs.values.set(REMEMBERED, String(Date.now() + STREAM_FOR_MS));
  }

  #forget(): void {
    this.#needs.values.set(REMEMBERED, null);
  }
}

/** A WebSocket opened only to see whether frames pass both ways. */
class Trial {
  #socket: Socket | null = null;
  #deadline: ReturnType<typeof setTimeout>;
  readonly #done: (passes: boolean) => void;

  constructor(openSocket: OpenSocket, done: (passes: boolean) => void) {
    this.#done = done;
    this.#deadline = setTimeout(() => this.#answer(false), ANSWER_MS);
    try {
      this.#begin(openSocket());
    } catch {
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#answer(false), 0);
    }
  }

  end(): void {
    clearTimeout(this.#deadline);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #begin(socket: Socket): void {
    this.#socket = socket;
    // Before hello the server refuses whatever comes: a word from it, which is all that is wanted.
    socket.onopen = () => socket.send('{"id":1,"cmd":"tick"}');
    socket.onmessage = () => this.#answer(true);
    socket.onclose = () => this.#answer(false);
  }

  #answer(passes: boolean): void {
    this.end();
    this.#done(passes);
  }
}
