/** Why something was not done. */

/** Codes of this side alone: the server could not be asked. */
export type LocalCode = "offline" | "timeout";

/** Why something was not done. `code` words the sentence on screen; `message` is the server's own, in English. */
export class WireError extends Error {
  readonly code: string;
  readonly retry: boolean;
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, retry = false, retryAfterMs: number | null = null) {
    super(message);
    this.name = "WireError";
    this.code = code;
    this.retry = retry;
    this.retryAfterMs = retryAfterMs;
  }
}

export function offline(): WireError {
  return new WireError("offline", "There is no connection to the server.", true);
}

export function timeout(): WireError {
  return new WireError("timeout", "The server did not answer in time.", true);
}
