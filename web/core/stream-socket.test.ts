// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StreamReader } from "./stream-reader";
import { StreamSocket } from "./stream-socket";
import { StreamServer } from "./testing/stream-server";

let server: StreamServer;
let base: string;
let socket: StreamSocket;
let heard: unknown[];
let closed: number[];

beforeEach(async () => {
  server = new StreamServer();
  base = await server.listen();
  heard = [];
  closed = [];
});

afterEach(async () => {
  socket.close();
  await server.close();
});

function open(token: string | null = null): void {
  socket = new StreamSocket(base, () => token);
  socket.onopen = () => socket.send(JSON.stringify({ id: 1, cmd: "hello" }));
  socket.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
  socket.onclose = ({ code }) => closed.push(code);
}

async function opened(token: string | null = null): Promise<void> {
  const before = server.streams.length;
  open(token);
  await vi.waitFor(() => expect(server.streams.length).toBe(before + 1));
}

const commands = () => server.posted.filter(({ path }) => path === "/stream/c%2F1");
const lines = () => commands().flatMap(({ body }) => body.split("\n"));

test("Hello opens the stream, and what the server says comes as frames, in order", async () => {
  await opened();
  expect(server.posted[0]).toMatchObject({ path: "/stream", body: '{"id":1,"cmd":"hello"}' });
  for (let n = 0; n < 100; n++) server.say({ n, text: "가나다 🙂" });
  await vi.waitFor(() => expect(heard.length).toBe(100));
  expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => ({ n, text: "가나다 🙂" })));
});

test("A frame may come in pieces of any size, cut within a character", async () => {
  await opened();
  const bytes = new TextEncoder().encode('data: {"text":"가나다"}\r\n\r\n: nothing\n\ndata: {"n":2}\n\n');
  for (const byte of bytes) {
    server.write(new Uint8Array([byte]));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await vi.waitFor(() => expect(heard).toEqual([{ text: "가나다" }, { n: 2 }]));
});

test("Each frame has a turn of its own: what it sets off is done before the next one", async () => {
  await opened();
  const order: string[] = [];
  socket.onmessage = ({ data }) => {
    order.push(`heard ${data}`);
    Promise.resolve()
      .then(() => undefined)
      .then(() => order.push(`done ${data}`));
  };
  server.write("data: 1\n\ndata: 2\n\ndata: 3\n\n");
  await vi.waitFor(() => expect(order.length).toBe(6));
  expect(order).toEqual(["heard 1", "done 1", "heard 2", "done 2", "heard 3", "done 3"]);
});

test("Commands of one turn leave in one request, those said meanwhile in the next, all in order", async () => {
  let answering = 0;
  let most = 0;
  server.answers = async ({ path }, answer) => {
    if (path === "/stream") return false;
    most = Math.max(most, ++answering);
    await new Promise((resolve) => setTimeout(resolve, 20));
    answering--;
    answer.writeHead(204).end();
    return true;
  };
  await opened();
  for (let n = 0; n < 5; n++) socket.send(`{"n":${n}}`);
  await vi.waitFor(() => expect(commands().length).toBe(1));
  for (let n = 5; n < 10; n++) {
    socket.send(`{"n":${n}}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await vi.waitFor(() => expect(lines().length).toBe(10));
  expect(lines()).toEqual(Array.from({ length: 10 }, (_, n) => `{"n":${n}}`));
  expect(commands().length).toBeLessThan(5);
  expect(most).toBe(1);
});

test("A request brings no more than the server takes", async () => {
  await opened();
  const long = JSON.stringify({ text: "가".repeat(50_000) });
  for (let n = 0; n < 4; n++) socket.send(long);
  await vi.waitFor(() => expect(lines().length).toBe(4));
  for (const { body } of commands()) expect(new TextEncoder().encode(body).length).toBeLessThan(262_144);
});

test("With a token it goes in a header, without one the page's cookies do", async () => {
  await opened("t0ken");
  socket.send("{}");
  await vi.waitFor(() => expect(commands().length).toBe(1));
  expect(server.posted.map(({ headers }) => headers.authorization)).toEqual(["Bearer t0ken", "Bearer t0ken"]);
  expect(server.posted[0]?.headers["content-type"]).toBe("application/json");
});

test("The server's close says why, after everything before it was heard", async () => {
  await opened();
  server.write('data: {"n":1}\n\nevent: close\ndata: {"code":4001,"reason":"token"}\n\n');
  await vi.waitFor(() => expect(closed).toEqual([4001]));
  expect(heard).toEqual([{ n: 1 }]);
});

test("A stream that breaks off is a broken line, told once", async () => {
  await opened();
  server.write('data: {"n":');
  server.streams.at(-1)?.destroy();
  await vi.waitFor(() => expect(closed).toEqual([1006]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(closed).toEqual([1006]);
  expect(heard).toEqual([]);
});

test("A command that does not arrive has broken the line", async () => {
  server.answers = ({ path }, answer) => {
    if (path === "/stream") return false;
    answer.writeHead(404).end();
    return true;
  };
  await opened();
  socket.send("{}");
  await vi.waitFor(() => expect(closed).toEqual([1006]));
  await vi.waitFor(() => expect(server.left).toBe(1));
});

test("Commands that cannot leave do not gather without bound", async () => {
  server.answers = ({ path }) => path !== "/stream";
  await opened();
  for (let n = 0; n < 2_000; n++) socket.send("{}");
  await vi.waitFor(() => expect(closed).toEqual([1006]));
});

test("A refusal before the stream begins is the answer to hello; a proxy's page is a broken line", async () => {
  server.answers = (_, answer) => {
    answer.writeHead(401, { "Content-Type": "application/json" });
    answer.end('{"error":{"code":"unauthorized","message":""}}');
    return true;
  };
  open();
  await vi.waitFor(() => expect(closed).toEqual([1006]));
  expect(heard).toEqual([{ re: 1, error: { code: "unauthorized", message: "" } }]);
  for (const status of [200, 403, 502]) {
    heard = [];
    closed = [];
    server.answers = (_, answer) => {
      answer.writeHead(status, { "Content-Type": "text/html" }).end("<html>Sign in to this network</html>");
      return true;
    };
    open();
    await vi.waitFor(() => expect(closed).toEqual([1006]));
    expect(heard).toEqual([]);
  }
});

test("Leaving for good tells the server so; letting go only breaks off", async () => {
  let brokenOffBefore = -1;
  server.answers = ({ path }) => {
    if (path.endsWith("/close")) brokenOffBefore = server.left;
    return false;
  };
  await opened();
  socket.send("{}");
  await vi.waitFor(() => expect(commands().length).toBe(1));
  socket.close(1000);
  await vi.waitFor(() => expect(server.posted.at(-1)?.path).toBe("/stream/c%2F1/close"));
  expect(brokenOffBefore).toBe(0);
  await vi.waitFor(() => expect(server.left).toBe(1));
  await opened();
  const before = server.posted.length;
  socket.close();
  await vi.waitFor(() => expect(server.left).toBe(2));
  expect(server.posted.slice(before)).toEqual([]);
  expect(closed).toEqual([]);
});

test("An event without end is not read for ever", () => {
  const reader = new StreamReader();
  const piece = "x".repeat(8 * 1024 * 1024);
  expect(() => {
    for (let n = 0; n < 20; n++) reader.take(piece);
  }).toThrow(RangeError);
});
