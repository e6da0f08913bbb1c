import * as real from "@preact/signals-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as small from "./small-signals";

/** Writes to three signals; what an effect over two computed ones has seen in the end, and a subscriber of each write. */
function lastSeen(made: typeof small | typeof real, writes: readonly [number, number][]): unknown {
  const cells = [made.signal(0), made.signal(0), made.signal(0)] as const;
  const sum = made.computed(() => cells[0].value + cells[1].value);
  // Reads the third only while the sum is even: what is read changes from run to run.
  const picked = made.computed(() => (sum.value % 2 === 0 ? cells[2].value : -1));
  const heard: number[] = [];
  let seen: unknown;
  const end = made.effect(() => {
    seen = [sum.value, picked.value];
  });
  const stop = cells[2].subscribe((value) => void heard.push(value));
  for (const [cell, value] of writes) {
    const target = cells[cell % 3];
    if (target) target.value = value;
  }
  end();
  stop();
  cells[0].value += 1;
  cells[2].value += 1;
  return { seen, heard };
}

describe("the small signals", () => {
  test("end where the real ones end, after any writes", () => {
    const writes = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: -3, max: 3 })), { maxLength: 30 });
    fc.assert(
      fc.property(writes, (all) => {
        expect(lastSeen(small, all)).toEqual(lastSeen(real, all));
      }),
    );
  });

  test("an effect does not follow what it reads untracked", () => {
    const cell = small.signal(1);
    let runs = 0;
    small.effect(() => {
      runs++;
      small.untracked(() => cell.value);
    });
    cell.value = 2;
    expect(runs).toBe(1);
  });
});
