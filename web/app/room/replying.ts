import { signal } from "@preact/signals";
import type { Message } from "../../core";
import { myId } from "./people-words";

interface Replying {
  readonly me: string;
  readonly room: string;
  readonly message: Message;
}

const begun = signal<Replying | null>(null);

/** The message that I am answering in this room. Read it while rendering. */
export function replyingIn(room: string): Message | null {
  const now = begun.value;
  // Whoever signs in after me on this page has begun nothing.
  return now?.room === room && now.me === myId() ? now.message : null;
}

export function replyTo(room: string, message: Message): void {
  begun.value = { me: myId(), room, message };
}

export function stopReplying(): void {
  begun.value = null;
}
