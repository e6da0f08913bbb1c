/**
 * Simple formatting, written as text: `code`, *bold*, _italics_, code blocks, quotes and lists. What is made here is a plan
 * of plain pieces; it is drawn as elements built one by one, never as HTML. Each text is gone through a bounded number of
 * times, whatever stands in it.
 */
import { type Piece, pieces } from "./text";

export type Marked =
  | { kind: "code"; text: string }
  | { kind: "bold"; text: string }
  | { kind: "italic"; text: string };
export type Inline = Piece | Marked;

export type Block =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "quote"; text: string }
  | { kind: "list"; ordered: boolean; first: number; items: string[] };

const FENCE = /^```[\w+-]*\s*$/u;
const QUOTE = /^> ?(?=\S)/u;
const BULLET = /^[-•] (?=\S)/u;
const NUMBER = /^(\d{1,4})\. (?=\S)/u;

/** A message, block by block, in order. */
export function blocks(body: string): Block[] {
  const lines = body.split("\n");
  const lastClosing = lines.findLastIndex(closes);
  const found: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    // Behind the last closing one no fence is looked for: what is open there is text.
    if (at < lastClosing && FENCE.test(lines[at] as string)) {
      const end = lines.findIndex((line, index) => index > at && closes(line));
      found.push({ kind: "code", text: lines.slice(at + 1, end).join("\n") });
      at = end + 1;
    } else {
      add(found, lines[at] as string);
      at += 1;
    }
  }
  return found;
}

function closes(line: string): boolean {
  return line.trimEnd() === "```";
}

function add(found: Block[], line: string): void {
  const last = found.at(-1);
  const bullet = BULLET.exec(line);
  const number = bullet ? null : NUMBER.exec(line);
  if (bullet || number) {
    const item = line.slice((bullet ?? number)?.[0].length);
    const ordered = number !== null;
    if (last?.kind === "list" && last.ordered === ordered) last.items.push(item);
    else found.push({ kind: "list", ordered, first: Number(number?.[1] ?? 1), items: [item] });
    return;
  }
  const quote = QUOTE.exec(line);
  const kind = quote ? "quote" : "text";
  const text = quote ? line.slice(quote[0].length) : line;
  if (last?.kind === kind) last.text += `\n${text}`;
  else found.push({ kind, text });
}

/**
 * A mark opens where no letter or digit stands before it, and closes where no Latin letter or digit follows: Korean
 * particles may (*중요*합니다), and snake_case or 2*3*4 stay as they are.
 */
const MARKED =
  /(?<![\p{L}\p{N}`*_])(?:`([^`\n]{1,400})`|\*(?=\S)([^*\n]{1,400})(?<=\S)\*|_(?=\S)([^_\n]{1,400})(?<=\S)_)(?![A-Za-z0-9`*_])/gu;

/** The pieces of one block's text. Addresses keep their own stars and underscores; in code nothing is anything else. */
export function inline(text: string): Inline[] {
  const found: Inline[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) found.push(...pieces(text.slice(from, to)));
  };
  const addresses = spansOfLinks(text);
  for (const match of text.matchAll(MARKED)) {
    const [whole, code, bold, italic] = match;
    const end = match.index + whole.length;
    if (code === undefined && addresses.some(([start, stop]) => match.index < stop && end > start)) continue;
    plain(match.index);
    if (code !== undefined) found.push({ kind: "code", text: code });
    else if (bold !== undefined) found.push({ kind: "bold", text: bold });
    else found.push({ kind: "italic", text: italic ?? "" });
    from = end;
  }
  plain(text.length);
  return found;
}

/** Where addresses stand, as [from, to). */
function spansOfLinks(text: string): [number, number][] {
  const spans: [number, number][] = [];
  let at = 0;
  for (const piece of pieces(text)) {
    if (piece.kind === "link") spans.push([at, at + piece.text.length]);
    at += piece.text.length;
  }
  return spans;
}
