import { BrowserNotes, type NotificationSurface } from "../../core";
import { filesLine } from "../files/about";
import { go, pathTo } from "../frame/route";
import { kept } from "../kept";
import { language, words } from "../language/language";
import { permission } from "./permission";

const notes = new BrowserNotes({
  values: kept,
  product: () => words.peek().product,
  onPress: (room) => {
    window.focus();
    if (room) go(pathTo.room(room));
  },
});

/** This browser's notifications. */
export const surface: NotificationSurface = {
  permitted: () => permission.peek() === "granted",
  show: (note) => notes.show(note),
  close: (room) => notes.close(room),
  clear: () => notes.clear(),
  words: () => ({
    language: language.peek(),
    product: words.peek().product,
    newTalks: words.peek().notify.newTalks,
    files: filesLine,
    named: words.peek().naming.me,
  }),
};
