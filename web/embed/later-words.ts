/** What people read of the panel's frame and of notifications. */
import type { Language } from "./words";

interface Words {
  panel: string;
  close: string;
  chat: string;
  newTalks(count: number): string;
}

export const WORDS: Record<Language, Words> = {
  ko: {
    panel: "메신저",
    close: "메신저 닫기",
    chat: "채팅하기",
    newTalks: (count) => `새 메시지 ${count}개`,
  },
  en: {
    panel: "Messenger",
    close: "Close messenger",
    chat: "Chat",
    newTalks: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
  },
};
