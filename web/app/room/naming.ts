/** Naming people in a text: what is being typed behind an @, and whom a text names. Pure, so that a table can say it all. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

const TYPED = /(?:^|\s)@([^\s@]{0,30})$/u;
const IN_A_WORD = /[\p{L}\p{N}]/u;
const NAMED_MOST = 50;

/** What stands behind the @ before the caret; null where no name is being typed. */
export function typedName(beforeCaret: string): string | null {
  return TYPED.exec(beforeCaret)?.[1] ?? null;
}

export interface Piece {
  readonly text: string;
  /** Null: only words. */
  readonly id: string | null;
}

/** A text cut up where it names one of these people; the longest name that fits wins. */
export function namedPieces(text: string, people: readonly Named[]): Piece[] {
  if (people.length === 0 || !text.includes("@")) return [{ text, id: null }];
  const longest = [...people].filter(({ name }) => name).sort((a, b) => b.name.length - a.name.length);
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at > 0 && IN_A_WORD.test(text[at - 1] ?? "")) continue;
    const found = longest.find(({ name }) => text.startsWith(name, at + 1));
    if (!found || at < from) continue;
    if (at > from) pieces.push({ text: text.slice(from, at), id: null });
    from = at + 1 + found.name.length;
    pieces.push({ text: text.slice(at, from), id: found.id });
  }
  if (from < text.length) pieces.push({ text: text.slice(from), id: null });
  return pieces;
}

/** Whom a text names. Of several who are called the same, whoever was chosen; nobody where none was. */
export function namedIn(
  text: string,
  members: readonly Named[],
  chosen: ReadonlyMap<string, string>,
): string[] {
  const ids = namedPieces(text, members)
    .filter(({ id }) => id !== null)
    .flatMap((piece) => {
      const name = piece.text.slice(1);
      const same = members.filter((member) => member.name === name);
      const wanted = chosen.get(name) ?? (same.length === 1 ? same[0]?.id : undefined);
      return wanted ?? [];
    });
  return [...new Set(ids)].slice(0, NAMED_MOST);
}
