/** What screens may call and watch. Everything that changes is a signal; nothing here touches the DOM. */
import type { ReadonlySignal } from "@preact/signals-core";
import type {
  Absence,
  FileInfo,
  Item,
  Member,
  Message,
  MySettings,
  Org,
  Person,
  Presence,
  RoomView,
} from "./model";
import type { NotificationSurface } from "./notify/surface";

export type { Note, NotificationSurface, NotificationWords } from "./notify/surface";
export type Language = "ko" | "en";

/** Who uses this page. `unknown` only until `start()` has asked the server (or found it out of reach). */
export type Session =
  | { readonly phase: "unknown" }
  | { readonly phase: "signed_out"; readonly reason: string | null }
  | { readonly phase: "signed_in"; readonly me: Person; readonly login: string; readonly kind: AccountKind };

export type AccountKind = "admin" | "integration" | "user";

export type ConnectionState =
  | { readonly phase: "stopped" }
  /** `first`: nothing has been received yet since the page began; show skeletons, not a warning. */
  | { readonly phase: "connecting"; readonly first: boolean }
  | { readonly phase: "ready" }
  /** The next try is at `retryAt` (ms since 1970, this machine's clock). */
  | { readonly phase: "waiting"; readonly retryAt: number }
  /** Another page of mine has the live place: quiet until that one goes, or until `useHere()`. */
  | { readonly phase: "parked"; readonly by: PlaceHolder | null };

/** Who has the live place: what kind of device, what it is called, and whether it is this very browser. */
export interface PlaceHolder {
  readonly kind: string;
  readonly name: string;
  readonly sameBrowser: boolean;
}

/** A gapless stretch of a room's rows, ascending by seq. Never a hole inside: a jump starts another stretch. */
export interface Timeline {
  readonly rows: readonly Message[];
  readonly moreBefore: boolean;
  /** False: the last row is the newest of the room, and new talks are appended by themselves. */
  readonly moreAfter: boolean;
  /** The room's version that these rows stand at. */
  readonly version: number;
}

export interface Members {
  readonly byUser: ReadonlyMap<string, Member>;
  readonly version: number;
  readonly readVersion: number;
}

export interface RoomState extends RoomView {
  /** Null until the room is opened. */
  readonly timeline: Timeline | null;
  /** Null until the room is opened. Without those who have left. */
  readonly members: Members | null;
}

/** What goes with a text. */
export interface Carried {
  /** The message that it answers, by seq. */
  readonly replyTo?: number;
  /** Ids of those that the text names. */
  readonly mentions?: readonly string[];
  /** Files that are uploaded, as they are to be shown meanwhile. */
  readonly files?: readonly FileInfo[];
  /** The message that is passed on, text and files; the text given with it is only for showing. */
  readonly forward?: { readonly room: string; readonly seq: number };
}

/** A talk of mine on its way. It leaves the outbox when the room's timeline has it. */
export interface OutboxItem extends Carried {
  readonly clientId: string;
  readonly room: string;
  readonly body: string;
  /** When it was written, by this machine's clock. */
  readonly at: number;
  readonly state: "sending" | "failed";
  /** Why it failed: an error code of the server's. */
  readonly reason: string | null;
}

export type Loading = "none" | "head" | "older" | "newer" | "jump";

/** One room, alive: every field is a signal to read in a component. */
export interface RoomHandle {
  readonly id: string;
  /** Null: not (or no longer) a room of mine. */
  readonly state: ReadonlySignal<RoomState | null>;
  readonly timeline: ReadonlySignal<Timeline | null>;
  /** Present members by the time they joined; empty until opened. */
  readonly members: ReadonlySignal<readonly Member[]>;
  /** What is sending or failed, in the order it was written; to be shown after the newest row. */
  readonly outbox: ReadonlySignal<readonly OutboxItem[]>;
  readonly loading: ReadonlySignal<Loading>;
  /** Why the last load failed, until the next one. */
  readonly loadError: ReadonlySignal<string | null>;
  /** Ids of those typing now, never me. */
  readonly typing: ReadonlySignal<readonly string[]>;
  readonly draft: ReadonlySignal<string>;
  /** How many have not read a row: `unreadCount.value(message)`. 0 until the members are loaded. */
  readonly unreadCount: ReadonlySignal<(message: Message) => number>;
  /** My read cursor at the moment the room was opened, for the "here you stopped reading" line. */
  readonly stoppedAt: ReadonlySignal<number | null>;
  /** A message that others answer; read it while rendering. Undefined: not known yet. Null: not to be seen. */
  quoted(seq: number): Message | null | undefined;
}

