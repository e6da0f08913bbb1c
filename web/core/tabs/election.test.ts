// @vitest-environment node
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Standing } from "../place";
import { FakeBrowser } from "../testing/fake-browser";
import { electByChannel } from "./channel-election";
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
    this.#election = hold(role, { name: "lead", tab, standing }, browser.surroundings(), electByChannel);
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
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Whoever is still there in the end. */
async function play(browser: FakeBrowser, steps: readonly Step[]): Promise<Voter[]> {
  let voters: Voter[] = [];
  let opened = 0;
  for (const action of steps) {
    if (action.do === "wait") await pass(action.ms);
    else if (action.do === "open") voters.push(new Voter(browser, `t${opened++}`, action.standing));
    else {
      const voter = voters[action.voter];
      if (action.do === "steal") voter?.steal();
      else {
        voter?.stop();
        voters = voters.filter((other) => other !== voter);
      }
    }
  }
  return voters;
}

test.each([
  { how: "a lock", locks: true },
  { how: "asking around", locks: false },
])("Whoever comes, goes and steals, in the end one of them leads, by $how", async ({ locks }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const browser = new FakeBrowser({ locks });
      const voters = await play(browser, [...steps, { do: "open", standing: "window" }]);
      await pass(2_000);
      expect(voters.filter((voter) => voter.leads).length).toBe(1);
      for (const voter of voters) voter.stop();
    }),
    { numRuns: 150 },
  );
});

test("However late the tabs hear of each other, in the end one of them leads, without a page that begins", async () => {
  const lag = fc.oneof(fc.nat(20), fc.nat(900));
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.array(lag, { minLength: 1, maxLength: 40 }),
      async (steps, lags) => {
        const browser = new FakeBrowser({ locks: false });
        let sent = 0;
        browser.lag = () => lags[sent++ % lags.length] ?? 0;
        const voters = await play(browser, [{ do: "open", standing: "background" }, ...steps]);
        browser.lag = () => 0;
        await pass(4_000);
        expect(voters.filter((voter) => voter.leads).length).toBe(Math.min(1, voters.length));
        for (const voter of voters) voter.stop();
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 1_000) },
  );
});

test("Two tabs that hear late of each other's lead do not follow each other when the third, which led, goes", async () => {
  const browser = new FakeBrowser({ locks: false });
  const [three, one, two] = ["t1", "t2", "t3"].map((tab) => new Voter(browser, tab, "window"));
  await pass(1_000);
  // Only the third hears at once what the first two say.
  const lags = [0, 600, 0, 500];
  browser.lag = () => lags.shift() ?? 0;
  two?.steal();
  one?.steal();
  await pass(50);
  three?.steal();
  await pass(1_000);
  expect([one, two, three].map((voter) => voter?.leads)).toEqual([false, false, true]);
  three?.stop();
  await pass(1_000);
  expect([one, two].filter((voter) => voter?.leads).length).toBe(1);
});

test("Where locks exist and are refused the tabs ask around", async () => {
  const browser = new FakeBrowser({ locks: false });
  const refusing = { request: async () => Promise.reject(new DOMException("no", "SecurityError")) };
  const surroundings = { ...browser.surroundings(), locks: refusing as unknown as LockManager };
  let leaders = 0;
  for (const tab of ["t0", "t1", "t2"]) {
    const role = { onLead: () => void leaders++, onLost: () => void leaders-- };
    hold(role, { name: "lead", tab, standing: "window" }, surroundings, electByChannel).start();
  }
  await pass(1_000);
  expect(leaders).toBe(1);
});
