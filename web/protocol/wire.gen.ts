// Made by `sendjay protocol` from src/sendjay/protocol. Do not edit: change it there.
// An absent field has its default; fields that you do not know may come, and are to be passed over.

export type RoomKind = "direct" | "group" | "self" | "item";

export type MessageKind = "text" | "notice";

export type NoticeType = "created" | "invited" | "left" | "removed" | "renamed" | "master";

export type ErrorCode =
  | "malformed"
  | "unknown_command"
  | "invalid"
  | "too_long"
  | "too_many"
  | "too_large"
  | "no_room"
  | "wrong_kind"
  | "hello_first"
  | "unauthorized"
  | "device_removed"
  | "bad_ticket"
  | "parked"
  | "wrong_password"
  | "not_allowed"
  | "not_found"
  | "key_reused"
  | "conflict"
  | "rate_limited"
  | "busy"
  | "internal";

// How the server closes a connection: what the client does next.

/** Retry with backoff (as after every close that is not listed here). */
export const CLOSE_GOING_AWAY = 1001;

/** A binary frame came: this protocol is text. A fault of the client; retry with backoff. */
export const CLOSE_UNSUPPORTED = 1003;

/** A frame was not UTF-8. A fault of the client; retry with backoff. */
export const CLOSE_BAD_UTF8 = 1007;

/** A frame was over the limit that the answer to hello names. Do not send it again. */
export const CLOSE_TOO_BIG = 1009;

/** Retry at a spread time: the server restarts. The reason is the window in milliseconds. */
export const CLOSE_RESTART = 1012;

/** Retry: you did not read fast enough; you will sync. */
export const CLOSE_TOO_SLOW = 4000;

/** Refresh the access token, then retry. */
export const CLOSE_REFRESH = 4001;

/** Signed out or blocked: do not retry. */
export const CLOSE_STOP = 4003;

/** Used elsewhere: stay quiet until the person comes back to this page. */
export const CLOSE_PARKED = 4004;

/** No hello in time, no answer to a tick, or too many errors: retry with backoff. */
export const CLOSE_NO_HELLO = 4008;

/** Something that happened to the room, told in its timeline. Clients word it in the reader's language. */
export interface Notice {
  type: NoticeType;
  /** Ids of the people it happened to, at most 100; `more` counts the rest. */
  people?: string[];
  more?: number;
  /** The new name, when `type` is `renamed`; null means the name was taken away. */
  name?: string | null;
}

/** A file that a message carries. */
export interface FileInfo {
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  /** Media type, found by content. */
  type: string;
  kind?: "file" | "image" | "video";
  width?: number;
  height?: number;
  seconds?: number;
  /** There is a small picture of it. */
  thumb?: boolean;
  /** Milliseconds since 1970 UTC; 0: never. */
  expires_at?: number;
  /** It has expired or was taken away. */
  gone?: boolean;
}

/** One emoji under a message. */
export interface Reaction {
  emoji: string;
  /** Ids, in the order they came. */
  people: string[];
}

/** What stands behind the first link of a message. */
export interface Preview {
  url: string;
  title?: string;
  text?: string;
  site?: string;
  /** Id of a picture; empty: none. */
  image?: string;
}

/** One row of a room's timeline. `seq` is its identity within the room. */
export interface Message {
  seq: number;
  /** The room's version at which this row last changed. */
  version: number;
  sender: string;
  /** Milliseconds since 1970 UTC, by the database's clock; never goes back within a room. */
  at: number;
  kind?: MessageKind;
  body?: string;
  notice?: Notice | null;
  /** The sender's own key, by which their devices match what waits in the outbox. */
  client_id?: string | null;
  /**
   * Seq of the message in this room that it answers; 0: none. What it says comes by `message.get`: it is
   * never sent along, so that a message somebody may not see is quoted to nobody.
   */
  reply_to?: number;
  /** Ids of members that it names. */
  mentions?: string[];
  files?: FileInfo[];
  forwarded?: boolean;
  /** When its text was last changed; 0: never. */
  edited_at?: number;
  /** The sender has cancelled it: there is no text any more. */
  revoked?: boolean;
  reactions?: Reaction[];
  preview?: Preview | null;
  /** It is not mine to see any more: drop the row. */
  gone?: boolean;
}

/** What a message carries besides its text, as it is kept; the fields are those of Message. */
export interface Extra {
  reply_to?: number;
  mentions?: string[];
  files?: FileInfo[];
  forwarded?: boolean;
  edited_at?: number;
  revoked?: boolean;
  reactions?: Reaction[];
  preview?: Preview | null;
}

