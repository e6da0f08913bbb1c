/** A real HTTP server on a free port that speaks the streamed way of the protocol as a test tells it to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Posted {
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

export class StreamServer {
  readonly posted: Posted[] = [];
  /** Streams that are open, the newest last. */
  readonly streams: ServerResponse[] = [];
  /** How many of them the other side has let go. */
  left = 0;
  /** Answers a POST in another way than usual; true: it did. */
  answers: (posted: Posted, answer: ServerResponse) => boolean | Promise<boolean> = () => false;
  readonly #server: Server = createServer((request, answer) => void this.#take(request, answer));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Puts bytes into the newest stream, as they are. */
  write(text: string | Uint8Array): void {
    this.streams.at(-1)?.write(text);
  }

  say(frame: unknown): void {
    this.write(`data: ${JSON.stringify(frame)}\n\n`);
  }

  async #take(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces).toString();
    const posted = { path: request.url ?? "", body, headers: request.headers };
    this.posted.push(posted);
    if (await this.answers(posted, answer)) return;
    if (posted.path !== "/stream") {
      answer.writeHead(204).end();
      return;
    }
    answer.writeHead(200, { "Content-Type": "text/event-stream" });
    answer.on("close", () => {
      this.left++;
    });
    this.streams.push(answer);
    this.write(`:${" ".repeat(2048)}\n\nevent: open\ndata: {"connection":"c/1"}\n\n`);
  }
}