export interface Rooms {
  /** Pinned first, then newest first; hidden ones left out. Null until first loaded. */
  readonly list: ReadonlySignal<readonly RoomView[] | null>;
  /** Unread talks of all rooms that are not muted; for the title and the rail. */
  readonly totalUnread: ReadonlySignal<number>;
  /** Rooms with a failed send or a draft, for the marks in the list. */
  readonly failed: ReadonlySignal<ReadonlySet<string>>;
  readonly drafts: ReadonlySignal<ReadonlySet<string>>;
  /** The same handle for the same id, always. Reading it loads nothing. */
  get(id: string): RoomHandle;
  /** Mine, the master's, or from its members ("홍길동, 김철수 외 3명"). Reads signals: call it while rendering. */
  name(view: RoomView, language: Language): string;
}

export interface People {
  /** Null until fetched (which reading it asks for, in batches). Reads a signal: call it while rendering. */
  get(id: string): Person | null;
  /** Puts what a search or a list has brought into the cache, so that get() has it at once. */
  remember(people: readonly Person[]): void;
}

export interface PresenceWatch {
  /** Reads a signal: call it while rendering. Offline for those nobody watches. */
  get(id: string): Presence;
  /**
   * Says whom a part of the screen shows; replaces what the same `owner` said before. An empty list lets go.
   * Give stable owner names ("people", "room:ID", "profile").
   */
  watch(owner: string, ids: readonly string[]): void;
}

export interface ServerInfo {
  readonly name: string;
  readonly version: string;
  readonly sign_up: boolean;
  readonly receipts: string;
  readonly languages: readonly string[];
  /** Origins whose pages may have the messenger in them. */
  readonly portals: readonly string[];
}

export interface MyProfileChange {
  nickname?: string;
  job?: string;
  tel?: string;
  absence?: Absence | null;
}

/** Whether the server has it, or it goes by itself later. */
export type Done = "done" | "waits";

/** Something that was to go by itself, and that the server did not allow (`code`). */
export interface ErrandRefusal {
  readonly kind: "invite" | "leave";
  readonly room: string;
  readonly people: readonly string[];
  readonly code: string;
}

/** What of my settings is to be otherwise. */
export type SettingsChange = Partial<MySettings>;

/** A place where I am signed in. Times in ms since 1970, by the server's clock. */
export interface Device {
  readonly id: string;
  /** web, app, or what else there may come. */
  readonly kind: string;
  /** "Chrome, Windows"; empty where it said nothing of itself. */
  readonly name: string;
  readonly address: string;
  readonly since: number;
  readonly seenAt: number;
  readonly connected: boolean;
  readonly isThis: boolean;
}

export type SearchKind = "image" | "video" | "file" | "link";

/** What is searched for: all of these together. */
export interface SearchWish {
  readonly text?: string;
  readonly sender?: string;
  readonly kinds?: readonly SearchKind[];
  /** In ms since 1970; `until` itself is not meant. */
  readonly since?: number;
  readonly until?: number;
}

export interface Found {
  /** The newest first. */
  readonly hits: readonly { readonly room: string; readonly message: Message }[];
  /** Where to go on; empty: that was all. */
  readonly next: string;
}

