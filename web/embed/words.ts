/** What people read of the button. The words of what is fetched later: later-words.ts; the messenger's: web/app/language. */

export type Language = "ko" | "en";

export function openWords(language: Language, unread: number): string {
  if (language === "ko") return unread > 0 ? `메신저 열기, 안 읽은 메시지 ${unread}개` : "메신저 열기";
  return unread > 0 ? `Open messenger, ${unread} unread` : "Open messenger";
}
