/** Reads server-sent events (text/event-stream) from text that comes in pieces of any size. */

/** A server that sends more without an end of the event is not ours. */
const MOST_CHARS = 64 * 1024 * 1024;

export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

export class StreamReader {
  /** The last line so far, in the pieces it came in: a large frame comes in thousands of them. */
  #pieces: string[] = [];
  #chars = 0;
  #event = "message";
  #data: string[] = [];

  /** The events that this piece completes. Throws RangeError when one grows without end. */
  take(piece: string): StreamEvent[] {
    const lines = piece.split("\n");
    const last = lines.pop() ?? "";
    const found: StreamEvent[] = [];
    for (const line of lines) {
      const whole = this.#pieces.length > 0 ? this.#pieces.join("") + line : line;
      this.#pieces = [];
      const event = this.#line(whole.endsWith("\r") ? whole.slice(0, -1) : whole);
      if (event) found.push(event);
    }
    if (last !== "") this.#pieces.push(last);
    this.#chars = found.length > 0 ? last.length : this.#chars + piece.length;
    if (this.#chars > MOST_CHARS) throw new RangeError("An event without end.");
    return found;
  }

  #line(line: string): StreamEvent | null {
    if (line === "") return this.#complete();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
    return null;
  }

  #complete(): StreamEvent | null {
    const { length } = this.#data;
    const event = { event: this.#event, data: this.#data.join("\n") };
    this.#event = "message";
    this.#data = [];
    return length > 0 ? event : null;
  }
}
