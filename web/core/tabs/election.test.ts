// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Standing } from "../place";
import { FakeBrowser } from "../testing/fake-browser";
import { type Election, hold } from "./election";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

class Voter {
  leads = false;
  readonly #election: Election;

  constructor(browser: FakeBrowser, tab: string, standing: Standing) {
    const role = {
      onLead: () => {
        this.leads = true;
      },
      onLost: () => {
        this.leads = false;
      },
    };
    this.#election = hold(role, { name: "lead", tab, standing }, browser.surroundings());
    this.#election.start();
  }

  stop(): void {
    this.leads = false;
    this.#election.stop();
  }

  steal(): void {
    this.#election.steal();
  }
}

const step = fc.oneof(
  fc.record({
    do: fc.constant("open" as const),
    standing: fc.constantFrom<Standing>("window", "background"),
  }),
  fc.record({ do: fc.constant("close" as const), voter: fc.nat(5) }),
  fc.record({ do: fc.constant("steal" as const), voter: fc.nat(5) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.nat(800) }),
);

test.each([
  { how: "a lock", locks: true },
  { how: "asking around", locks: false },
])("Whoever comes, goes and steals, in the end one of them leads, by $how", async ({ locks }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const browser = new FakeBrowser({ locks });
      let voters: Voter[] = [];
      let opened = 0;
      const open = (standing: Standing) => voters.push(new Voter(browser, `t${opened++}`, standing));
      for (const action of steps) {
        if (action.do === "wait") await pass(action.ms);
        else if (action.do === "open") open(action.standing);
        else {
          const voter = voters[action.voter];
          if (action.do === "steal") voter?.steal();
          else {
            voter?.stop();
            voters = voters.filter((other) => other !== voter);
          }
        }
      }
      open("window");
      await pass(2_000);
      expect(voters.filter((voter) => voter.leads).length).toBe(1);
      for (const voter of voters) voter.stop();
    }),
    { numRuns: 150 },
  );
});

test("Where locks exist and are refused the tabs ask around", async () => {
  const browser = new FakeBrowser({ locks: false });
  const refusing = { request: async () => Promise.reject(new DOMException("no", "SecurityError")) };
  const surroundings = { ...browser.surroundings(), locks: refusing as unknown as LockManager };
  let leaders = 0;
  for (const tab of ["t0", "t1", "t2"]) {
    const role = { onLead: () => void leaders++, onLost: () => void leaders-- };
    hold(role, { name: "lead", tab, standing: "window" }, surroundings).start();
  }
  await pass(1_000);
  expect(leaders).toBe(1);
});
