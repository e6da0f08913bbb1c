/** The messenger in a window or tab of its own: opened, found again, and told who the person is. */
import type { Handoff, PageReady } from "./messages";

const NAME = "sendjay-messenger";
const SHAPE = "popup,width=1080,height=760";

export interface WindowsNeeds {
  base: string;
  user(): string | null;
  code(): Promise<string>;
  browser: string;
}

export class Windows {
  readonly #needs: WindowsNeeds;
  #window: Window | null = null;
  #room: string | null = null;

  constructor(needs: WindowsNeeds) {
    this.#needs = needs;
  }

  /** False: the browser did not allow it. Must be called within a person's click to be sure of it. */
  open(kind: "window" | "tab", room: string | null): boolean {
    this.#room = room;
    // No address: one that is there already is found and not loaded again.
    const found = open("", NAME, kind === "window" ? SHAPE : "");
    if (!found) return false;
    this.#window = found;
    if (isEmpty(found)) found.location.href = `${this.#needs.base}/`;
    else this.goTo(room);
    found.focus();
    return true;
  }

  /** Shows a room in the window that is open, and tells it who the person is. */
  goTo(room: string | null): void {
    this.#room = room;
    if (this.#window) this.#say(this.#window, null);
  }

  /** One of our pages, opened from here, asks who it is. Origin is checked by the caller. */
  answers(event: MessageEvent<PageReady>): void {
    const page = event.source;
    if (!page || !("closed" in page)) return;
    this.#window = page;
    if (event.data.sendjay === "window-ready") this.#say(page, null);
    // Without a code the window shows its own sign-in.
    else
      this.#needs.code().then(
        (code) => this.#say(page, code),
        () => undefined,
      );
  }

  #say(page: Window, code: string | null): void {
    const user = this.#needs.user();
    if (user === null) return;
    const { base, browser } = this.#needs;
    const handoff: Handoff = { sendjay: "handoff", code, user, browser, room: this.#room };
    page.postMessage(handoff, base);
  }
}

/** A page of another origin cannot be looked at: it is the messenger, there already. */
function isEmpty(page: Window): boolean {
  try {
    return page.location.href === "about:blank";
  } catch {
    return false;
  }
}
