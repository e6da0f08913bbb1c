/** A surface that remembers what stands on it, and everything that ever did. */
import type { Note, NotificationSurface } from "../notify/surface";

export class ShownNotes implements NotificationSurface {
  readonly standing = new Map<string, Note>();
  readonly ever: Note[] = [];
  /** Rooms that were to be taken away, whether one stood there or not. */
  readonly closed: string[] = [];
  allowed = true;

  permitted(): boolean {
    return this.allowed;
  }

  show(note: Note): void {
    this.standing.set(note.room, note);
    this.ever.push(note);
  }

  close(room: string): void {
    this.closed.push(room);
    this.standing.delete(room);
  }

  clear(): void {
    this.standing.clear();
  }

  words() {
    const newTalks = (count: number) => `새 메시지 ${count}개`;
    return { language: "ko" as const, product: "Sendjay", newTalks };
  }
}
