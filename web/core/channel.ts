/** One socket from opening to end: questions over it have deadlines, and its silence is found out. Never used again. */
import { Questions } from "./questions";
import type { Closing, Socket } from "./socket";
import { Silence } from "./wake";
import type { AnyEvent, Commands, ErrorReply, Reply } from "./wire";

const OPENS_WITHIN_MS = 10_000;
const PROBE_MS = 4_000;
/** What is said of a socket that has died without a word. */
const BROKEN = { code: 1006 };

export interface ChannelListener {
  onOpen(): void;
  onEvent(event: AnyEvent): void;
  /** The other side or the network has ended it. Not called after `close()`. */
  onClosed(close: Closing): void;
}

export class Channel {
  readonly #socket: Socket;
  readonly #listener: ChannelListener;
  readonly #questions: Questions;
  readonly #silence = new Silence(() => this.probe());
  readonly #opening: ReturnType<typeof setTimeout>;
  #isProbing = false;
  #isClosed = false;

  constructor(socket: Socket, listener: ChannelListener) {
    this.#socket = socket;
    this.#listener = listener;
    const broken = () => this.#gone(BROKEN);
    this.#questions = new Questions((frame) => this.#send(frame), broken);
    this.#opening = setTimeout(broken, OPENS_WITHIN_MS);
    socket.onopen = () => {
      clearTimeout(this.#opening);
      listener.onOpen();
    };
    socket.onmessage = (message) => this.#receive(message.data);
    socket.onclose = (close) => this.#gone(close);
  }

  /** No question waits for its answer. */
  get isIdle(): boolean {
    return this.#questions.isEmpty;
  }

  ask<C extends keyof Commands>(
    cmd: C,
    fields: Commands[C]["request"],
    withinMs: number,
  ): Promise<Commands[C]["answer"]> {
    return this.#questions.ask(cmd, fields, withinMs);
  }

  /** Is it alive, whatever it looks like? */
  probe(): void {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const done = () => {
      this.#isProbing = false;
    };
    this.ask("tick", {}, PROBE_MS).then(done, done);
  }

  /** From now on it is probed when nothing was heard for so long. */
  probeAfter(silenceMs: number): void {
    this.#silence.begin(silenceMs);
  }

  /** No answer to what was asked is wanted any more. */
  dropQuestions(): void {
    this.#questions.drop();
  }

  close(code?: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#opening);
    this.#silence.end();
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
    this.#questions.drop();
  }

  #gone(close: Closing): void {
    if (this.#isClosed) return;
    this.close();
    this.#listener.onClosed(close);
  }

  #send(frame: string): void {
    try {
      if (!this.#isClosed) this.#socket.send(frame);
    } catch {
      this.#gone(BROKEN);
    }
  }

  #receive(data: unknown): void {
    this.#silence.heard();
    const frame = parsed(data);
    if (frame === null) this.#gone(BROKEN);
    else if ("re" in frame) this.#questions.answered(frame);
    // Here and not from a timer: hidden tabs have their timers held back, and the server would take us for dead.
    else if (frame.ev === "tick") this.#questions.say("tick");
    else this.#listener.onEvent(frame);
  }
}

/** Null: not what our server says, but somebody in between. */
function parsed(data: unknown): AnyEvent | Reply | ErrorReply | null {
  try {
    const frame: unknown = JSON.parse(String(data));
    return typeof frame === "object" ? (frame as AnyEvent | Reply | ErrorReply | null) : null;
  } catch {
    return null;
  }
}
