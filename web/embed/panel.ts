/** The docked panel: the messenger in an iframe, made when it is first opened. It gets its line through a port. */

import { WORDS } from "./later-words";
import type { FromPanel, PageReady, PanelPorts, ToPanel } from "./messages";
import styles from "./panel.css?inline";
import { explain } from "./sentences";
import { dress, element } from "./shade";
import type { Language } from "./words";

const ANSWERS_WITHIN_MS = 10_000;

export interface PanelNeeds {
  base: string;
  language: Language;
  user(): string | null;
  /** Serves the line to the panel that holds the other end. */
  serve(port: MessagePort): () => void;
  token(renew: boolean): Promise<string | null>;
  onClose(): void;
  onWindow(room: string | null): void;
}

export class Panel {
  readonly frame = element("div", { class: "panel", hidden: "" });
  readonly #needs: PanelNeeds;
  readonly #dismiss = element("button", { type: "button", class: "dismiss" });
  #iframe: HTMLIFrameElement | null = null;
  #control: MessagePort | null = null;
  #stopServing: (() => void) | null = null;
  #room: string | null = null;
  #shows = "";
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: PanelNeeds) {
    this.#needs = needs;
    this.#dismiss.textContent = "×";
    this.#dismiss.setAttribute("aria-label", WORDS[needs.language].close);
    this.#dismiss.addEventListener("click", () => needs.onClose());
  }

  putInto(root: ShadowRoot): void {
    dress(root, styles);
    root.append(this.frame);
  }

  get isOpen(): boolean {
    return !this.frame.hidden;
  }

  /** The room that it shows; empty: none. */
  get shows(): string {
    return this.#shows;
  }

  /** `isWanted`: by a press just now, and not because it was open on the page before. */
  open(room: string | null, side: "left" | "right", isWanted: boolean): void {
    this.frame.classList.toggle("left", side === "left");
    this.frame.classList.toggle("kept", !isWanted);
    this.frame.hidden = false;
    this.#room = room ?? this.#room;
    this.#shows = room ?? this.#shows;
    if (!this.#iframe) this.#load();
    else if (this.#control) {
      this.#say({ kind: "shown", shown: true });
      this.#goToRoom();
    }
    if (isWanted) this.#iframe?.focus();
  }

  /** Stays loaded: opening it again is at once. */
  close(): void {
    this.frame.hidden = true;
    this.#say({ kind: "shown", shown: false });
  }

  /** Another person, or nobody: nothing of the former one stays. */
  remove(): void {
    clearTimeout(this.#patience);
    this.frame.hidden = true;
    this.#shows = "";
    this.#hangUp();
    this.#iframe?.remove();
    this.#iframe = null;
    this.#room = null;
  }

  /** One of our pages has said that it is there; is it this one? Origin is checked by the caller. */
  answers(event: MessageEvent<PageReady>): boolean {
    const user = this.#needs.user();
    if (!this.#iframe || event.source !== this.#iframe.contentWindow) return false;
    if (user !== null) this.#connect(this.#iframe.contentWindow as Window, user);
    return true;
  }

  #load(): void {
    const { base, language } = this.#needs;
    this.#iframe = element("iframe", {
      src: `${base}/panel?language=${language}`,
      title: WORDS[language].panel,
      allow: "clipboard-write; autoplay",
      referrerpolicy: "origin",
    });
    this.#dismiss.hidden = false;
    this.frame.append(this.#iframe, this.#dismiss);
    this.#patience = setTimeout(() => {
      explain("panel", { base });
    }, ANSWERS_WITHIN_MS);
  }

  #connect(page: Window, user: string): void {
    clearTimeout(this.#patience);
    this.#hangUp();
    const control = new MessageChannel();
    const line = new MessageChannel();
    this.#control = control.port1;
    this.#control.onmessage = (event: MessageEvent<FromPanel>) => this.#heard(event.data);
    this.#stopServing = this.#needs.serve(line.port1);
    const ports: PanelPorts = { sendjay: "panel-ports", user };
    page.postMessage(ports, this.#needs.base, [control.port2, line.port2]);
    this.#say({ kind: "shown", shown: this.isOpen });
    this.#goToRoom();
  }

  #heard(message: FromPanel): void {
    const needs = this.#needs;
    if (message.kind === "close") needs.onClose();
    else if (message.kind === "window") needs.onWindow(message.room);
    else if (message.kind === "at") this.#shows = message.room ?? "";
    else if (message.kind === "drawn") this.#dismiss.hidden = true;
    else if (message.kind === "token")
      void needs.token(message.renew).then((token) => this.#say({ kind: "token", token }));
  }

  #goToRoom(): void {
    if (this.#room !== null) this.#say({ kind: "room", room: this.#room });
    this.#room = null;
  }

  #say(message: ToPanel): void {
    this.#control?.postMessage(message);
  }

  #hangUp(): void {
    this.#stopServing?.();
    this.#stopServing = null;
    this.#control?.close();
    this.#control = null;
  }
}