/** What is the same for every member of a room. */
export interface Room {
  id: string;
  kind: RoomKind;
  /** The highest position in the timeline; 0 when it is empty. */
  seq: number;
  version: number;
  members_version: number;
  read_version: number;
  member_count: number;
  /** Ids of the first members (at most 6, by the time they joined) for the default name and the picture. */
  people: string[];
  /** Milliseconds since 1970 UTC; where a room without talks stands in the list. */
  created_at?: number;
  /** The name the master gave for all; null means: named after its members. */
  name?: string | null;
  master?: string | null;
  /** The newest message above the reader's floor that is not a notice. */
  last?: Message | null;
}

/** What is mine alone in a room; versioned in my personal stream. */
export interface MyRoom {
  room: string;
  /** Rows at or below this seq are not mine to see: the highest of joined, cleared and retention. */
  floor: number;
  /** Raised each time I come back to the room; another epoch means: drop what you hold of it. */
  epoch: number;
  read_seq: number;
  /** Counted by the server; stops at 300. */
  unread: number;
  muted?: boolean;
  hidden?: boolean;
  pinned?: boolean;
  show_members?: boolean;
  /** My own name for this room; wins over the room's. */
  own_name?: string | null;
}

/** A room as one member sees it in the list. */
export interface RoomView {
  room: Room;
  mine: MyRoom;
}

/** One person's membership. Those who have left stay as `left` so that a client can drop them. */
export interface Member {
  user: string;
  /** Messages above this seq were sent while they were a member. */
  joined_seq: number;
  /** 0 where read receipts are not shown to the reader. */
  read_seq?: number;
  left?: boolean;
}

/** What changed in one room since the version that the client named. */
export interface RoomDelta {
  room: Room;
  mine: MyRoom;
  /** Too much changed: drop what you hold of this room and fetch its head. */
  limited?: boolean;
  messages?: Message[];
  members?: Member[];
  /** Read cursors that moved, by user; only for a room named with a read_version of 0 or more. */
  cursors?: Record<string, number>;
}

/** Why and until when somebody is away. Dates are ISO (2026-11-24), both ends included. */
export interface Absence {
  code: string;
  note?: string;
  since?: string | null;
  until?: string | null;
}

/** Somebody in the directory, as colleagues see them. */
export interface Person {
  id: string;
  name: string;
  org?: string;
  org_name?: string;
  top_org?: string;
  top_org_name?: string;
  job?: string;
  tel?: string;
  /** Nickname or status line. */
  nickname?: string;
  absence?: Absence | null;
  /** Version of the photo; fetch it at /api/directory/people/{id}/photo?v={photo}. */
  photo?: string | null;
  disabled?: boolean;
}

/** A node of the org tree, in display order; a node belongs to the nearest earlier one of less depth. */
export interface Org {
  code: string;
  name: string;
  depth: number;
  parent?: string | null;
}

/** Where somebody is connected: the web, the app, both or neither. */
export interface Presence {
  web?: boolean;
  app?: boolean;
}

/** What I have begun to write in a room. An empty text: nothing any more. */
export interface Draft {
  room: string;
  text?: string;
  /** When it was last changed, in milliseconds since 1970 by the database's clock. */
  at?: number;
}

/** How a person wants the messenger to behave on all their devices. */
export interface MySettings {
  /** Open the messenger in a tab of its own at sign-in, instead of in the background of the portal's. */
  standalone?: boolean;
  notify?: boolean;
  sound?: boolean;
  vibration?: boolean;
  show_body?: boolean;
  show_sender?: boolean;
  /**
   * Notifications are given from this time of day (HHMM) to `hours_to`, which may lie after midnight; both
   * empty: always.
   */
  hours_from?: string;
  hours_to?: string;
}

/** Who has the live place. */
export interface PlaceHolder {
  /** web or app */
  kind: string;
  /** The device's name, such as "Chrome, Windows". */
  name?: string;
  same_browser?: boolean;
}

/**
 * What a client holds: each room's [version, read_version] and the version of its personal stream.
 *
 * A read_version of -1 says that the client keeps no cursors of that room.
 */
export interface SyncRequest {
  rooms?: Record<string, [number, number]>;
  personal?: number;
}

/**
 * How a page wants its person's one live place for this kind of device (web, app).
 *
 * A page that is not given the place is parked: it stays connected, hears nothing but ticks, and may take
 * the place later with `place.take`.
 */
