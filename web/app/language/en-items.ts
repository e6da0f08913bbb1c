// The English of rooms about items: the card, the deal, safety.

import type { koItems } from "./ko-items";

export const enItems: typeof koItems = {
  items: {
    about: "Item",
    openPage: "Open the post",
    gone: "Deleted",
    closed: "Nobody can ask about this right now.",
    cannot: "The chat cannot be started",
    first: "Send the first message",
    firstHint: "That starts the chat, and lets the owner know.",
    write: "Write a message",
    states: {
      requested: "Requested",
      reserved: "Reserved",
      handed_over: "Handed over",
      returned: "Returned",
      cancelled: "Cancelled",
    },
    all: "All",
    owned: "Asked of me",
    asked: "Asked by me",
    lists: "Questions",
    askers: (count: number) => (count === 1 ? "1 person asks" : `${count} people ask`),
    coming: "Coming up",
    none: "Nobody has asked yet.",
    block: "Block",
    unblock: "Unblock",
    blockAsk: (name: string) => `Block ${name}?`,
    blockBody: "Neither of you can write to the other. What was said stays.",
    blockedByMe: "You have blocked this person.",
    blocked: "Nothing can be sent in this chat.",
    report: "Report",
    reportHint: "The last messages of this chat go to the administrator as well.",
    reasonLabel: "Reason",
    reasons: {
      fraud: "It looks like fraud",
      spam: "It is advertising or spam",
      abuse: "It is abusive",
      illegal: "It must not be traded",
      other: "Something else",
    },
    note: "Details (optional)",
    reported: "Thank you. It was reported.",
  },
};
