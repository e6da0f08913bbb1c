// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Backoff } from "./backoff";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const chance = fc.double({ min: 0, max: 0.999, noNaN: true });

/** The waits of somebody who tries and fails, in ms. */
function waitsOf(backoff: Backoff, chances: readonly number[]): { at: number; wait: number }[] {
  const began = Date.now();
  return chances.map((drawn) => {
    vi.spyOn(Math, "random").mockReturnValue(drawn);
    const at = Date.now() - began;
    const wait = backoff.next();
    vi.setSystemTime(Date.now() + wait);
    return { at, wait };
  });
}

test("Nobody waits longer than the trouble has lasted already, a second or half a minute, nor less than a moment", () => {
  fc.assert(
    fc.property(fc.array(chance, { minLength: 1, maxLength: 60 }), (chances) => {
      for (const { at, wait } of waitsOf(new Backoff(), chances)) {
        expect(wait).toBeGreaterThanOrEqual(300);
        expect(wait).toBeLessThanOrEqual(Math.min(30_000, Math.max(1_000, at)));
      }
    }),
  );
});

test("After a restart the first waits are spread over the window the server names, four seconds without; then over one again", () => {
  const backoff = new Backoff();
  vi.spyOn(Math, "random").mockReturnValue(0.99);
  for (const [named, wait] of [
    [Number.NaN, 3_960],
    [0, 3_960],
    [2_000, 1_980],
    [9_000, 8_910],
    [9e9, 29_700],
  ] as const) {
    backoff.spread(named);
    expect(backoff.next()).toBeCloseTo(wait);
    backoff.reset();
    expect(backoff.next()).toBeCloseTo(990);
  }
});

test("A clock that is set back makes nobody wait", () => {
  const backoff = new Backoff();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  backoff.next();
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(backoff.next()).toBe(500);
});
