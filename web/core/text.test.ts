// @vitest-environment node
import { expect, test } from "vitest";
import { cleanText, textLength } from "./text";

test("What cannot travel is taken out; newline, tab, emoji and Hangul stay, as NFC", () => {
  expect(cleanText("a\u0000b\u001bc\u009fd")).toBe("abcd");
  expect(cleanText("line\r\nnext\rlast\ttab")).toBe("line\nnext\nlast\ttab");
  expect(cleanText("\ud83d x \ude00 \ud83d\ude00")).toBe(" x  \ud83d\ude00");
  expect(cleanText("\u1112\u1161\u11ab")).toBe("한");
  expect(textLength(cleanText("👨‍👩‍👧"))).toBe(8);
});
