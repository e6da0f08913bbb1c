import type { Org, Person } from "../../core";

export type Load<T> = T | "loading" | "failed";

/** One line of the tree, from top to bottom as it is seen. `key` is its own; `level` counts from 1. */
export type Row =
  | { kind: "org"; key: string; level: number; code: string; name: string; open: boolean }
  /** `alone`: there is no org below it; then it is the people I talk with. */
  | { kind: "team"; key: string; level: number; code: string; open: boolean; alone: boolean }
  | { kind: "person"; key: string; level: number; person: Person; inOrg: boolean }
  | { kind: "loading" | "failed" | "empty"; key: string; level: number; code: string };

export type RowOfSomething = Extract<Row, { kind: "org" | "team" | "person" }>;

/** The rows that the arrows stop at. */
export function isStop(row: Row): row is RowOfSomething {
  return row.kind === "org" || row.kind === "team" || row.kind === "person";
}

function personRow(person: Person, under: string, level: number): Row {
  return { kind: "person", key: `${under}/${person.id}`, level, person, inOrg: under !== "" };
}

function rowsOfMembers(
  people: Load<readonly Person[]> | undefined,
  code: string,
  level: number,
  hasOrgs: boolean,
): Row[] {
  if (people === undefined || people === "loading" || people === "failed") {
    const kind = people === "failed" ? "failed" : "loading";
    return [{ kind, key: `${code}/${kind}`, level, code }];
  }
  if (people.length === 0 && !hasOrgs) return [{ kind: "empty", key: `${code}/empty`, level, code }];
  return people.map((person) => personRow(person, code, level));
}

/** What is to be seen of the tree: my team, then every org whose ancestors are all open, its people before its orgs. */
export function rowsOfTree(
  orgs: Load<readonly Org[]>,
  open: ReadonlySet<string>,
  members: ReadonlyMap<string, Load<readonly Person[]>>,
  team: string,
): Row[] {
  const teamOpen = open.has(team);
  const alone = orgs.length === 0;
  const rows: Row[] = [{ kind: "team", key: team, level: 1, code: team, open: teamOpen, alone }];
  if (teamOpen) rows.push(...rowsOfMembers(members.get(team), team, 2, false));
  if (orgs === "loading" || orgs === "failed") {
    rows.push({ kind: orgs, key: `orgs/${orgs}`, level: 1, code: "" });
    return rows;
  }
  const parents = new Set(orgs.map((org) => org.parent));
  const levels = new Map<string, number>();
  for (const org of orgs) {
    const above = org.parent === null ? 0 : levels.get(org.parent);
    if (above === undefined || (org.parent !== null && !open.has(org.parent))) continue;
    const level = above + 1;
    levels.set(org.code, level);
    const opened = open.has(org.code);
    rows.push({ kind: "org", key: org.code, level, code: org.code, name: org.name, open: opened });
    if (opened)
      rows.push(...rowsOfMembers(members.get(org.code), org.code, level + 1, parents.has(org.code)));
  }
  return rows;
}

/** What a search has found, flat. */
export function rowsOfSearch(found: Load<readonly Person[]>): Row[] {
  if (found === "loading" || found === "failed")
    return [{ kind: found, key: `found/${found}`, level: 1, code: "" }];
  return found.map((person) => personRow(person, "", 1));
}
