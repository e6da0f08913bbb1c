// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "./contract";
import { MemoryStorage } from "./storage";
import { FakeServer, Refusal } from "./testing/fake-server";
import { fakeRest, openPage } from "./testing/page";

let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  fakeRest();
  server = new FakeServer();
  server.room("r1", ["a", "b"]);
  server.room("r2", ["a", "b"]);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const draft = (page: Client, room = "r1") => page.rooms.get(room).draft.value;
const kept = (room = "r1") => server.desk.textOf("a", room);
const told = () => server.commands.filter(({ cmd }) => cmd === "draft.set");

async function type(page: Client, text: string, everyMs = 100): Promise<void> {
  for (let end = 1; end <= text.length; end++) {
    page.setDraft("r1", text.slice(0, end));
    await pass(everyMs);
  }
}

function cut(): void {
  server.accepts = false;
  for (const socket of [...server.sockets]) socket.broken(1006);
}

async function backTo(...pages: Client[]): Promise<void> {
  server.accepts = true;
  for (const page of pages) page.probe();
  await pass(500);
}

test("What I begin to write is on my other device after a rest, told once for many letters", async () => {
  const desk = await openPage(server, "a");
  const phone = await openPage(server, "a");
  await type(desk, "회의는 세 시에");
  expect(told()).toEqual([]);
  await pass(1_100);
  expect(draft(phone)).toBe("회의는 세 시에");
  expect([...phone.rooms.drafts.value]).toEqual(["r1"]);
  expect(told().length).toBe(1);
});

test("Leaving the field, the room or the page tells it at once", async () => {
  const desk = await openPage(server, "a");
  desk.setDraft("r1", "하나");
  desk.flushDrafts();
  await pass(20);
  expect(kept()).toBe("하나");
  desk.setDraft("r1", "둘");
  desk.closeRoom("r1");
  await pass(20);
  expect(kept()).toBe("둘");
  desk.setDraft("r1", "셋");
  desk.setVisible(false);
  await pass(20);
  expect(kept()).toBe("셋");
});

test("Sending a talk takes the draft away on all of my devices, also from the store", async () => {
  const storage = new MemoryStorage();
  const desk = await openPage(server, "a", storage);
  const phone = await openPage(server, "a");
  await type(desk, "보낼게요");
  await pass(1_100);
  expect(draft(phone)).toBe("보낼게요");
  desk.send("r1", "보낼게요");
  await pass(50);
  expect([draft(desk), draft(phone), kept()]).toEqual(["", "", ""]);
  expect(await storage.drafts("a")).toEqual([]);
});

test("What is written here and not told yet is not replaced by another device; the last writer wins", async () => {
  const desk = await openPage(server, "a");
  const phone = await openPage(server, "a");
  desk.setDraft("r1", "책상에서");
  await pass(500);
  phone.setDraft("r1", "전화기에서");
  phone.flushDrafts();
  await pass(50);
  expect(draft(desk)).toBe("책상에서");
  await pass(1_000);
  expect([draft(desk), draft(phone), kept()]).toEqual(["책상에서", "책상에서", "책상에서"]);
});

test("Written without a connection it is told at the next one, over what came to be there meanwhile", async () => {
  const desk = await openPage(server, "a");
  cut();
  desk.setDraft("r1", "지하철에서");
  await pass(5_000);
  server.desk.draft("a", { room: "r1", text: "다른 기기에서" });
  server.desk.draft("a", { room: "r2", text: "이것도" });
  await backTo(desk);
  expect([draft(desk), kept(), draft(desk, "r2")]).toEqual(["지하철에서", "지하철에서", "이것도"]);
});

test("A draft that was taken away without a connection does not come back after a reload", async () => {
  const storage = new MemoryStorage();
  const desk = await openPage(server, "a", storage);
  await type(desk, "지울 글");
  await pass(1_100);
  cut();
  desk.setDraft("r1", "");
  await pass(1_000);
  desk.stop();
  server.accepts = true;
  const again = await openPage(server, "a", storage);
  await pass(500);
  expect([draft(again), kept()]).toEqual(["", ""]);
});

