import { effect } from "@preact/signals";
import { client } from "../client";
import { errorSentence, language, words } from "../language/language";
import { toast } from "../parts/toast";

/** Says so when something that waited for the connection was not allowed in the end. */
export function tellRefusedErrands(): () => void {
  let told = client.errandRefused.peek();
  return effect(() => {
    const refused = client.errandRefused.value;
    if (refused === null || refused === told) return;
    told = refused;
    const said = words.peek().room;
    const view = client.rooms.get(refused.room).state.peek();
    const name = view ? client.rooms.name(view, language.peek()) : words.peek().chats.title;
    const what = refused.kind === "invite" ? said.inviteRefused(name) : said.leaveRefused(name);
    toast(`${what} ${errorSentence({ code: refused.code })}`, { kind: "bad" });
  });
}
