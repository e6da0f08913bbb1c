/** What is shown of a text that was found: the part around the first word, and where the words are. */

export interface Marked {
  readonly text: string;
  readonly marked: boolean;
}

const BEFORE = 24;
const SHOWN = 140;

export function markedParts(text: string, sought: string): Marked[] {
  const terms = sought.normalize("NFC").toLowerCase().split(/\s+/u).filter(Boolean);
  const line = text.replace(/\s+/gu, " ");
  const folded = line.toLowerCase();
  // Letters whose small form is longer would shift what follows: then nothing is marked.
  const places = folded.length === line.length ? terms.map((term) => folded.indexOf(term)) : [];
  const first = Math.min(...places.filter((at) => at >= 0), Number.POSITIVE_INFINITY);
  const from = Number.isFinite(first) && first > BEFORE ? first - BEFORE : 0;
  const shown = line.slice(from, from + SHOWN);
  const parts = cutUp(shown, folded.length === line.length ? terms : []);
  if (from > 0) parts.unshift({ text: "…", marked: false });
  if (from + SHOWN < line.length) parts.push({ text: "…", marked: false });
  return parts;
}

function cutUp(text: string, terms: readonly string[]): Marked[] {
  const folded = text.toLowerCase();
  const parts: Marked[] = [];
  let at = 0;
  while (at < text.length) {
    const next = terms
      .map((term) => ({ start: folded.indexOf(term, at), length: term.length }))
      .filter(({ start }) => start >= 0)
      .sort((a, b) => a.start - b.start || b.length - a.length)[0];
    if (!next) break;
    if (next.start > at) parts.push({ text: text.slice(at, next.start), marked: false });
    parts.push({ text: text.slice(next.start, next.start + next.length), marked: true });
    at = next.start + next.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), marked: false });
  return parts;
}
