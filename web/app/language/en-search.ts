// The English of search.

import type { koSearch } from "./ko-search";

export const enSearch: typeof koSearch = {
  search: {
    title: "Search this chat",
    open: "Search this chat",
    close: "Close search",
    field: "Search messages and file names",
    everywhere: "Messages",
    rooms: "Chats",
    scope: "Where to search",
    kinds: "Kind",
    image: "Photos",
    video: "Videos",
    file: "Files",
    link: "Links",
    sender: "Sender",
    anybody: "Anybody",
    since: "From",
    until: "To",
    more: "Search further",
    looking: "Searching.",
    found: (count, more) => (more ? `${count} or more found` : `${count} found`),
    nothing: "No messages found.",
    nothingHint: "The beginning of a word is enough.",
    hint: "Search this chat by words, sender, kind or date.",
    failed: "The search failed.",
    hit: (name, time, text) => `${name}, ${time}: ${text}`,
  },
};
