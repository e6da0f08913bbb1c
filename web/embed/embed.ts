/** Ties the parts together: who is signed in at the host, the line, the button, the panel and the windows. */
import { effect } from "@preact/signals-core";
import { Entrance } from "./entrance";
import { fetchLater, type Later } from "./fetch-later";
import { Launcher } from "./launcher";
import type { Listeners } from "./listeners";
import { Live } from "./live";
import { deviceId, isFirstPageOf, keepPanel, keepSession, takePanel } from "./memory";
import type { PageReady } from "./messages";
import type { Options } from "./options";
import type { Panel } from "./panel";
import { Messenger } from "./server";
import { makeShade } from "./shade";
import { Visitor } from "./visitor";
import { quietly, warn } from "./warn";
import { Windows } from "./windows";

export class Embed {
  readonly #options: Options;
  readonly #listeners: Listeners;
  readonly #messenger: Messenger;
  readonly #visitor: Visitor;
  readonly #entrance: Entrance;
  readonly #launcher: Launcher;
  readonly #windows: Windows;
  #live: Live | null = null;
  /** Its code is fetched when it is first opened. */
  #panel: Panel | null = null;
  #root: ShadowRoot | null = null;
  /** The room of the panel that was open on the page before, until it is open here. */
  #kept: string | null = null;
  #unfollow: () => void = () => undefined;
  #giveUpTab: () => void = () => undefined;
  /** The person has just come to the portal, and nothing of the messenger was open. */
  #isArrival = false;

