/** Fetches the second file, once; tried anew at the next need where that failed. */

/** Its path on the messenger's server; the build puts it in. */
declare const LATER_PATH: string;

export type Later = typeof import("./later");

let fetching: Promise<Later> | null = null;

export function fetchLater(base: string): Promise<Later> {
  fetching ??= (import(/* @vite-ignore */ base + LATER_PATH) as Promise<Later>).catch((error: unknown) => {
    fetching = null;
    throw error;
  });
  return fetching;
}
