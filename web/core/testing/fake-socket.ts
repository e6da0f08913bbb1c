/** A WebSocket whose other end is in the same test; frames arrive in order, each after its delay. */
export class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number; reason?: string }) => void) | null = null;
  onGone: () => void = () => undefined;
  readonly open = new Set<string>();
  isParked = false;
  /** When the answer to hello arrives: events that come before wait for it, as with the real server. */
  greetedAt = 0;
  /** With which code this side has closed it; undefined: without one. */
  closedWith: number | undefined;
  #closed = false;

  constructor(
    readonly user: string,
    readonly receive: (frame: string) => void,
  ) {}

  opened(accepted: boolean): void {
    setTimeout(() => (accepted ? this.onopen?.() : this.broken(1006)), 1);
  }

  send(frame: string): void {
    setTimeout(() => {
      if (!this.#closed) this.receive(frame);
    }, 1);
  }

  /** From the server, `delay` ms later. */
  push(frame: unknown, delay: number): void {
    const data = JSON.stringify(frame);
    setTimeout(() => {
      if (!this.#closed) this.onmessage?.({ data });
    }, delay);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  close(code?: number): void {
    if (!this.#closed) this.closedWith = code;
    this.#closed = true;
    this.onGone();
  }

  /** The server or the network ends it. */
  broken(code: number, reason = ""): void {
    if (this.#closed) return;
    this.close();
    this.onclose?.({ code, reason });
  }
}