  constructor(base: string, options: Options, listeners: Listeners) {
    this.#options = options;
    this.#listeners = listeners;
    this.#messenger = new Messenger(base);
    this.#visitor = new Visitor(options.ticketUrl, this.#messenger);
    this.#launcher = new Launcher(base, options.language, () => this.open(null));
    this.#windows = new Windows({
      base,
      browser: deviceId(),
      user: () => this.#visitor.visit?.user.id ?? null,
      code: () => this.#visitor.asking((token) => this.#messenger.handoff(token)),
    });
    this.#entrance = new Entrance(this.#visitor, () => this.#enter());
  }

  get unread(): number {
    return this.#live?.unread.peek() ?? 0;
  }

  begin(): void {
    addEventListener("message", (event: MessageEvent<unknown>) => quietly(() => this.#heard(event)));
    addEventListener("pagehide", () => this.#rest());
    addEventListener("pageshow", (event) => event.persisted && this.#comeBack());
    document.addEventListener("freeze", () => this.#rest());
    document.addEventListener("resume", () => this.#live?.start());
    this.#entrance.begin();
  }

  open(room: string | null): void {
    if (!this.#live) {
      quietly(async () => (await this.#isSomebodyHere()) && this.open(room));
      return;
    }
    this.#live.askToNotify();
    if (this.#opensPanel) quietly(() => this.#openPanel(room, true));
    else this.#openWindow(this.#options.open === "tab" ? "tab" : "window", room);
  }

  chatWith(user: string): Promise<void> {
    return this.#talk((later) => later.roomWith(this.#messenger, this.#visitor, user));
  }

  chatAbout(item: string, signed = false): Promise<void> {
    const url = signed ? this.#options.ticketUrl : "";
    return this.#talk((later) => later.aboutItem(this.#messenger, this.#visitor, item, url));
  }

  async #talk(find: (later: Later) => Promise<string>): Promise<void> {
    if (!this.#live && !(await this.#isSomebodyHere())) return;
    // First, while the person's click still allows a window to be opened.
    this.open(null);
    const where = await find(await fetchLater(this.#messenger.base));
    if (this.#opensPanel) await this.#openPanel(where, true);
    else this.#windows.goTo(where);
  }

  close(): void {
    if (!this.#panel?.isOpen) return;
    this.#panel.close();
    this.#launcher.button.hidden = !this.#options.launcher;
    this.#launcher.button.focus();
    this.#listeners.tell("close", undefined);
  }

  async signOut(): Promise<void> {
    this.#entrance.stop();
    const ending = this.#visitor.signOut();
    this.#leave();
    await ending;
  }

  /** Who uses a page that has just begun need not know that the host is still being asked. */
  async #isSomebodyHere(): Promise<boolean> {
    await this.#entrance.asking;
    if (!this.#live) warn(this.#messenger.base, "not_signed_in");
    return this.#live !== null;
  }

  /** Where it is open in a window of this browser already, that one comes to the front. */
  get #opensPanel(): boolean {
    return this.#options.open === "panel" && this.#live?.isInWindow !== true;
  }

  async #preparePanel(): Promise<Panel> {
    const later = await fetchLater(this.#messenger.base);
    if (this.#panel) return this.#panel;
    this.#panel = new later.Panel({
      base: this.#messenger.base,
      language: this.#options.language,
      user: () => this.#visitor.visit?.user.id ?? null,
      serve: (port) => this.#live?.serve(port) ?? (() => undefined),
      token: async (renew) => {
        if (renew) await this.#visitor.renew(Date.now());
        return this.#visitor.token;
      },
      onClose: () => this.close(),
      onWindow: (room) => this.#openWindow("window", room),
    });
    if (this.#root) this.#panel.putInto(this.#root);
    return this.#panel;
  }

  #enter(): void {
    const { visit } = this.#visitor;
    if (!visit || this.#live) return;
    this.#stand();
    const live = new Live(visit, {
      messenger: this.#messenger,
      visitor: this.#visitor,
      options: this.#options,
      listeners: this.#listeners,
      openRoom: (room) => this.open(room),
      onFirstWelcome: () => this.#arrived(),
      onEnded: () => this.#leave(),
    });
    this.#live = live;
    this.#isArrival = isFirstPageOf(visit.session);
    this.#unfollow = effect(() => {
      const { value } = live.connection;
      if (value === "elsewhere") this.#isArrival = false;
      const connected = value !== "connecting" && value !== "off";
      this.#launcher.show({ unread: live.unread.value, connected });
    });
    // Who goes from page to page of the portal keeps the panel beside them.
    this.#kept = this.#opensPanel ? takePanel(visit.user.id) : null;
    const kept = this.#kept;
    this.#launcher.button.hidden = kept !== null || !this.#options.launcher;
    live.start();
    if (kept !== null) quietly(() => this.#openPanel(kept || null, false));
  }

  /** The button and the panel's place, once somebody is there to use them. */
  #stand(): void {
    if (this.#root) return;
    const { host, root } = makeShade();
    root.append(this.#launcher.button);
    host.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    this.#root = root;
  }

  #arrived(): void {
    const live = this.#live;
    if (!this.#isArrival || !live?.leads || !live.settings.standalone) return;
    quietly(async () => {
      const { openByItself } = await fetchLater(this.#messenger.base);
      if (this.#live === live) this.#giveUpTab = openByItself(() => this.#openWindow("tab", null));
    });
  }

  /** For now or for good: another tab may lead. */
  #rest(): void {
    const { visit } = this.#visitor;
    if (visit) {
      keepSession(visit.session);
      keepPanel(visit.user.id, this.#panel?.isOpen ? this.#panel.shows : this.#kept);
    }
    this.#live?.stop();
  }

  /** From the back/forward cache. What was closed on the pages since stays closed. */
  #comeBack(): void {
    const { visit } = this.#visitor;
    this.#live?.start();
    if (!visit || takePanel(visit.user.id) !== null || !this.#panel) return;
    this.#panel.close();
    this.#launcher.button.hidden = !this.#options.launcher;
  }

  /** Nobody is signed in any more; nothing of theirs stays on the page. */
  #leave(): void {
    this.#unfollow();
    this.#giveUpTab();
    this.#live?.end();
    this.#live = null;
    this.#panel?.remove();
    this.#launcher.button.hidden = true;
    this.#visitor.leave();
  }

  async #openPanel(room: string | null, isWanted: boolean): Promise<void> {
    const panel = await this.#preparePanel().catch(() => null);
    this.#kept = null;
    if (!this.#live) return;
    if (!panel) {
      if (!isWanted) {
        this.#launcher.button.hidden = !this.#options.launcher;
        return;
      }
      // Its code is gone from a messenger that was updated under an old page. A window loads what there is now.
      this.#openWindow("window", room);
      return;
    }
    const wasOpen = panel.isOpen;
    panel.open(room, this.#launcher.side, isWanted);
    this.#launcher.button.hidden = true;
    if (!wasOpen) this.#listeners.tell("open", "panel");
  }

  #openWindow(kind: "window" | "tab", room: string | null): boolean {
    if (!this.#windows.open(kind, room)) return false;
    this.close();
    this.#listeners.tell("open", kind);
    return true;
  }

  #heard(event: MessageEvent<unknown>): void {
    // Any page may post here; only the messenger's own are listened to.
    if (event.origin !== this.#messenger.base || !this.#live) return;
    const ready = event as MessageEvent<PageReady>;
    const said = ready.data?.sendjay;
    if (said === "panel-ready") this.#panel?.answers(ready);
    else if (said === "window-ready" || said === "window-sign-in") this.#windows.answers(ready);
  }
}
