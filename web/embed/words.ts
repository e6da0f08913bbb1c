/** What people read of the embed script itself; the messenger's own words are in web/app/language. */

export type Language = "ko" | "en";

interface Words {
  open(unread: number): string;
  panel: string;
  close: string;
  newTalks(count: number): string;
}

export const WORDS: Record<Language, Words> = {
  ko: {
    open: (unread) => (unread > 0 ? `메신저 열기, 안 읽은 메시지 ${unread}개` : "메신저 열기"),
    panel: "메신저",
    close: "메신저 닫기",
    newTalks: (count) => `새 메시지 ${count}개`,
  },
  en: {
    open: (unread) => (unread > 0 ? `Open messenger, ${unread} unread` : "Open messenger"),
    panel: "Messenger",
    close: "Close messenger",
    newTalks: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  },
};
