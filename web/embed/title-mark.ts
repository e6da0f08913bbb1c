/** Marks the title of the tab that is connected, as "Orders (with Talk)"; the host may change its title at any time. */

export class TitleMark {
  readonly #mark: string;
  #watcher: MutationObserver | null = null;

  constructor(mark: string) {
    this.#mark = mark && ` ${mark}`;
  }

  show(shown: boolean): void {
    if (this.#mark === "" || shown === (this.#watcher !== null)) return;
    if (shown) {
      this.#watcher = new MutationObserver(() => this.#put());
      this.#watch();
      this.#put();
    } else {
      this.#watcher?.disconnect();
      this.#watcher = null;
      if (document.title.endsWith(this.#mark)) document.title = document.title.slice(0, -this.#mark.length);
    }
  }

  /** The head as well as the title: some hosts replace the element itself. */
  #watch(): void {
    const title = document.querySelector("head > title");
    this.#watcher?.observe(document.head, { childList: true });
    if (title) this.#watcher?.observe(title, { childList: true, characterData: true, subtree: true });
  }

  #put(): void {
    this.#watcher?.disconnect();
    const { title } = document;
    if (!title.endsWith(this.#mark)) document.title = title + this.#mark;
    this.#watch();
  }
}
