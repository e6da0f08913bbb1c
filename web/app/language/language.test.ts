import { afterEach, describe, expect, test } from "vitest";
import { dayOf, listTime, period, timeOfDay, today } from "./dates";
import { en } from "./en";
import { initialConsonants, nameMatches } from "./hangul";
import { josa } from "./josa";
import { ko } from "./ko";
import { errorSentence, setLanguage } from "./language";

const at = (text: string): number => new Date(text).getTime();

afterEach(() => setLanguage("ko"));

describe("times", () => {
  const now = at("2026-11-22T15:00:00");

  test("a list says the time today, yesterday by its name, the day this year, the year before that", () => {
    setLanguage("ko");
    expect(listTime(at("2026-11-22T10:12:00"), now)).toBe("오전 10:12");
    expect(listTime(at("2026-11-21T23:59:00"), now)).toBe("어제");
    expect(listTime(at("2026-11-03T10:12:00"), now)).toBe("11월 3일");
    expect(listTime(at("2025-11-03T10:12:00"), now)).toBe("2025년 11월 3일");
  });

  test("the same in English", () => {
    setLanguage("en");
    expect(listTime(at("2026-11-22T10:12:00"), now)).toBe("10:12 AM");
    expect(listTime(at("2026-11-21T23:59:00"), now)).toBe("Yesterday");
    expect(listTime(at("2026-11-03T10:12:00"), now)).toBe("3 Nov");
  });

  test("midnight belongs to the day that begins", () => {
    setLanguage("ko");
    expect(timeOfDay(at("2026-11-22T00:00:00"))).toBe("오전 12:00");
    expect(dayOf(at("2026-11-22T00:00:00"))).toBe(dayOf(now));
    expect(dayOf(at("2026-11-21T23:59:59"))).not.toBe(dayOf(now));
  });

  test("today is the reader's own day, and an absence names its days", () => {
    expect(today(now)).toBe("2026-11-22");
    expect(period("2026-11-24", "2026-11-26")).toBe("11.24–11.26");
    expect(period("2026-11-04", "2026-11-04")).toBe("11.4");
    expect(period(null, "2026-11-26")).toBe("–11.26");
    expect(period(null, null)).toBe("");
  });
});

describe("Korean", () => {
  test("a particle fits the word before it", () => {
    expect(josa("홍길동 님", "이", "가")).toBe("이");
    expect(josa("회의", "을", "를")).toBe("를");
    expect(josa("주말", "으로", "로")).toBe("로");
    expect(josa("부산", "으로", "로")).toBe("으로");
  });

  test("initial consonants find a name, and half a name does too", () => {
    expect(initialConsonants("홍길동")).toBe("ㅎㄱㄷ");
    expect(nameMatches("홍길동", "ㅎㄱ")).toBe(true);
    expect(nameMatches("홍길동", "길동")).toBe(true);
    expect(nameMatches("신제품 출시 준비", "출시준비")).toBe(true);
    expect(nameMatches("Alice Johnson", "JOHN")).toBe(true);
    expect(nameMatches("홍길동", "ㄷㄱ")).toBe(false);
    expect(nameMatches("홍길동", "")).toBe(true);
  });
});

describe("errors", () => {
  test("every code that the contract knows has its own sentence in both languages", () => {
    const codes = Object.keys(ko.errors);
    expect(Object.keys(en.errors)).toEqual(codes);
    for (const code of codes) expect(errorSentence({ code })).toBe(ko.errors[code]);
  });

  test("a code from a newer server falls back on what the server says", () => {
    expect(errorSentence({ code: "from_the_future", message: "Not on Sundays." })).toBe("Not on Sundays.");
    expect(errorSentence(new Error("boom"))).toBe(ko.errors.unknown);
  });
});
