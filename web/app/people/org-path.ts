import { signal } from "@preact/signals";
import type { Org, Person } from "../../core";
import { client } from "../client";

const byCode = signal<ReadonlyMap<string, Org> | null>(null);
let asked = false;

async function load(): Promise<void> {
  if (asked) return;
  asked = true;
  try {
    byCode.value = new Map((await client.orgs()).map((org) => [org.code, org]));
  } catch {
    // The company and the team are known without it; the next profile asks again.
    asked = false;
  }
}

/** From the company down to the person's own team. Reads a signal: call it while rendering. */
export function orgPath(person: Person): string[] {
  void load();
  const path: string[] = [];
  for (
    let org = byCode.value?.get(person.org);
    org;
    org = org.parent ? byCode.value?.get(org.parent) : undefined
  ) {
    // A tree that bites its own tail must not hang the page.
    if (path.length > 20) break;
    path.unshift(org.name);
  }
  if (path.length > 0) return path;
  return [person.top_org_name, person.org_name].filter((name, at, all) => name && all.indexOf(name) === at);
}
