/** A browser with tabs that can be closed, crashed and frozen: channels, locks and storage that its tabs share. */
import { vi } from "vitest";
import { browserTransport } from "../browser-transport";
import { createClient } from "../client";
import { Connection } from "../connection";
import type { Client } from "../contract";
import type { LineListener } from "../line";
import type { Standing } from "../place";
import { type KeyValues, MemoryStorage } from "../storage";
import type { Port, Surroundings } from "../tabs/surroundings";
import { FakeLocks, type LockOwner } from "./fake-locks";
import type { FakeServer } from "./fake-server";

export class FakeBrowser {
  readonly storage = new MemoryStorage();
  readonly locks = new FakeLocks();
  readonly channels = new Map<string, Set<FakeChannel>>();
  readonly tabs: FakeTab[] = [];
  readonly #values = new Map<string, string>();
  /** How long a message takes on a channel; the same on one channel, so that its order is kept. */
  delay: (channel: string) => number = () => 1;
  /** How much later one page hears a message than another does. What one page says to one other keeps its order. */
  lag: () => number = () => 0;

  constructor(readonly has: { locks: boolean; channels?: boolean; storage?: boolean } = { locks: true }) {}

  get values(): KeyValues {
    return {
      get: (key) => this.#values.get(key) ?? null,
      set: (key, value) => (value === null ? this.#values.delete(key) : this.#values.set(key, value)),
    };
  }

  async open(server: FakeServer, user: string, standing: Standing = "window"): Promise<FakeTab> {
    const tab = this.begin(server, user, standing);
    await vi.advanceTimersByTimeAsync(400);
    return tab;
  }

  begin(server: FakeServer, user: string, standing: Standing): FakeTab {
    const tab = new FakeTab(this, server, user, standing);
    this.tabs.push(tab);
    void tab.client.start();
    return tab;
  }

  /** Those of a page that always runs. */
  surroundings(): Surroundings {
    const page = { run: (what: () => void) => what() };
    return {
      locks: this.has.locks ? this.locks.of(page) : null,
      openChannel: (name) => (this.has.channels === false ? null : new FakeChannel(this, page, name)),
    };
  }

  connection(server: FakeServer, user: string, listener: LineListener): Connection {
    return new Connection({
      ...listener,
      transport: browserTransport({
        base: `http://${user}`,
        token: () => null,
        values: this.values,
        makeSocket: server.socketFor(user),
      }),
      token: () => null,
      values: this.values,
      standing: () => "background",
      browser: "browser",
      visible: () => true,
      refresh: async () => "refreshed",
    });
  }

  get leaders(): FakeTab[] {
    return this.tabs.filter((tab) => tab.isRunning && tab.client.leads.peek());
  }
}

export class FakeTab {
  readonly client: Client;
  readonly #browser: FakeBrowser;
  readonly #channels = new Set<FakeChannel>();
  readonly #sockets = new Set<GatedSocket>();
  #state: "running" | "frozen" | "dead" = "running";
  #held: (() => void)[] = [];

  constructor(browser: FakeBrowser, server: FakeServer, user: string, standing: Standing) {
    this.#browser = browser;
    const open = server.socketFor(user);
    this.client = createClient({
      baseUrl: `http://${user}`,
      standing,
      surroundings: this.#surroundings(),
      makeSocket: (url) => {
        const socket = new GatedSocket(this, open(url));
        this.#sockets.add(socket);
        return socket as unknown as WebSocket;
      },
      openStorage: async () => (browser.has.storage === false ? new MemoryStorage() : browser.storage),
      keyValues: browser.values,
    });
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  get isDead(): boolean {
    return this.#state === "dead";
  }

  /** Sockets of this tab that the server holds for alive. */
  get liveSockets(): number {
    return [...this.#sockets].filter((socket) => socket.isLive).length;
  }

  run(what: () => void): void {
    if (this.#state === "running") what();
    else if (this.#state === "frozen") this.#held.push(what);
  }

  /** As a browser does it on a page that it tells of it, or (`told` false) when a machine is just too busy for it. */
  freeze(told: boolean): void {
    if (this.#state !== "running") return;
    if (told) this.client.stop();
    this.#state = "frozen";
  }

  thaw(): void {
    if (this.#state !== "frozen") return;
    this.#state = "running";
    const held = this.#held;
    this.#held = [];
    for (const what of held) what();
    void this.client.start();
  }

  /** The person closes it, or goes to another page. */
  close(): void {
    if (this.#state === "running") this.client.stop();
    this.crash();
  }

  crash(): void {
    if (this.#state === "dead") return;
    this.#state = "dead";
    this.#held = [];
    this.#browser.locks.dropAllOf(this);
    for (const channel of this.#channels) channel.close();
    for (const socket of this.#sockets) socket.die();
    this.client.stop();
  }

  #surroundings(): Surroundings {
    const { has, locks } = this.#browser;
    return {
      locks: has.locks ? locks.of(this) : null,
      openChannel: (name) => {
        if (has.channels === false) return null;
        const channel = new FakeChannel(this.#browser, this, name);
        this.#channels.add(channel);
        return channel;
      },
    };
  }
}

class FakeChannel implements Port {
  onmessage: ((message: unknown) => void) | null = null;
  readonly #browser: FakeBrowser;
  readonly #tab: LockOwner;
  readonly #name: string;
  /** When what was sent to each of the others arrives: nothing overtakes it. */
  readonly #due = new WeakMap<FakeChannel, number>();

  constructor(browser: FakeBrowser, tab: LockOwner, name: string) {
    this.#browser = browser;
    this.#tab = tab;
    this.#name = name;
    browser.channels.set(name, (browser.channels.get(name) ?? new Set()).add(this));
  }

  post(message: unknown): void {
    const copy = structuredClone(message);
    this.#tab.run(() => {
      setTimeout(() => {
        for (const other of this.#browser.channels.get(this.#name) ?? []) {
          if (other !== this) this.#pass(copy, other);
        }
      }, this.#browser.delay(this.#name));
    });
  }

  close(): void {
    this.#browser.channels.get(this.#name)?.delete(this);
    this.onmessage = null;
  }

  #pass(message: unknown, to: FakeChannel): void {
    const due = Math.max(Date.now() + this.#browser.lag(), this.#due.get(to) ?? 0);
    this.#due.set(to, due);
    if (due <= Date.now()) to.#deliver(message);
    else setTimeout(() => to.#deliver(message), due - Date.now());
  }

  #deliver(message: unknown): void {
    this.#tab.run(() => this.onmessage?.(message));
  }
}

/** A socket whose page may stand still: then nothing goes in or out, and the other side notices nothing. */
class GatedSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  readonly #tab: FakeTab;
  readonly #socket: WebSocket;
  isLive = true;

  constructor(tab: FakeTab, socket: WebSocket) {
    this.#tab = tab;
    this.#socket = socket;
    socket.onopen = () => tab.run(() => this.onopen?.());
    socket.onmessage = ({ data }) => tab.run(() => this.onmessage?.({ data }));
    socket.onclose = ({ code }) => {
      this.isLive = false;
      tab.run(() => this.onclose?.({ code }));
    };
  }

  send(frame: string): void {
    this.#tab.run(() => this.#socket.send(frame));
  }

  close(code?: number): void {
    this.#tab.run(() => {
      this.isLive = false;
      this.#socket.close(code);
    });
  }

  die(): void {
    this.isLive = false;
    this.#socket.close();
  }
}