test("A page opened later has the drafts of my other devices", async () => {
  const desk = await openPage(server, "a");
  await type(desk, "나중에 볼 글");
  await pass(1_100);
  const later = await openPage(server, "a");
  await pass(50);
  expect(draft(later)).toBe("나중에 볼 글");
});

test("What the server has is not stored here: an old text never comes back over a newer one", async () => {
  const storage = new MemoryStorage();
  const desk = await openPage(server, "a", storage);
  server.silent = true;
  desk.setDraft("r1", "옛 글");
  await pass(1_500);
  server.silent = false;
  cut();
  await backTo(desk);
  expect(await storage.drafts("a")).toEqual([]);
  server.desk.draft("a", { room: "r1", text: "새 글" });
  await pass(50);
  desk.stop();
  const again = await openPage(server, "a", storage);
  await pass(500);
  expect([draft(again), kept()]).toEqual(["새 글", "새 글"]);
});

test("Two tabs with one store: what one wrote without a connection the other does not send in an older form", async () => {
  const storage = new MemoryStorage();
  const first = await openPage(server, "a", storage);
  cut();
  first.setDraft("r1", "안녕");
  await pass(1_000);
  const second = await openPage(server, "a", storage);
  first.setDraft("r1", "안녕하세요");
  await pass(1_000);
  await backTo(first, second);
  expect([draft(first), draft(second), kept()]).toEqual(["안녕하세요", "안녕하세요", "안녕하세요"]);
  expect(told().every(({ fields }) => fields.text === "안녕하세요")).toBe(true);
});

test("A page that rested comes back with the drafts it had", async () => {
  const desk = await openPage(server, "a");
  await type(desk, "쉬었다가");
  await pass(1_100);
  desk.stop();
  await pass(5_000);
  await desk.start();
  await pass(500);
  expect(draft(desk)).toBe("쉬었다가");
});

test("What the server refuses stays here, and is not asked again and again", async () => {
  const desk = await openPage(server, "a");
  server.refuse = (cmd) => (cmd === "draft.set" ? new Refusal("invalid") : null);
  desk.setDraft("r1", "안 되는 글");
  await pass(60_000);
  expect(draft(desk)).toBe("안 되는 글");
  expect(told().length).toBe(1);
  server.refuse = (cmd) => (cmd === "draft.set" ? new Refusal("busy", true) : null);
  desk.setDraft("r1", "바쁜 서버");
  await pass(60_000);
  expect(told().length).toBeLessThan(15);
  server.refuse = () => null;
  await pass(10_000);
  expect(kept()).toBe("바쁜 서버");
});

test("Whatever two devices write, lose and miss, in the end both show what the server has", async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("write" as const),
        device: fc.nat(1),
        text: fc.constantFrom("", "가", "나", "다"),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("leave" as const), device: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("send" as const), device: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("break" as const), device: fc.nat(1) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("offline" as const), on: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("reload" as const), device: fc.nat(1) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.nat(1_500) }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.array(fc.nat(300), { minLength: 1 }),
      async (steps, delays) => {
        server = new FakeServer();
        server.room("r1", ["a", "b"]);
        let turn = 0;
        server.answerDelay = () => delays[turn++ % delays.length] ?? 1;
        const storages = [new MemoryStorage(), new MemoryStorage()];
        const devices: Client[] = [];
        for (const storage of storages) devices.push(await openPage(server, "a", storage));
        for (const taken of steps) {
          if (taken.do === "wait") await pass(taken.ms);
          else if (taken.do === "offline") {
            if (taken.on) cut();
            else server.accepts = true;
          } else {
            const device = devices[taken.device] as Client;
            if (taken.do === "write") device.setDraft("r1", taken.text);
            else if (taken.do === "leave") device.flushDrafts();
            else if (taken.do === "send") device.send("r1", "보냄");
            else if (taken.do === "break") [...server.sockets][taken.device]?.broken(1006);
            else {
              device.stop();
              devices[taken.device] = await openPage(server, "a", storages[taken.device] as MemoryStorage);
            }
          }
        }
        server.accepts = true;
        for (const device of devices) device.probe();
        await pass(60_000);
        expect(devices.map((device) => draft(device))).toEqual([kept(), kept()]);
        for (const storage of storages) expect(await storage.drafts("a")).toEqual([]);
        for (const device of devices) device.stop();
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 120) },
  );
});
