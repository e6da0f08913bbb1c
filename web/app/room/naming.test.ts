import { expect, test } from "vitest";
import { namedIn, namedPieces, typedName } from "./naming";

const PEOPLE = [
  { id: "a", name: "김민지" },
  { id: "b", name: "김민" },
  { id: "c", name: "이서연" },
  { id: "d", name: "이서연" },
];

test.each([
  ["안녕하세요 @김", "김"],
  ["@", ""],
  ["@ㄱㅁ", "ㄱㅁ"],
  ["mail@company", null],
  ["@김민지 님", null],
  ["그냥", null],
])("Behind %s a name is being typed: %s", (text, typed) => {
  expect(typedName(text)).toBe(typed);
});

test("The longest name that fits is meant, whatever particle follows it", () => {
  expect(namedPieces("@김민지님과 @김민, me@김민", PEOPLE)).toEqual([
    { text: "@김민지", id: "a" },
    { text: "님과 ", id: null },
    { text: "@김민", id: "b" },
    { text: ", me@김민", id: null },
  ]);
});

test("Of two who are called the same the chosen one is named, and nobody where none was chosen", () => {
  expect(namedIn("@이서연 @김민지 @김민지", PEOPLE, new Map())).toEqual(["a"]);
  expect(namedIn("@이서연", PEOPLE, new Map([["이서연", "d"]]))).toEqual(["d"]);
  expect(namedIn("아무도", PEOPLE, new Map())).toEqual([]);
});
