// Names and notices in the reader's language. Everything here reads signals: call it while rendering.

import type { Message } from "../../core";
import { client } from "../client";
import { dealText } from "../items/item-card";
import { words } from "../language/language";

const NAMED_IN_A_NOTICE = 3;

export function myId(): string {
  const session = client.session.value;
  return session.phase === "signed_in" ? session.me.id : "";
}

/** Somebody's name; three dots until it is known. */
export function nameOf(id: string): string {
  return client.people.get(id)?.name ?? "…";
}

function listed(ids: readonly string[], more: number): string {
  const named = ids.slice(0, NAMED_IN_A_NOTICE).map((id) => words.value.notice.person(nameOf(id)));
  return words.value.notice.more(named.join(", "), ids.length - named.length + more);
}

/** What happened to the room, as a sentence. */
export function noticeText(message: Message): string {
  const notice = message.notice;
  if (!notice) return "";
  const say = words.value.notice;
  const actor = nameOf(message.sender);
  const others = notice.people.filter((id) => id !== message.sender);
  const people = listed(others.length > 0 ? others : [message.sender], notice.more);
  switch (notice.type) {
    case "created":
      return others.length > 0 ? say.createdWith(actor, people) : say.created(actor);
    case "invited":
      return say.invited(actor, people);
    case "left":
      return say.left(people);
    case "removed":
      return say.removed(actor, people);
    case "renamed":
      return notice.name ? say.renamed(actor, notice.name) : say.unnamed(actor);
    case "master":
      return say.master(people);
    case "pinned":
      return say.pinned(actor);
    case "unpinned":
      return say.unpinned(actor);
    case "deal":
      return notice.deal ? dealText(notice.deal) : "";
    case "warning":
      return notice.name ?? "";
    default:
      return "";
  }
}
