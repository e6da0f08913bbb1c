import { describe, expect, test } from "vitest";
import type { Org, Person } from "../../core";
import { type Load, rowsOfSearch, rowsOfTree } from "./rows";

const org = (code: string, parent: string | null, depth: number): Org => ({
  code,
  name: code,
  parent,
  depth,
});
const person = (id: string) => ({ id, name: id }) as Person;
const ORGS = [org("A", null, 0), org("A1", "A", 1), org("A11", "A1", 2), org("B", null, 0)];

function keys(open: string[], members: Record<string, Load<readonly Person[]>> = {}): string[] {
  return rowsOfTree(ORGS, new Set(open), new Map(Object.entries(members)), "team").map((row) => row.key);
}

describe("the org tree", () => {
  test("shows only what lies under open orgs", () => {
    expect(keys([])).toEqual(["team", "A", "B"]);
    expect(keys(["A"], { A: [] })).toEqual(["team", "A", "A1", "B"]);
    expect(keys(["A1"], { A1: [] })).toEqual(["team", "A", "B"]);
    expect(keys(["A", "A1"], { A: [], A1: [] })).toEqual(["team", "A", "A1", "A11", "B"]);
  });

  test("says of the first list whether it is all there is", () => {
    const first = (orgs: Load<readonly Org[]>) => rowsOfTree(orgs, new Set(), new Map(), "team")[0];
    expect(first(ORGS)).toMatchObject({ kind: "team", alone: false });
    expect(first("loading")).toMatchObject({ kind: "team", alone: false });
    expect(first([])).toMatchObject({ kind: "team", alone: true });
  });

  test("lists an org's people before its orgs, and the same person in two places under two keys", () => {
    const people = [person("u1")];
    expect(keys(["team", "A"], { team: people, A: people })).toEqual([
      "team",
      "team/u1",
      "A",
      "A/u1",
      "A1",
      "B",
    ]);
  });

  test("says of each open org whether its people are coming, failed or not there", () => {
    expect(keys(["B"])).toContain("B/loading");
    expect(keys(["B"], { B: "failed" })).toContain("B/failed");
    expect(keys(["B"], { B: [] })).toContain("B/empty");
  });

  test("counts levels from one", () => {
    const rows = rowsOfTree(ORGS, new Set(["A", "A1"]), new Map(), "team");
    expect(rows.find((row) => row.key === "A11")?.level).toBe(3);
  });
});

test("a search is flat and tells where each person works", () => {
  const rows = rowsOfSearch([person("u1"), person("u2")]);
  expect(rows.map((row) => row.level)).toEqual([1, 1]);
  expect(rows.every((row) => row.kind === "person" && !row.inOrg)).toBe(true);
});
