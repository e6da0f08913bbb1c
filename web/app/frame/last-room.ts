import { effect, signal } from "@preact/signals";
import { client } from "../client";
import { route } from "./route";

/** The room that was in front last, to come back to from another place. */
export const lastRoom = signal<string | null>(null);

/** Follows the route, and forgets with the person who signs out. */
export function rememberLastRoom(): () => void {
  return effect(() => {
    if (client.session.value.phase === "signed_out") lastRoom.value = null;
    else if (route.value.tab === "chats") lastRoom.value = route.value.room;
  });
}
