/** Ways into the timeline that is on screen, for who finds something in it: to a message, and back. */

export interface Standing {
  readonly room: string;
  toSeq(seq: number): void;
  toFoot(): void;
  /** The first message in sight; null: the reader is at the foot. */
  place(): number | null;
}

let standing: Standing | null = null;
let wanted: { room: string; seq: number } | null = null;

/** A timeline is on screen; whoever waits for it goes to their message now. */
export function stand(now: Standing): () => void {
  standing = now;
  if (wanted?.room === now.room) {
    const { seq } = wanted;
    wanted = null;
    now.toSeq(seq);
  }
  return () => {
    if (standing === now) standing = null;
  };
}

/** To a message, now or as soon as its room is there. */
export function jump(room: string, seq: number): void {
  if (standing?.room === room) standing.toSeq(seq);
  else wanted = { room, seq };
}

/** Where the reader is: a seq, null at the foot, undefined where nothing is on screen. */
export function placeIn(room: string): number | null | undefined {
  return standing?.room === room ? standing.place() : undefined;
}

export function returnTo(room: string, place: number | null | undefined): void {
  if (standing?.room !== room || place === undefined) return;
  if (place === null) standing.toFoot();
  else standing.toSeq(place);
}
