import { client } from "../client";
import { go, pathTo } from "../frame/route";
import { errorSentence } from "../language/language";
import { toast } from "../parts/toast";

/** Opens the room of these people and me; nobody gives my own room. False when it could not be had. */
export async function talkWith(people: readonly string[]): Promise<boolean> {
  try {
    go(pathTo.room(await client.createRoom(people)));
    return true;
  } catch (error) {
    toast(errorSentence(error), { kind: "bad" });
    return false;
  }
}
