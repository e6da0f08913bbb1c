/** A page of a portal that has opened this window: it says which browser this is, who the person is, what to show. */
import { signal } from "@preact/signals";
import type { Client, ServerInfo } from "../core";
import type { Handoff, PageReady } from "../embed/messages";
import { go, pathTo } from "./frame/route";
import { inPanel } from "./panel/host";

/** Any page may have opened this one; only a portal's answers, and at once. */
const ANSWERS_WITHIN_MS = 700;
const CODE_WITHIN_MS = 10_000;
const FACTS_WITHIN_MS = 5_000;
const BROWSER = "sendjay.browser";

/** While the portal's person is being signed in here, nobody is shown a sign-in. */
export const isArriving = signal(false);

export class Portal {
  readonly #page: Window;
  readonly #origin: string;
  #user: string;
  #client: Client | null = null;

  constructor(page: Window, origin: string, first: Handoff) {
    this.#page = page;
    this.#origin = origin;
    this.#user = first.user;
    this.#goTo(first);
    addEventListener("message", (event: MessageEvent<unknown>) => {
      const said = handoffOf(event, page);
      if (said && event.origin === origin) this.#hear(said);
    });
  }

  /**
   * The portal's person. Somebody else who was signed in here sat before this browser earlier: what is theirs is not
   * shown to who has opened this window, and stays theirs.
   */
  async signIn(client: Client): Promise<void> {
    this.#client = client;
    if (isArriving.peek()) return;
    const session = client.session.peek();
    const isAnother = session.phase === "signed_in" && session.me.id !== this.#user;
    if (session.phase !== "signed_out" && !isAnother) return;
    isArriving.value = true;
    try {
      const { code, user } = await answer(
        this.#page,
        this.#origin,
        "window-sign-in",
        CODE_WITHIN_MS,
        (said) => said.code !== null,
      );
      if (code !== null && user === this.#user) await client.handoff(code, this.#origin);
      // Nothing of the other person's stays in memory.
      if (isAnother) location.reload();
    } catch {
      // The portal has gone or was refused: there is the sign-in of one's own.
    } finally {
      isArriving.value = false;
    }
  }

  /** Opened anew by the portal: perhaps by the next person who sits there. */
  #hear(said: Handoff): void {
    this.#goTo(said);
    if (said.code !== null) return;
    this.#user = said.user;
    if (this.#client) void this.signIn(this.#client);
  }

  #goTo({ room }: Handoff): void {
    if (room !== null) go(pathTo.talk(room), { replace: true });
  }
}

/** What the portal calls this browser; also after the portal's page has gone. */
export function browserOfPortal(): string | null {
  try {
    return sessionStorage.getItem(BROWSER);
  } catch {
    return null;
  }
}

/** Null: no portal's page has opened this one. */
export async function findPortal(): Promise<Portal | null> {
  const page: Window | null = window.opener;
  if (inPanel || !page || isOurOwn(page)) return null;
  try {
    // Says only that this window is there: any origin may hear it.
    const said = await answer(page, "*", "window-ready", ANSWERS_WITHIN_MS, () => true);
    // Whom another site takes this person for must make no difference that it could see: it would learn who they are.
    if (!(await portals()).includes(said.origin)) return null;
    keepBrowser(said.browser);
    return new Portal(page, said.origin, said);
  } catch {
    return null;
  }
}

async function portals(): Promise<readonly string[]> {
  const answer = await fetch("/api/server", { signal: AbortSignal.timeout(FACTS_WITHIN_MS) });
  return ((await answer.json()) as ServerInfo).portals;
}

/** `origin`: the page's, which may have become another one's meanwhile; "*": whatever it is. */
function answer(
  page: Window,
  origin: string,
  asked: PageReady["sendjay"],
  withinMs: number,
  fits: (said: Handoff) => boolean,
): Promise<Handoff & { origin: string }> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(patience);
      removeEventListener("message", heard);
    };
    const heard = (event: MessageEvent<unknown>) => {
      const said = handoffOf(event, page);
      if (!said || !fits(said) || (origin !== "*" && event.origin !== origin)) return;
      done();
      resolve({ ...said, origin: event.origin });
    };
    const patience = setTimeout(() => {
      done();
      reject(new Error("No portal answers."));
    }, withinMs);
    addEventListener("message", heard);
    page.postMessage({ sendjay: asked } satisfies PageReady, origin);
  });
}

function handoffOf(event: MessageEvent<unknown>, page: Window): Handoff | null {
  const said = event.data as Handoff | null;
  return event.source === page && said?.sendjay === "handoff" ? said : null;
}

function isOurOwn(page: Window): boolean {
  try {
    return page.location.origin === location.origin;
  } catch {
    return false;
  }
}

function keepBrowser(browser: string): void {
  try {
    sessionStorage.setItem(BROWSER, browser);
  } catch {
    // Without storage a reload asks the portal's page again.
  }
}