export interface UploadAccess {
  readonly address: string;
  /** Headers that say who is there, where no cookies do. */
  headers(): Record<string, string>;
  /** Whether cookies have to go to another origin. */
  readonly withCookies: boolean;
  /** The server did not know who is there: whether it is worth another try. */
  renew(): Promise<boolean>;
  rules(): Promise<UploadRules>;
}

export interface UploadRules {
  readonly bytes_max: number;
  readonly part_bytes: number;
  readonly types: readonly string[];
}

/** Every method that asks the server rejects with a WireError (see errors.ts) whose `code` words the sentence. */
export interface ItemRef {
  readonly kind: string;
  readonly id: string;
}

export type ReportReason = "spam" | "fraud" | "abuse" | "illegal" | "other";

export interface Client {
  readonly session: ReadonlySignal<Session>;
  readonly connection: ReadonlySignal<ConnectionState>;
  readonly rooms: Rooms;
  readonly people: People;
  readonly presence: PresenceWatch;
  /** Whether this tab is the one that has the connection, of all tabs of its origin. */
  readonly leads: ReadonlySignal<boolean>;
  /** The room in front, as said by openRoom(). */
  readonly openedRoom: ReadonlySignal<string | null>;

  /** Finds out who is signed in and connects. Once, at page load. */
  start(): Promise<void>;
  /** Lets everything go (pagehide); start() begins again. */
  stop(): void;
  /** Something woke up (online, visible, pageshow, the person pressed "now"): is the connection alive? */
  probe(): void;
  /** The person uses this page: a parked one takes the live place over. Cheap enough for every key. */
  useHere(): void;
  /** Whether a person can see this page. Reading marks and presence depend on it. */
  setVisible(visible: boolean): void;
  /** Whether this page has the person's keys: the open room is then in front of their eyes, and not notified. */
  setFocused(focused: boolean): void;
  /** Where notifications appear, given by the page. Only the leading tab shows any. */
  notifyOn(surface: NotificationSurface): void;
  /** The server's time now, in ms since 1970. */
  now(): number;

  server(): Promise<ServerInfo>;
  signIn(login: string, password: string): Promise<void>;
  signUp(login: string, password: string, name: string): Promise<void>;
  /** A window that a portal's page (of `origin`) has opened is signed in by the code it was given there. */
  handoff(code: string, origin: string): Promise<void>;
  /** Ends the session and clears what this browser keeps of the person. */
  signOut(): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;
  updateMe(change: MyProfileChange): Promise<void>;
  /** An image, made square already; null takes it away. */
  setPhoto(photo: Blob | null): Promise<void>;

  /** How I want the messenger, on all my devices. */
  readonly settings: ReadonlySignal<MySettings>;
  /** Shown at once; taken back when it rejects. */
  changeSettings(change: SettingsChange): Promise<void>;
  devices(): Promise<readonly Device[]>;
  signOutDevice(id: string): Promise<void>;
  signOutOthers(): Promise<void>;

