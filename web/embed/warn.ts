/** What goes wrong is told in the console; nothing is ever thrown at the host's page. */
import { fetchLater } from "./fetch-later";
import type { Kind } from "./sentences";

/** The sentences are fetched with the first trouble. */
export function warn(base: string, kind: Kind, detail = ""): void {
  quietly(async () => (await fetchLater(base)).explain(kind, { base, detail }));
}

/** Nothing was answered: says why, as far as that can be found out. */
export function warnOfSilence(base: string): void {
  quietly(async () => (await fetchLater(base)).explainSilence(base));
}

/** Runs what may fail, whatever it is; the host's page goes on. */
export function quietly(work: () => unknown): void {
  try {
    const outcome = work();
    if (outcome instanceof Promise) outcome.catch(() => undefined);
  } catch {
    // Told where it was found; a failure of ours is nothing that the host could handle.
  }
}
