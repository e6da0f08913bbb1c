import { useState } from "preact/hooks";

interface Kept {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

/** Whether a reader has folded this away, in this browser; another `what` under the same key is unfolded again. */
export function useFolded(key: string, what: string, kept: Kept) {
  const [, redraw] = useState(0);
  const set = (value: string) => {
    kept.set(key, value);
    redraw((turn) => turn + 1);
  };
  return { is: kept.get(key) === what, close: () => set(what), open: () => set("") };
}
