/** How it ended; a server that restarts says as its reason in how many ms to come back. */
export interface Closing {
  code: number;
  reason?: string;
}

/** The part of a WebSocket that a connection uses; whatever else carries frames both ways looks the same. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: Closing) => void) | null;
  send(frame: string): void;
  /** 1000: this page leaves for good. Without a code: it will be back in a moment. */
  close(code?: number): void;
}

export type OpenSocket = () => Socket;