export interface Place {
  /**
   * Take the place from whoever has it: the person is here. Without it, the place is given only where
   * nobody has it, or nobody has taken it since `generation`.
   */
  claim?: boolean;
  /** The generation that this page had last; 0: none. */
  generation?: number;
  /**
   * The messenger itself, or a page of the portal that has it in the background. A background page never
   * takes the place from a window of the same browser.
   */
  standing?: "background" | "window";
  /** The same for all pages of one browser, as far as they know; empty: the device of the session. */
  browser?: string;
}

/** It is done, and there is nothing to add. */
export type Done = Record<string, never>;

/** Everything that moved. Rooms the client did not name come as `limited`. */
export interface SyncAnswer {
  /** The version of my personal stream that this answer reaches. */
  personal: number;
  rooms?: RoomDelta[];
  /** My side of rooms whose own timeline did not move. */
  mine?: MyRoom[];
  /** Rooms the client named and may not see (any more). */
  gone?: string[];
  /** My drafts that changed. */
  drafts?: Draft[];
  /** My settings, if they changed. */
  settings?: MySettings | null;
}

/** Answer to hello. */
export interface Welcome {
  user: string;
  session: string;
  connection: string;
  server_time: number;
  tick_seconds: number;
  max_frame_bytes: number;
  /** Whose read cursors are shown: all, sender or nobody. */
  receipts: string;
  /** Null where none was asked for, and where the page is parked. */
  sync?: SyncAnswer | null;
  /** Of the place that this page has now, kept for the next hello; a parked page hears its own. */
  generation?: number;
  /** Somebody else has the place: quiet until `place.free`, or until the person uses this page. */
  parked?: PlaceHolder | null;
  /** How long the access token is still good; renew it before. */
  token_seconds?: number;
  settings?: MySettings | null;
  /** Rooms in front of my eyes on my other devices. */
  focused?: string[];
}

export interface RoomsAnswer {
  personal: number;
  rooms?: RoomView[];
}

export interface RoomAnswer {
  room: RoomView;
  created?: boolean;
}

/** The room, its members and their cursors at room.read_version. */
export interface OpenAnswer {
  room: RoomView;
  members: Member[];
}

/** Rows in ascending order of seq. */
export interface HistoryAnswer {
  messages: Message[];
  /** The room's version that this page was read at. */
  version: number;
  more_before?: boolean;
  more_after?: boolean;
}

/** In ascending order of seq. */
export interface MessagesAnswer {
  messages: Message[];
  /** The room's version that they were read at. */
  version: number;
}

/** The message is on disk. */
export interface SendAnswer {
  seq: number;
  version: number;
  at: number;
  room: string;
}

export interface PeopleAnswer {
  people: string[];
}

/** Where my cursor is now, and what is still unread above it. */
export interface CursorAnswer {
  read_seq: number;
  unread: number;
}

export interface UnreadAnswer {
  unread: Record<string, number>;
}

export interface PresenceAnswer {
  people: Record<string, Presence>;
}

export interface DraftAnswer {
  /** The version of my personal stream that has it. */
  personal: number;
}

export interface NewsAnswer {
  /** Unread talks of all rooms that are not muted. */
  unread: number;
  /** At most 5. */
  rooms?: RoomView[];
}

/** Why not: `code` for programs and stable, `message` for people; `retry`: trying again may help. */
export interface Refusal {
  code: string;
  message: string;
  retry?: boolean;
  retry_after_ms?: number | null;
}

/** A refusal; `re` is null when the frame was too broken to tell its id. */
export interface ErrorReply {
  re: number | null;
  error: Refusal;
}

export interface Reply<Answer = unknown> {
  re: number;
  ok: Answer;
}

/** The first frame of a connection, within 10 s. Without `token` the page's cookie is used. */
export interface Hello {
  token?: string | null;
  /** What to bring up to date in the same answer. */
  sync?: SyncRequest | null;
  /** Without it the connection takes the place (`{"claim": true}`). */
  place?: Place | null;
}

/** Answers the server's tick, or asks whether the connection is alive. */
export type Tick = Record<string, never>;

/** What changed since? See `SyncRequest`. */
export interface Sync {
  rooms?: Record<string, [number, number]>;
  personal?: number;
}

/** All rooms that I am in and have not hidden, newest first. */
export type RoomsList = Record<string, never>;

