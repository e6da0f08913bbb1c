import { effect } from "@preact/signals-core";
import { expect, test } from "vitest";
import { fillMessage } from "./model";
import { Quotes } from "./quotes";
import type { Message, MessagesAnswer } from "./wire";

const said = (seq: number, body: string): Message => ({ seq, version: seq, sender: "hong", at: seq, body });

function asking(rows: Message[]) {
  const asked: [string, number[]][] = [];
  const quotes = new Quotes(async (room, seqs): Promise<MessagesAnswer> => {
    asked.push([room, seqs]);
    return { messages: rows.filter((row) => seqs.includes(row.seq)), version: 9 };
  });
  return { quotes, asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what many rows answer is asked for once, together", async () => {
  const { quotes, asked } = asking([said(1, "one"), said(2, "two")]);
  for (const seq of [1, 2, 1, 3]) expect(quotes.of("r1", seq)).toBeUndefined();
  await settled();
  expect(asked).toEqual([["r1", [1, 2, 3]]]);
  expect([1, 2, 3].map((seq) => quotes.of("r1", seq)?.body ?? null)).toEqual(["one", "two", null]);
  await settled();
  expect(asked).toHaveLength(1);
});

test("a quote follows its message: changed, then gone", async () => {
  const { quotes } = asking([said(1, "one")]);
  quotes.of("r1", 1);
  await settled();
  quotes.changed("r1", fillMessage(said(1, "one, corrected")));
  expect(quotes.of("r1", 1)?.body).toBe("one, corrected");
  quotes.changed("r1", fillMessage({ ...said(1, ""), gone: true }));
  expect(quotes.of("r1", 1)).toBeNull();
});

test("after a new connection what is on screen is asked for anew", async () => {
  const rows = [said(1, "before")];
  const { quotes } = asking(rows);
  const seen: (string | undefined)[] = [];
  const stop = effect(() => void seen.push(quotes.of("r1", 1)?.body));
  await settled();
  rows[0] = said(1, "after");
  quotes.clear();
  await settled();
  stop();
  expect(seen.filter((body) => body !== undefined)).toEqual(["before", "after"]);
});
