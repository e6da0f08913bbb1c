import { expect, test } from "vitest";
import { markedParts } from "./marked";

const marked = (text: string, sought: string) =>
  markedParts(text, sought)
    .map((part) => (part.marked ? `[${part.text}]` : part.text))
    .join("");

test("Every word that was sought is marked, whatever its case", () => {
  expect(marked("대표이사 Deploy 회의", "이사 dep")).toBe("대표[이사] [Dep]loy 회의");
  expect(marked("회의 회의실", "회의")).toBe("[회의] [회의]실");
});

test("Of a long text the part around the first word is shown", () => {
  const shown = marked(`${"가".repeat(300)} 여기 ${"나".repeat(300)}`, "여기");
  expect(shown).toMatch(/^…가{23} \[여기\] 나+…$/u);
});

test("Where nothing is sought or it is in a file's name, the text is shown as it is", () => {
  expect(marked("두 줄\n글", "")).toBe("두 줄 글");
  expect(marked("두 줄", "보고서")).toBe("두 줄");
});
