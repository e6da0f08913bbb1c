/** Ties the parts together: which part answers what, and what happens when the connection comes and goes. */
import { signal } from "@preact/signals-core";
import { Account } from "./account";
import { Api } from "./api";
import type { Client } from "./contract";
import { devices } from "./devices";
import { directory } from "./directory";
import { Errands } from "./errands";
import { files } from "./files";
import { History, paging } from "./history";
import { itemActions } from "./item-actions";
import type { Line } from "./line";
import { messageActions } from "./message-actions";
import { fillPerson } from "./model";
import { Attention } from "./notify/attention";
import { OpenRoom } from "./open-room";
import { Belongings } from "./own";
import { type PageLine, type PageLineOptions, pageLine } from "./page-line";
import { PeopleCache } from "./people";
import { PresenceBoard } from "./presence";
import { Quotes } from "./quotes";
import { Reading } from "./reading";
import type { RefreshOutcome } from "./rest";
import { roomActions } from "./room-actions";
import { heldAt, RoomBook } from "./rooms";
import { search } from "./search";
import { Settings } from "./settings";
import { browserKeyValues, type KeyValues, type LocalStorage, openStorage } from "./storage";
import { Store } from "./store";
import type { HeldRooms } from "./sync";
import { AccountNews } from "./tabs/account-news";
import { talking } from "./talking";
import { Typing } from "./typing";
import { UnreadNumbers } from "./unread";
import { Updates } from "./updates";
import type { AnyEvent, Welcome } from "./wire";

export interface ClientOptions extends PageLineOptions {
  /** Gets a page that holds its own token a new one. */
  renew?: () => Promise<RefreshOutcome>;
  /** Stand-ins where there is no browser. */
  openStorage?: () => Promise<LocalStorage>;
  keyValues?: KeyValues;
}

export function createClient(options: ClientOptions = {}): Client {
  return new Wiring(options).client;
}

class Wiring {
  readonly client: Client;
  readonly #store = new Store();
  readonly #typing = new Typing();
  readonly #receipts = signal("all");
  readonly #limits = signal({ editHours: 0, revokeHours: 0 });
  readonly #api: Api;
  readonly #people: PeopleCache;
  readonly #page: PageLine;
  readonly #connection: Line;
  readonly #errands: Errands;
  readonly #news: AccountNews;
  readonly #presence: PresenceBoard;
  readonly #updates: Updates;
  readonly #history: History;
  readonly #quotes: Quotes;
  readonly #reading: Reading;
  readonly #unread: UnreadNumbers;
  readonly #openRoom: OpenRoom;
  readonly #rooms: RoomBook;
  readonly #account: Account;
  readonly #belongings: Belongings;
  readonly #settings: Settings;
  readonly #attention: Attention;
  #clockAhead = 0;
  #started = false;
  #isVisible = true;
  /** Whose line it is, as the last welcome said. */
  #lineOf: string | null = null;

  constructor(options: ClientOptions) {
    const values = options.keyValues ?? browserKeyValues();
    const { token, renew = async () => "signed_out" as const } = options;
    this.#api = new Api(options.baseUrl ?? "", values, token ? { token, renew } : null);
    this.#people = new PeopleCache((ids) => this.#api.peopleByIds(ids));
    this.#page = this.#makePageLine(options, values);
    this.#connection = this.#page.line;
    this.#errands = this.#makeErrands();
    this.#belongings = new Belongings({
      openStorage: options.openStorage ?? openStorage,
      connection: this.#connection,
      tab: this.#page.tab.id,
      isGone: (tab) => this.#page.tab.isGone(tab),
      carryOut: (unsent) => this.#errands.carryOut(unsent),
      onErrandRefused: (errand, code) => this.#errands.onRefused(errand, code),
      heldAt: (room) => heldAt(this.#store.peek(room)),
    });
    this.#presence = new PresenceBoard((people) => this.#connection.request("presence.watch", { people }));
    this.#updates = this.#makeUpdates();
    this.#history = this.#makeHistory();
    this.#quotes = new Quotes((room, seqs) => this.#connection.request("message.get", { room, seqs }));
    this.#reading = this.#makeReading();
    this.#unread = this.#makeUnread();
    this.#openRoom = this.#makeOpenRoom();
    const shown = { store: this.#store, people: this.#people, typing: this.#typing, history: this.#history };
    this.#rooms = new RoomBook({ ...shown, quotes: this.#quotes, own: this.#own, receipts: this.#receipts });
    this.#settings = new Settings((change) => this.#api.changeSettings(change));
    this.#attention = this.#makeAttention(values);
    this.#account = this.#makeAccount();
    this.#news = this.#makeNews();
    this.client = this.#face();
  }

