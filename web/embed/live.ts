/** One person's messenger in the background of this page: connected, counting, notifying, marking the title. */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { ConnectionState } from "../core/contract";
import { fillMessage, fillSettings, type MySettings } from "../core/model";
import { servePort } from "../core/tabs/port-line";
import type { SharedLine } from "../core/tabs/shared-line";
import type { AnyEvent, Welcome } from "../core/wire";
import { fetchLater } from "./fetch-later";
import { shareLine } from "./line";
import type { ConnectionHeard, Listeners } from "./listeners";
import { News } from "./news";
import type { Notices } from "./notices";
import type { Options } from "./options";
import { askToNotify, mayNotify } from "./permission";
import type { Messenger } from "./server";
import { TitleMark } from "./title-mark";
import type { Visit, Visitor } from "./visitor";
import { quietly } from "./warn";

export interface LiveNeeds {
  messenger: Messenger;
  visitor: Visitor;
  options: Options;
  listeners: Listeners;
  openRoom(room: string): void;
  onFirstWelcome(): void;
  /** The server has ended the session. */
  onEnded(): void;
}

export class Live {
  readonly #needs: LiveNeeds;
  readonly #visit: Visit;
  readonly #line: SharedLine;
  readonly #news: News;
  readonly #title: TitleMark;
  readonly #settings = signal<MySettings>(fillSettings({}));
  readonly #ends: (() => void)[] = [];
  /** Null until this page may show any: their code is fetched then. */
  #notices: Notices | null = null;
  #welcome: Welcome | null = null;
  #isOver = false;

  constructor(visit: Visit, needs: LiveNeeds) {
    const { messenger, visitor, options, listeners } = needs;
    this.#needs = needs;
    this.#visit = visit;
    this.#settings.value = fillSettings(visit.settings);
    this.#title = new TitleMark(options.titleMark);
    this.#line = shareLine(messenger.base, visitor, visit.user.id, {
      sync: () => null,
      onWelcome: (welcome) => this.#welcomed(welcome),
      onEvent: (event) => this.#heard(event),
      onStopped: () => needs.onEnded(),
    });
    this.#news = new News({
      ask: () => this.#line.request("news.get", {}),
      mayAsk: () => !document.hidden || this.#line.leads.peek(),
    });
    const connection = computed(() => toldState(this.#line.state.value));
    this.#ends.push(
      effect(() => listeners.tell("unread", this.unread.value)),
      effect(() => listeners.tell("connection", connection.value)),
      effect(() => this.#title.show(this.#line.leads.value && connection.value === "connected")),
    );
    this.#followPage();
    this.connection = connection;
  }

  readonly connection: ReadonlySignal<ConnectionHeard>;

  get unread(): ReadonlySignal<number> {
    return this.#news.unread;
  }

  get settings(): MySettings {
    return this.#settings.peek();
  }

  /** Whether the connection is this page's own, and not another tab's. */
  get leads(): boolean {
    return this.#line.leads.peek();
  }

  /** A window of the messenger in this very browser has the place. */
  get isInWindow(): boolean {
    const state = this.#line.state.peek();
    return state.phase === "parked" && state.by?.sameBrowser === true;
  }

  start(): void {
    this.#line.start();
    this.#notices?.start();
    quietly(() => this.#notify());
  }

  /** The page rests (back/forward cache) or goes. */
  stop(): void {
    this.#notices?.stop();
    this.#line.stop();
  }

  /** For good: nobody is signed in any more. */
  end(): void {
    this.#isOver = true;
    this.#notices?.clear();
    this.#line.stop();
    this.#title.show(false);
    this.#news.stop();
    for (const end of this.#ends.splice(0)) end();
  }

  /** To be called while a person presses something. */
  askToNotify(): void {
    askToNotify(this.settings, () => quietly(() => this.#notify()));
  }

  /** Gives the line to a panel. */
  serve(port: MessagePort): () => void {
    return servePort(this.#line, port);
  }

  #welcomed(welcome: Welcome): void {
    if (welcome.settings) this.#settings.value = fillSettings(welcome.settings);
    this.#news.now();
    this.#notices?.welcomed(welcome);
    const isFirst = this.#welcome === null;
    this.#welcome = welcome;
    if (isFirst) this.#needs.onFirstWelcome();
  }

  async #notify(): Promise<void> {
    if (this.#notices || !mayNotify()) return;
    const { messenger, visitor, options, openRoom } = this.#needs;
    const later = await fetchLater(messenger.base);
    if (this.#notices || this.#isOver) return;
    this.#notices = new later.Notices({
      messenger,
      visitor,
      line: () => this.#line,
      language: options.language,
      settings: () => this.#settings.peek(),
      openRoom,
    });
    this.#notices.start();
    if (this.#welcome && this.#line.isReady) this.#notices.welcomed(this.#welcome);
  }

  #heard(event: AnyEvent): void {
    if (event.ev === "mine.changed" && event.settings) this.#settings.value = fillSettings(event.settings);
    this.#news.heard(event);
    this.#notices?.heard(event);
    if (event.ev === "message.new") this.#tellHost(event.room, fillMessage(event.message));
  }

  #tellHost(room: string, { sender, kind, body }: ReturnType<typeof fillMessage>): void {
    if (sender === this.#visit.user.id) return;
    const { show_body } = this.#settings.peek();
    const heard = { room, sender, kind };
    this.#needs.listeners.tell("message", show_body && kind === "text" ? { ...heard, text: body } : heard);
  }

  #followPage(): void {
    const seen = () => {
      this.#line.setVisible(!document.hidden);
      if (document.hidden) return;
      this.#line.probe();
      this.#news.seen();
      quietly(() => this.#notify());
    };
    // Used on another computer meanwhile: whoever touches this page is here again.
    const used = () => {
      const state = this.#line.state.peek();
      if (state.phase === "parked" && !this.isInWindow) this.#line.useHere();
    };
    this.#on(document, "visibilitychange", seen);
    this.#on(window, "online", seen);
    this.#on(window, "focus", seen);
    this.#on(window, "pointerdown", used);
    this.#on(window, "keydown", used);
    this.#line.setVisible(!document.hidden);
  }

  #on(target: EventTarget, name: string, listener: () => void): void {
    target.addEventListener(name, listener, { capture: true, passive: true });
    this.#ends.push(() => target.removeEventListener(name, listener, { capture: true }));
  }
}

function toldState({ phase }: ConnectionState): ConnectionHeard {
  if (phase === "ready") return "connected";
  if (phase === "parked") return "elsewhere";
  return phase === "stopped" ? "off" : "connecting";
}
