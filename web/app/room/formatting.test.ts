import { describe, expect, it } from "vitest";
import { type Block, blocks, inline } from "./formatting";

const marks = (text: string) =>
  inline(text).flatMap((piece) => (piece.kind === "text" ? [] : [`${piece.kind}:${piece.text}`]));

describe("marks within a line", () => {
  it("make words bold, slanted and code, also before a Korean particle", () => {
    expect(marks("이건 *중요*합니다, _정말_로. `npm run build`를 쳐 보세요")).toEqual([
      "bold:중요",
      "italic:정말",
      "code:npm run build",
    ]);
  });

  it("leave names, sums, lone marks and what spans lines as they are", () => {
    for (const text of [
      "snake_case_name",
      "2*3*4",
      "* 하나 *",
      "5 * 3 = 15",
      "_",
      "**",
      "*가\n나*",
      "파일_이름_최종",
    ]) {
      expect(inline(text), text).toEqual([{ kind: "text", text }]);
    }
  });

  it("never cut an address, and code is code whatever it holds", () => {
    expect(marks("https://a.example/_x_/*y* 보세요")).toEqual(["link:https://a.example/_x_/*y*"]);
    expect(marks("`https://a.example` `*a*` `<b>`")).toEqual([
      "code:https://a.example",
      "code:*a*",
      "code:<b>",
    ]);
  });

  it("turn no word of a stranger into markup", () => {
    for (const text of ["<img src=x onerror=alert(1)>", "*<script>*", "[x](javascript:alert(1))"]) {
      expect(inline(text).every((piece) => piece.kind === "text" || piece.kind === "bold")).toBe(true);
    }
  });
});

describe("blocks of a message", () => {
  const kinds = (body: string) => blocks(body).map((block: Block) => block.kind);

  it("are code between fences, quotes, lists and the text between them", () => {
    const body = "보세요\n```ts\nconst a = *b*;\n\n> x\n```\n> 인용\n> 둘째\n- 하나\n- 둘\n3. 셋\n4. 넷\n끝";
    expect(blocks(body)).toEqual([
      { kind: "text", text: "보세요" },
      { kind: "code", text: "const a = *b*;\n\n> x" },
      { kind: "quote", text: "인용\n둘째" },
      { kind: "list", ordered: false, first: 1, items: ["하나", "둘"] },
      { kind: "list", ordered: true, first: 3, items: ["셋", "넷"] },
      { kind: "text", text: "끝" },
    ]);
  });

  it("are text where nothing is closed or nothing follows", () => {
    for (const body of ["```\n열린 채로", "-", "- ", ">", "1.", "1.5배", "-5도", ">_<"]) {
      expect(kinds(body), body).not.toContain("list");
      expect(kinds(body), body).not.toContain("code");
    }
    expect(blocks("첫 줄\n\n셋째 줄")).toEqual([{ kind: "text", text: "첫 줄\n\n셋째 줄" }]);
  });

  it("of the longest and worst texts are made without going over them again and again", () => {
    for (const text of ["```\n", "*a ", "`", "_*`", "> ", "- x\n", "https://a.example/_ "]) {
      const body = text.repeat(Math.floor(100_000 / text.length));
      const letters = blocks(body).length + inline(body).length;
      expect(letters).toBeGreaterThan(0);
    }
  });
});