  get #own() {
    return this.#belongings.own;
  }

  // Parts

  #makePageLine(options: ClientOptions, values: KeyValues): PageLine {
    return pageLine({
      options,
      api: this.#api,
      values,
      visible: () => this.#isVisible,
      listener: {
        sync: () => this.#store.held(),
        onWelcome: (welcome, asked) => this.#welcomed(welcome, asked),
        onEvent: (event) => this.#heard(event),
        onStopped: (reason) => this.#account.ended(reason ?? "expired"),
      },
      onTabGone: () => this.#belongings.resume(),
    });
  }

  #makeErrands(): Errands {
    return new Errands({
      connection: this.#connection,
      store: this.#store,
      updates: () => this.#updates,
      openRoom: () => this.#openRoom,
      own: () => this.#own.peek(),
    });
  }

  /** What is done in one tab to the session that all of them have. */
  #makeNews(): AccountNews {
    const { surroundings, name } = this.#page;
    return new AccountNews({
      surroundings,
      name,
      onSignedIn: (user) => {
        if (this.#account.user === user) return;
        this.#account.doubt();
        void this.#account.identify();
      },
      onSignedOut: (user) => {
        this.#account.ended(null);
        // What this tab was still writing down is not to stay either.
        void this.#belongings.erase(user);
      },
    });
  }

  #makeUpdates(): Updates {
    return new Updates({
      store: this.#store,
      sync: (request) => this.#connection.request("sync", request),
      getRoom: (room) => this.#connection.request("room.get", { room }),
      now: () => this.#now(),
      onMessage: (room, { sender, kind }) => {
        this.#typing.heard(room, sender, false);
        if (kind === "text" && sender !== this.#own.peek()?.user) this.#unread.touched(room);
      },
      onChanged: (room, message) => this.#quotes.changed(room, message),
      onRoom: (room, before, after) => {
        this.#own.peek()?.outbox.settle(room, heldAt(after));
        this.#openRoom.changed(room, before, after);
        if (after === null) this.#own.peek()?.drafts.drop(room);
      },
      onPersonal: ({ drafts, settings }, version) => {
        this.#belongings.heardDrafts(drafts ?? [], version);
        this.#settings.heard(settings);
      },
    });
  }

  #makeHistory(): History {
    return new History({
      peek: (room) => this.#store.peek(room),
      put: (room, state) => this.#updates.put(room, state),
      ask: (room, where, limit) => this.#connection.request("message.history", { room, ...where, limit }),
      onBehind: () => this.#updates.requestSync(),
    });
  }

  #makeReading(): Reading {
    return new Reading({
      peek: (room) => this.#store.peek(room),
      mark: (room, seq) => this.#connection.request("read.mark", { room, seq }),
      apply: (room, answer) => this.#updates.mine(room, answer),
    });
  }

  #makeUnread(): UnreadNumbers {
    return new UnreadNumbers({
      ask: async (rooms) => (await this.#connection.request("unread.get", { rooms })).unread,
      cursor: (room) => this.#store.peek(room)?.mine.read_seq ?? 0,
      isBeingRead: (room) => this.#reading.reached(room) >= (this.#store.peek(room)?.room.seq ?? 0),
      apply: (room, unread) => this.#updates.mine(room, { unread }),
    });
  }

  #makeOpenRoom(): OpenRoom {
    return new OpenRoom({
      ready: () => this.#connection.isReady,
      peek: (room) => this.#store.peek(room),
      put: (room, state) => this.#updates.put(room, state),
      open: (room) => {
        const { personal } = this.#store;
        const answer = this.#connection.request("room.open", { room });
        return answer.then((opened) => this.#updates.opened(opened, personal));
      },
      close: (room) => void this.#connection.request("room.close", { room }).catch(() => undefined),
      gone: (room) => this.#updates.gone(room),
      loadHead: (room) => this.#history.head(room),
      stopped: (room, seq) => this.#rooms.stoppedHere(room, seq),
    });
  }

  #makeAttention(values: KeyValues): Attention {
    return new Attention({
      line: this.#connection,
      leads: () => this.#page.leads.peek(),
      inFrontOfTabs: () => this.#page.focused(),
      me: () => this.#own.peek()?.user ?? null,
      settings: this.#settings.mine,
      openedRoom: this.#openRoom.room,
      held: (room) => this.#store.peek(room),
      people: this.#people,
      fetchPeople: (ids) => this.#api.peopleByIds(ids),
      values,
    });
  }

  #makeAccount(): Account {
    return new Account({
      api: this.#api,
      connect: () => this.#connection.start(),
      forget: () => this.#forget(),
      erase: (user) => this.#belongings.erase(user),
      enter: (person) => {
        this.#become(person.id);
        this.#people.remember([person]);
      },
    });
  }

  // What happens

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    this.#page.tab.enter();
    this.#news.open();
    await this.#belongings.open();
    if (!this.#started) return;
    this.#attention.start();
    this.#connection.start();
    const { session } = this.#account;
    const known = session.peek();
    if (known.phase === "signed_in") this.#become(known.me.id);
    else await this.#account.identify();
  }

  #stop(): void {
    this.#started = false;
    this.#attention.stop();
    this.#own.peek()?.drafts.flush();
    this.#connection.stop();
    this.#news.close();
    this.#belongings.close();
    this.#page.tab.leave();
  }

  /** Somebody is signed in; what was another person's goes first. */
  #become(user: string): void {
    const own = this.#own.peek();
    const isOthersLine = this.#lineOf !== null && this.#lineOf !== user;
    if (isOthersLine || (own && own.user !== user)) this.#forget();
    this.#belongings.take(user);
    if (this.#started) this.#connection.start();
  }

  #welcomed(welcome: Welcome, asked: HeldRooms | null): void {
    this.#clockAhead = welcome.server_time - Date.now();
    this.#receipts.value = welcome.receipts;
    this.#limits.value = { editHours: welcome.edit_hours ?? 0, revokeHours: welcome.revoke_hours ?? 0 };
    this.#lineOf = welcome.user;
    const { user } = this.#account;
    if (user !== null && user !== welcome.user) {
      // Another tab has signed somebody else in: nothing of the former person may stay on this page.
      this.#account.doubt();
      return;
    }
    if (user === null) void this.#account.identify();
    // The welcome that a tab hands on may be old; the sync brings what changed since.
    if (!asked || asked.personal === 0) this.#settings.heard(welcome.settings);
    if (welcome.sync && asked) this.#updates.welcomed(welcome.sync, asked);
    this.#quotes.clear();
    this.#presence.connected();
    this.#openRoom.resume();
    this.#reading.resume();
    this.#unread.resume();
    this.#belongings.resume();
    this.#attention.welcomed(welcome);
  }

  #heard(event: AnyEvent): void {
    if (event.ev === "typing") this.#typing.heard(event.room, event.user, event.typing);
    else if (event.ev === "presence") this.#presence.changed(event.people);
    else if (event.ev === "people.changed") {
      const people = event.people.map(fillPerson);
      this.#people.remember(people);
      this.#account.heardOf(people);
    } else this.#updates.event(event);
    this.#attention.event(event);
  }

  #forget(): void {
    this.#connection.stop();
    this.#lineOf = null;
    this.#belongings.letGo();
    this.#settings.clear();
    this.#attention.clear();
    this.#openRoom.clear();
    this.#updates.clear();
    this.#history.clear();
    this.#quotes.clear();
    this.#reading.clear();
    this.#unread.clear();
    this.#typing.clear();
    this.#presence.clear();
    this.#people.clear();
    this.#rooms.clear();
    this.#store.clear();
  }

  async #signedIn(signingIn: Promise<void>): Promise<void> {
    await signingIn;
    const { user } = this.#account;
    if (user !== null) this.#news.signedIn(user);
  }

  async #signOut(): Promise<void> {
    const { user } = this.#account;
    await this.#account.signOut();
    if (user !== null) this.#news.signedOut(user);
  }

  #now(): number {
    return Date.now() + this.#clockAhead;
  }

  #face(): Client {
    const account = this.#account;
    const connection = this.#connection;
    const parts = { connection, store: this.#store, updates: this.#updates };
    const shown = { openRoom: this.#openRoom, reading: this.#reading, typing: this.#typing, own: this.#own };
    const talk = talking({ ...parts, ...shown });
    return {
      session: account.session,
      connection: connection.state,
      leads: this.#page.leads,
      rooms: this.#rooms,
      people: this.#people,
      presence: this.#presence,
      openedRoom: this.#openRoom.room,
      start: () => this.#start(),
      stop: () => this.#stop(),
      probe: () => connection.probe(),
      useHere: () => connection.useHere(),
      now: () => this.#now(),
      server: () => this.#api.server(),
      signIn: (login, password) => this.#signedIn(account.signIn(login, password)),
      signUp: (login, password, name) => this.#signedIn(account.signUp(login, password, name)),
      handoff: (code, origin) => this.#signedIn(account.handoff(code, origin)),
      signOut: () => this.#signOut(),
      changePassword: (current, next) => this.#api.changePassword(current, next),
      updateMe: (change) => account.updateMe(change),
      setPhoto: (photo) => account.setPhoto(photo),
      ...talk,
      setVisible: (visible) => {
        this.#isVisible = visible;
        this.#page.setVisible(visible);
        talk.setVisible(visible);
      },
      ...messageActions(connection),
      ...itemActions(connection, this.#updates, this.#history, () => this.#store.personal),
      limits: this.#limits,
      receipts: this.#receipts,
      ...search(connection),
      ...roomActions({ ...parts, errands: this.#errands, now: () => this.#now() }),
      errandRefused: this.#errands.refused,
      ...directory(this.#api, this.#people),
      ...devices(this.#api),
      ...files(this.#api),
      settings: this.#settings.mine,
      changeSettings: (change) => this.#settings.change(change),
      setFocused: (focused) => this.#attention.setFocused(focused),
      notifyOn: (surface) => this.#attention.notifyOn(surface),
      ...paging(this.#history),
    };
  }
}
