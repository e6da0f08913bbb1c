/** Which rooms are before the person's eyes: told to the server from here, heard from it of my other devices. */

const REST_MS = 150;

export interface FocusNeeds {
  ready(): boolean;
  tell(rooms: string[]): Promise<unknown>;
  /** Rooms that came before the person's eyes, here or elsewhere. */
  onFront(rooms: readonly string[]): void;
}

export class Focus {
  readonly #needs: FocusNeeds;
  #focused = false;
  #room: string | null = null;
  #elsewhere: readonly string[] = [];
  #told = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: FocusNeeds) {
    this.#needs = needs;
  }

  has(room: string): boolean {
    return this.#here().includes(room) || this.#elsewhere.includes(room);
  }

  /** Whether this page has the person's keys and is seen. */
  setFocused(focused: boolean): void {
    if (this.#focused === focused) return;
    this.#focused = focused;
    this.#changed();
  }

  setRoom(room: string | null): void {
    if (this.#room === room) return;
    this.#room = room;
    this.#changed();
  }

  heard(rooms: readonly string[]): void {
    this.#elsewhere = rooms;
    if (rooms.length > 0) this.#needs.onFront(rooms);
  }

  /** A new connection has been told nothing yet. */
  connected(elsewhere: readonly string[]): void {
    this.#told = "";
    this.heard(elsewhere);
    this.#tell();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#elsewhere = [];
    this.#told = "";
  }

  #here(): string[] {
    return this.#focused && this.#room !== null ? [this.#room] : [];
  }

  #changed(): void {
    const here = this.#here();
    if (here.length > 0) this.#needs.onFront(here);
    // From room to room and from window to window: only where it comes to rest is told.
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell();
    }, REST_MS);
  }

  #tell(): void {
    const rooms = this.#here();
    const key = rooms.join(" ");
    if (key === this.#told || !this.#needs.ready()) return;
    this.#told = key;
    this.#needs.tell(rooms).catch(() => {
      // Told again at the next welcome or change.
      if (this.#told === key) this.#told = "?";
    });
  }
}
