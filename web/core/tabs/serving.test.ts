// @vitest-environment node
import { expect, test } from "vitest";
import type { Commands, Welcome } from "../wire";
import type { Telling, Unstamped } from "./protocol";
import { Serving } from "./serving";

const welcome = { user: "a", server_time: 1_000 } as Welcome;

function serving() {
  const asked: (keyof Commands)[] = [];
  const told: { message: Unstamped<Telling>; to: string | null }[] = [];
  const made = new Serving({
    standing: "window",
    ask: async (cmd) => {
      asked.push(cmd);
      return {} as never;
    },
    post: (message, to) => told.push({ message, to }),
  });
  made.state({ phase: "ready" });
  made.welcomed(welcome);
  return { made, asked, told };
}

const request = (number: number) => {
  const fields = { room: "r1" };
  return {
    kind: "request" as const,
    id: 1,
    number,
    cmd: "room.open" as const,
    fields,
    from: "t1",
    term: "1",
  };
};

test("What was asked of a connection that is gone does not reach the next one", async () => {
  const { made, asked, told } = serving();
  made.welcomed(welcome);
  made.request(request(1));
  await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toEqual([]);
  expect(told.at(-1)).toMatchObject({ to: "t1", message: { kind: "refusal", error: { code: "offline" } } });
  made.request(request(2));
  expect(asked).toEqual(["room.open"]);
});

test("The connection's own words are for nobody else to say", async () => {
  const { made, asked } = serving();
  await expect(made.ask("t1", "hello", {})).rejects.toMatchObject({ code: "invalid" });
  await expect(made.ask("t1", "place.take", {})).rejects.toMatchObject({ code: "invalid" });
  expect(asked).toEqual([]);
});

test("Newcomers are introduced with a welcome without sync, and with none while there is no connection", () => {
  const { made, told } = serving();
  made.introduce("t2");
  expect(told.at(-1)).toMatchObject({
    to: "t2",
    message: { kind: "lead", welcome: { user: "a", sync: null } },
  });
  made.state({ phase: "waiting", retryAt: 0 });
  made.introduce("t2");
  expect(told.at(-1)).toMatchObject({ message: { kind: "lead", welcome: null } });
});