  /** On screen now: loads members and the newest rows, keeps cursors and typing coming. One room at a time. */
  openRoom(id: string): void;
  closeRoom(id: string): void;
  /**
   * Older rows before the window; resolves when they are there, or at once when there are none. The four loads never
   * reject: what went wrong stands in the room's `loadError`.
   */
  loadOlder(room: string): Promise<void>;
  loadNewer(room: string): Promise<void>;
  /** A stretch around a seq (a search hit, a quote). */
  loadAround(room: string, seq: number): Promise<void>;
  /** Back to the newest rows. */
  loadHead(room: string): Promise<void>;
  /** The person has seen everything up to `seq`. Ignored unless the room is open and the page visible. */
  markRead(room: string, seq: number): void;
  /** Marks a room read from the list, without opening it. */
  markAllRead(room: string): Promise<void>;
  /** Who has not read a row, and who has. */
  readers(room: string, seq: number): Promise<{ unread: readonly string[]; read: readonly string[] }>;
  /** Gives a message of mine another text. */
  edit(room: string, seq: number, text: string): Promise<void>;
  /** Takes a message of mine back: nobody can read it any more. */
  revoke(room: string, seq: number): Promise<void>;
  /** I do not want to see it any more; all others keep it. */
  deleteForMe(room: string, seqs: readonly number[]): Promise<void>;
  /** The same for all that was said in a room until now. */
  clearForMe(room: string): Promise<void>;
  /** Hangs a message above the talk, for all; 0 takes it down. */
  pinMessage(room: string, seq: number): Promise<void>;
  /** An item that a host has registered, and my room about it; null: nothing has been said yet. */
  askItem(item: ItemRef, pass: string): Promise<{ item: Item; room: string | null }>;
  /** Says something to its owner; the room. The same `key` again says it once. */
  sendToItem(item: ItemRef, key: string, text: string, pass: string): Promise<string>;
  /** Neither of us can write to the other in rooms of two; or we can again. */
  block(person: string, on: boolean): Promise<void>;
  /** Whom I have blocked. */
  blocked(): Promise<readonly string[]>;
  /** Tells the administrator of what the other one does in a room. */
  report(room: string, reason: ReportReason, text: string): Promise<void>;
  /** Whose read cursors are shown: all, sender or nobody. */
  readonly receipts: ReadonlySignal<string>;
  /** Until when what I have written may still be changed, and taken back; hours, 0: for ever. */
  readonly limits: ReadonlySignal<{ readonly editHours: number; readonly revokeHours: number }>;
  /** Puts an emoji under a message, or takes mine away. */
  react(room: string, seq: number, emoji: string, on: boolean): Promise<void>;

  /** Into the outbox at once; never lost, never twice. Throws WireError (invalid, too_long, too_many) before storing. */
  send(room: string, text: string, carried?: Carried): void;
  resend(clientId: string): void;
  deleteUnsent(clientId: string): void;
  /** Here at once, and after a rest on my other devices. */
  setDraft(room: string, text: string): void;
  /** The person has stopped writing (blur): what is begun goes to the other devices now. */
  flushDrafts(): void;
  /** The person is typing in the open room (throttled here; call it on every input). */
  typing(room: string): void;

  /** The room of these people and me (the existing one if there is one); its id. */
  createRoom(people: readonly string[]): Promise<string>;
  /** Without a connection these two are kept, and done by themselves when it is back: "waits". */
  invite(room: string, people: readonly string[]): Promise<Done>;
  leave(room: string): Promise<Done>;
  /** The last one that waited and was then refused. */
  readonly errandRefused: ReadonlySignal<ErrandRefusal | null>;
  removeMember(room: string, person: string): Promise<void>;
  /** Null or blank takes the name away. */
  rename(room: string, name: string | null, scope: "all" | "me"): Promise<void>;
  mute(room: string, muted: boolean): Promise<void>;
  pin(room: string, pinned: boolean): Promise<void>;
  showMembers(room: string, shown: boolean): Promise<void>;

  /** In one room, or (null) in all of mine; `from` is the `next` of the answer before. */
  search(room: string | null, wish: SearchWish, from?: string): Promise<Found>;

  orgs(): Promise<readonly Org[]>;
  /** Direct members of an org. */
  peopleOf(org: string): Promise<readonly Person[]>;
  /** My org's people, me first. */
  myTeam(): Promise<readonly Person[]>;
  /** By name, id, org, job, phone digits or initial consonants. */
  searchPeople(words: string): Promise<readonly Person[]>;
  photoUrl(person: Person): string | null;
  /** For every page: where there are no cookies, it is fetched with the token. */
  photo(person: Pick<Person, "id" | "photo">): Promise<string | null>;
  /** The picture of a message's preview: its address, or one that it was fetched to. */
  linkPicture(room: string, seq: number, image: string): Promise<string | null>;
  /** Where a file is to be had, or its small picture; null where it cannot be had now. */
  fileUrl(file: string, what?: "whole" | "thumb"): Promise<string | null>;
  /** Where files are uploaded to, by tus, and in whose name. */
  readonly uploads: UploadAccess;
}
