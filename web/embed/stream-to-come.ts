/** A stream, for where no WebSocket passes, whose code is fetched first. It opens after that. */
import type { Socket } from "../core/socket";
import { fetchLater } from "./fetch-later";

const BROKEN = 1006;

export class StreamToCome implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  #stream: Socket | null = null;
  #isClosed = false;

  constructor(base: string, token: () => string | null) {
    fetchLater(base).then(
      ({ StreamSocket }) => this.#begin(new StreamSocket(base, token)),
      () => this.onclose?.({ code: BROKEN }),
    );
  }

  send(frame: string): void {
    this.#stream?.send(frame);
  }

  close(code?: number): void {
    this.#isClosed = true;
    this.#stream?.close(code);
  }

  #begin(stream: Socket): void {
    if (this.#isClosed) {
      stream.close();
      return;
    }
    this.#stream = stream;
    stream.onopen = () => this.onopen?.();
    stream.onmessage = (message) => this.onmessage?.(message);
    stream.onclose = (close) => this.onclose?.(close);
  }
}