/**
 * A room of these people and me; the same set of people gives the room that exists already.
 *
 * Nobody else: my room with myself. One other: 1:1. More: a group, of which I am master.
 */
export interface RoomCreate {
  client_id: string;
  people: string[];
}

/** One room as I see it in my list. */
export interface RoomGet {
  room: string;
}

/** I have this room on screen: give me its members and their cursors, and keep those coming. */
export interface RoomOpen {
  room: string;
}

/** I no longer have this room on screen. */
export interface RoomClose {
  room: string;
}

/** Any member of a group brings people in; those who are members already are passed over. */
export interface RoomInvite {
  client_id: string;
  room: string;
  people: string[];
}

/** I leave a group; a room of two is cleared for me and hidden until the next message. */
export interface RoomLeave {
  room: string;
}

/** The master removes a member. */
export interface RoomRemove {
  room: string;
  person: string;
}

/** A name for everybody (the master's right) or for me alone (which wins). Null or blank takes it away. */
export interface RoomRename {
  room: string;
  name: string | null;
  scope: "all" | "me";
}

/** What is mine alone in a room; fields left out stay as they are. */
export interface RoomPreferences {
  room: string;
  muted?: boolean | null;
  pinned?: boolean | null;
  show_members?: boolean | null;
}

/** A text of at most 4,000 UTF-16 units. Answered after it is on disk. */
export interface MessageSend {
  room: string;
  client_id: string;
  body: string;
  /** The message that this one answers: one of this room that I may see. 0: none. */
  reply_to?: number;
  /** People that it names. Who is no member (any more) is left out. */
  mentions?: string[];
}

/**
 * A page of the timeline in ascending order: the newest rows, those `before` or `after` a seq, or
 * `around` it.
 */
export interface MessageHistory {
  room: string;
  before?: number | null;
  after?: number | null;
  around?: number | null;
  limit?: number;
}

/** Single messages, such as those that others answer. What is not there or not mine to see is left out. */
export interface MessageGet {
  room: string;
  seqs: number[];
}

/** Another text for a message of mine, as long as the house allows it. What it said is kept. */
export interface MessageEdit {
  room: string;
  seq: number;
  body: string;
}

/** Put an emoji under a message, or take mine away. A message has at most 20 kinds, and 300 in all. */
export interface MessageReact {
  room: string;
  seq: number;
  emoji: string;
  on: boolean;
}

/** Who has not read this message? */
export interface MessageUnreadBy {
  room: string;
  seq: number;
}

/** I have seen everything up to `seq`. A cursor never goes back. */
export interface ReadMark {
  room: string;
  seq: number;
}

/** My unread numbers of these rooms, counted now. */
export interface UnreadGet {
  rooms: string[];
}

/** I am typing in this room (repeat every 4 s), or no longer. */
export interface TypingSet {
  room: string;
  typing: boolean;
}

/** The people I have on screen now; replaces those watched before. */
export interface PresenceWatch {
  people: string[];
}

/** The person uses this page now: it was parked, and takes the place over. Answered like hello. */
export interface PlaceTake {
  sync?: SyncRequest | null;
  /** False in answer to `place.free`: only if nobody else has taken it meanwhile. */
  claim?: boolean;
}

/**
 * The rooms in front of the person's eyes on this connection; replaces what was said before.
 *
 * My other devices hear of it, and give no notification for these rooms.
 */
export interface FocusSet {
  rooms: string[];
}

/** What I have begun to write in a room, for my other devices; an empty text takes it away. */
export interface DraftSet {
  room: string;
  text: string;
}

/** How much is unread, for a badge; and rooms with unread talks newer than `since`, newest first. */
export interface NewsGet {
  /** Milliseconds since 1970 by the server's clock; 0: no rooms, the number only. */
  since?: number;
}

