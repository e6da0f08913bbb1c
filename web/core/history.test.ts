// @vitest-environment node
import { expect, test } from "vitest";
import type { RoomState } from "./contract";
import { History } from "./history";
import { fillView } from "./model";
import type { HistoryAnswer } from "./wire";

const page = (body: string): HistoryAnswer => ({
  messages: [{ seq: 1, version: 1, sender: "hong", at: 1, body }],
  version: 1,
});

function reading() {
  const room = { id: "r1", kind: "item", version: 1, seq: 1 };
  const view = fillView({ room, mine: { floor: 0 } } as never);
  let state: RoomState = { ...view, timeline: null, members: null };
  const asked: string[] = [];
  const history = new History({
    peek: () => state,
    put: (_room, next) => {
      state = next;
    },
    ask: async (room) => {
      asked.push(room);
      return page("asked for");
    },
    onBehind: () => undefined,
  });
  return { history, asked, bodies: () => state.timeline?.rows.map((row) => row.body) };
}

test("A head that came with another answer is not asked for again", async () => {
  const { history, asked, bodies } = reading();
  history.arrived("r1", page("came along"));
  await history.head("r1");
  expect(bodies()).toEqual(["came along"]);
  expect(asked).toEqual([]);
});

test("What is held already, or on its way, is left alone", async () => {
  const { history, asked, bodies } = reading();
  const running = history.head("r1");
  history.arrived("r1", page("came along"));
  await running;
  history.arrived("r1", page("came late"));
  expect(bodies()).toEqual(["asked for"]);
  expect(asked).toEqual(["r1"]);
});
