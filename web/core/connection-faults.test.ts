// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection } from "./connection";
import { FaultyWorld } from "./testing/faulty-world";
import { sharedValues } from "./testing/transport";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const one = <const T>(...of: T[]) => fc.constantFrom(...of);
const outcomes = one("refreshed", "signed_out", "device_removed", "unreachable");
const fault = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: one(1, 4, 50, 900, 7_000, 26_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("accept" as const),
      how: one("opens", "refuses", "hangs", "throws"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("close" as const),
      code: one(1000, 1001, 1005, 1006, 1009, 1012, 4000, 4001, 4003, 4004, 4008, 4999),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("silence" as const), on: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("refuse" as const),
      code: one(null, "unauthorized", "busy", "device_removed"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("refresh" as const), outcome: outcomes, ms: one(1, 300, 9_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sleep" as const), hours: one(-3, 1, 70) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: one("probe", "useHere", "park", "free", "tick", "request", "better", "garbage"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: one("stop", "start", "start", "signedOut", "tryAtOnce") }) },
);
type Fault = typeof fault extends fc.Arbitrary<infer A> ? A : never;

function happens(step: Fault, world: FaultyWorld, connection: Connection): void {
  if (step.do === "accept") world.accepts = step.how;
  else if (step.do === "close") for (const socket of world.live) socket.ended(step.code);
  else if (step.do === "silence") world.silence(step.on);
  else if (step.do === "refuse") world.refusal = step.code;
  else if (step.do === "refresh") world.refreshing = { outcome: step.outcome, ms: step.ms };
  else if (step.do === "sleep") vi.setSystemTime(Date.now() + step.hours * 3_600_000);
  else if (step.do === "probe") connection.probe();
  else if (step.do === "useHere") connection.useHere();
  else if (step.do === "park") world.park();
  else if (step.do === "free") {
    world.isTaken = false;
    world.pushAll({ ev: "place.free" });
  } else if (step.do === "tick") world.pushAll({ ev: "tick" });
  else if (step.do === "request") connection.request("sync", {}).catch(() => undefined);
  else if (step.do === "better") world.onBetter();
  else if (step.do === "garbage") for (const socket of world.live) socket.onmessage?.({ data: "<html>" });
  else if (step.do === "signedOut") world.pushAll({ ev: "signed_out", reason: "blocked" });
  else if (step.do === "tryAtOnce") world.triesAtOnce = true;
  else if (step.do === "stop") {
    connection.stop();
    world.isOver = true;
  } else if (step.do === "start") {
    world.isOver = false;
    connection.start();
  }
}

function newConnection(world: FaultyWorld): Connection {
  return new Connection({
    transport: world,
    token: () => null,
    sync: () => ({ rooms: {}, personal: 0 }),
    refresh: () => world.refresh(),
    onWelcome: () => undefined,
    onEvent: () => undefined,
    onStopped: () => {
      world.isOver = true;
    },
    standing: () => "window",
    browser: "",
    visible: () => true,
    values: sharedValues(),
  });
}

test("Whatever happens, one socket at a time, hello first, nothing after the end, and ready when all is well", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 40 }), async (steps) => {
      const world = new FaultyWorld();
      const connection = newConnection(world);
      world.isOver = false;
      connection.start();
      for (const step of steps) {
        happens(step, world, connection);
        await vi.advanceTimersByTimeAsync(step.do === "wait" ? step.ms : 1);
      }
      world.heal();
      await vi.advanceTimersByTimeAsync(120_000);
      expect(world.faults).toEqual([]);
      const { phase } = connection.state.value;
      if (world.isOver) expect(phase).toBe("stopped");
      else if (phase === "parked") {
        // Left without a socket, or without word that the place is free: it is for the person to come back.
        connection.useHere();
        await vi.advanceTimersByTimeAsync(60_000);
      }
      if (!world.isOver) {
        expect(connection.state.value.phase).toBe("ready");
        expect(world.live.map((socket) => socket.isDead)).toEqual([false]);
      }
      connection.stop();
      expect(vi.getTimerCount()).toBe(world.underWay);
      expect(world.faults).toEqual([]);
    }),
    { numRuns: Number(process.env.RUNS ?? 300) },
  );
}, 120_000);