/** Every command: its fields beside `id` and `cmd`, and what it is answered with. */
export interface Commands {
  "hello": { request: Hello; answer: Welcome };
  "tick": { request: Tick; answer: Done };
  "sync": { request: Sync; answer: SyncAnswer };
  "rooms.list": { request: RoomsList; answer: RoomsAnswer };
  "room.create": { request: RoomCreate; answer: RoomAnswer };
  "room.get": { request: RoomGet; answer: RoomAnswer };
  "room.open": { request: RoomOpen; answer: OpenAnswer };
  "room.close": { request: RoomClose; answer: Done };
  "room.invite": { request: RoomInvite; answer: RoomAnswer };
  "room.leave": { request: RoomLeave; answer: Done };
  "room.remove": { request: RoomRemove; answer: RoomAnswer };
  "room.rename": { request: RoomRename; answer: RoomAnswer };
  "room.preferences": { request: RoomPreferences; answer: RoomAnswer };
  "message.send": { request: MessageSend; answer: SendAnswer };
  "message.history": { request: MessageHistory; answer: HistoryAnswer };
  "message.get": { request: MessageGet; answer: MessagesAnswer };
  "message.edit": { request: MessageEdit; answer: Done };
  "message.react": { request: MessageReact; answer: Done };
  "message.unread_by": { request: MessageUnreadBy; answer: PeopleAnswer };
  "read.mark": { request: ReadMark; answer: CursorAnswer };
  "unread.get": { request: UnreadGet; answer: UnreadAnswer };
  "typing.set": { request: TypingSet; answer: Done };
  "presence.watch": { request: PresenceWatch; answer: PresenceAnswer };
  "place.take": { request: PlaceTake; answer: Welcome };
  "focus.set": { request: FocusSet; answer: Done };
  "draft.set": { request: DraftSet; answer: DraftAnswer };
  "news.get": { request: NewsGet; answer: NewsAnswer };
}

/** A new message in one of my rooms; my own included, on all my devices. */
export interface MessageNew {
  ev: "message.new";
  room: string;
  version: number;
  message: Message;
}

/** A message that stood already is this now; the row as a whole replaces the one that is held. */
export interface MessageChanged {
  ev: "message.changed";
  room: string;
  version: number;
  message: Message;
}

/**
 * Members, name or master changed; the notice that tells of it comes along. Or old messages are shown to
 * nobody any more: then `floor` says which.
 */
export interface RoomChanged {
  ev: "room.changed";
  room: string;
  version: number;
  members_version: number;
  member_count: number;
  people: string[];
  name?: string | null;
  master?: string | null;
  /** Memberships that changed; those who left carry `left`. */
  members?: Member[];
  messages?: Message[];
  /** My floor is this now, where it was lower: drop what lies at or below it. */
  floor?: number;
}

/** I am in this room now (created, invited, or a hidden one came back): fetch it with room.get. */
export interface RoomAdded {
  ev: "room.added";
  room: string;
  version: number;
}

/** I may no longer see this room: drop all of it. */
export interface RoomGone {
  ev: "room.gone";
  room: string;
}

/** Read cursors moved in a room that I have open. */
export interface ReadMoved {
  ev: "read.moved";
  room: string;
  /** Up to here no cursor is missing; 0: not known yet. */
  read_version: number;
  cursors: Record<string, number>;
}

/** What is mine alone changed, on this or another of my devices. */
export interface MineChanged {
  ev: "mine.changed";
  personal: number;
  rooms?: MyRoom[];
  drafts?: Draft[];
  settings?: MySettings | null;
}

/** Somebody types in a room that I have open; lasts 6 s unless repeated. */
export interface Typing {
  ev: "typing";
  room: string;
  user: string;
  typing: boolean;
}

/** People that I watch came or went. */
export interface PresenceChanged {
  ev: "presence";
  people: Record<string, Presence>;
}

/** Somebody that I watch has another name, status, absence or photo. */
export interface PeopleChanged {
  ev: "people.changed";
  people: Person[];
}

/** This session has ended; the connection closes with 4003. */
export interface SignedOut {
  ev: "signed_out";
  reason: string;
}

/**
 * Another page of mine has taken the place: stay quiet until `place.free`, or until the person uses this
 * page.
 */
export interface Parked {
  ev: "parked";
  by: PlaceHolder;
}

/** The place is free: this parked page may take it (`place.take` without claim). */
export interface PlaceFree {
  ev: "place.free";
}

/** The rooms in front of my eyes on my other devices are these now. */
export interface FocusMoved {
  ev: "focus";
  rooms: string[];
}

/** Something may have passed this connection by: ask for `sync` with what is held. */
export interface Behind {
  ev: "behind";
}

/** Answer with the command `tick` before the next one comes, or be taken for dead. */
export interface TickEvent {
  ev: "tick";
}

export type AnyEvent =
  | MessageNew
  | MessageChanged
  | RoomChanged
  | RoomAdded
  | RoomGone
  | ReadMoved
  | MineChanged
  | Typing
  | PresenceChanged
  | PeopleChanged
  | SignedOut
  | Parked
  | PlaceFree
  | FocusMoved
  | Behind
  | TickEvent;
