import { useState } from "preact/hooks";
import { errorSentence } from "../language/language";

/** Something that is saved: whether it is under way, and the sentence of what went wrong. */
export function useSaving(): {
  busy: boolean;
  problem: string | null;
  save: (work: () => Promise<void>, done: () => void) => Promise<void>;
  setProblem: (sentence: string | null) => void;
} {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (work: () => Promise<void>, done: () => void) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      done();
    } catch (error) {
      setProblem(errorSentence(error));
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, save, setProblem };
}
