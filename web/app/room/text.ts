/** What a message's text is made of. Text is only ever shown as text nodes and links built here, never as HTML. */

export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

const LINK = /(?:https?:\/\/|www\.)[^\s<>"'`{}|\\^]+/giu;
/** Punctuation, and Korean particles' usual neighbours, that end a sentence rather than an address. */
const TRAILING = /[.,;:!?…·~。、，！？)\]}>」』”’]+$/u;

/** Splits a text into plain pieces and http/https links; other schemes stay plain text. */
export function pieces(body: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of body.matchAll(LINK)) {
    const text = withoutTrailing(match[0]);
    const href = address(text);
    if (href === null) continue;
    if (match.index > from) found.push({ kind: "text", text: body.slice(from, match.index) });
    found.push({ kind: "link", text, href });
    from = match.index + text.length;
  }
  if (from < body.length) found.push({ kind: "text", text: body.slice(from) });
  return found;
}

function withoutTrailing(text: string): string {
  // A closing bracket belongs to the address when the address opened it: /wiki/Seoul_(city)
  const trimmed = text.replace(TRAILING, "");
  const rest = text.slice(trimmed.length);
  if (rest.startsWith(")") && trimmed.split("(").length > trimmed.split(")").length) return `${trimmed})`;
  return trimmed;
}

function address(text: string): string | null {
  const candidate = /^www\./iu.test(text) ? `https://${text}` : text;
  if (!URL.canParse(candidate)) return null;
  const url = new URL(candidate);
  const web = url.protocol === "https:" || url.protocol === "http:";
  return web && (url.hostname.includes(".") || url.hostname === "localhost") ? url.href : null;
}

const EMOJI_ONLY = /^(?:\p{RGI_Emoji}|\s)+$/v;

/** A message of at most three emoji and nothing else is shown large. */
export function isLargeEmoji(body: string): boolean {
  if (body.length > 40 || !EMOJI_ONLY.test(body)) return false;
  const count = [...new Intl.Segmenter().segment(body.replace(/\s/gu, ""))].length;
  return count > 0 && count <= 3;
}
