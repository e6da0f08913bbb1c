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
