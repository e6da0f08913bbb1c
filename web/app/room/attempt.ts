import type { Done } from "../../core";
import { errorSentence } from "../language/language";
import { toast } from "../parts/toast";

/** Does something that the server may refuse, and says so in a sentence when it does. True: it was done. */
export async function attempt(doing: Promise<unknown>): Promise<boolean> {
  try {
    await doing;
    return true;
  } catch (error) {
    toast(errorSentence(error), { kind: "bad" });
    return false;
  }
}

/** The same for what may have to wait for the connection: then `waits` says that it will be done. */
export function attemptOrLater(doing: Promise<Done>, waits: string): Promise<boolean> {
  return attempt(doing.then((done) => done === "waits" && toast(waits)));
}
