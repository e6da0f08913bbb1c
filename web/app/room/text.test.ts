import { describe, expect, it } from "vitest";
import { isLargeEmoji, pieces } from "./text";

const links = (body: string) =>
  pieces(body).flatMap((piece) => (piece.kind === "link" ? [[piece.text, piece.href]] : []));

describe("links in a talk", () => {
  it("finds addresses and leaves the sentence's own punctuation out", () => {
    expect(links("자료는 https://intra.example/a?b=1#c. 확인해 주세요")).toEqual([
      ["https://intra.example/a?b=1#c", "https://intra.example/a?b=1#c"],
    ]);
    expect(links("(www.example.com/en)")).toEqual([["www.example.com/en", "https://www.example.com/en"]]);
    expect(links("https://ko.example/서울_(도시)")[0]?.[0]).toBe("https://ko.example/서울_(도시)");
  });

  it("makes nothing but http and https pressable", () => {
    const hostile = "javascript:alert(1) data:text/html,x file:///etc/passwd <a href='https://'>x</a>";
    expect(links(hostile)).toEqual([]);
  });

  it("loses no letter of the text", () => {
    const body = "가 https://a.example/1 나\nhttp://b.example, 다 www.c.example! https:// 라";
    expect(
      pieces(body)
        .map(({ text }) => text)
        .join(""),
    ).toBe(body);
  });
});

describe("large emoji", () => {
  it("are one to three emoji and nothing else", () => {
    expect(["👍", "🎉🎉🎉", "👨‍👩‍👧‍👦 🇰🇷"].every(isLargeEmoji)).toBe(true);
    expect(["👍👍👍👍", "👍 네", "1", "ㅎㅎ", " ", ""].some(isLargeEmoji)).toBe(false);
  });
});
