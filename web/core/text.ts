/** What a talk may hold: the same rules the server refuses by, applied before anything is stored. */

export const MAX_TEXT = 4000;

// Control characters but newline and tab; U+2028/2029 stay, they are text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Line ends made one kind, what cannot travel taken out, NFC. */
export function cleanText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(LONE_SURROGATE, "").replace(CONTROL, "").normalize("NFC");
}

/** UTF-16 units, as the limit counts them. */
export function textLength(text: string): number {
  return text.length;
}
