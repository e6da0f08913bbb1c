// Made by `sendjay protocol` from src/sendjay/protocol. Do not edit: change it there.
// An absent field has its default; fields that you do not know may come, and are to be passed over.

export type RoomKind = "direct" | "group" | "self" | "item";

export type MessageKind = "text" | "notice" | "revoked";

export type NoticeType = "created" | "invited" | "left" | "removed" | "renamed" | "master" | "pinned" | "unpinned" | "deal" | "warning";

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
  | "blocked"
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

/** How far two people have come about an item, as the host reports it. */
export interface Deal {
  /** requested, reserved, handed_over, returned, cancelled, or a word of the host's own. */
  state: string;
  /** What is shown for it; empty: the client words the states named above. */
  label?: string;
  /** The first and the last day that it is about, in ISO form (2026-11-24). */
  since?: string | null;
  until?: string | null;
}

/** What a host has registered to be talked about: a post, an order, a document. */
export interface Item {
  kind: string;
  /** The host's own, unique among its kind. */
  id: string;
  title: string;
  /** Id of the person whom others ask about it. */
  owner: string;
  price?: string;
  /** A word or two of the host's, such as "sold". */
  status?: string;
  /** Address of a picture; empty: none. */
  picture?: string;
  /** Address of the host's page about it; empty: none. */
  link?: string;
  /** May others begin to ask about it? */
  is_open?: boolean;
  /** The host has deleted it; what was said about it stays. */
  is_gone?: boolean;
  /** In a room: how the two of it stand. */
  deal?: Deal | null;
}

/** Something that happened to the room, told in its timeline. Clients word it in the reader's language. */
export interface Notice {
  type: NoticeType;
  /** Ids of the people it happened to, at most 100; `more` counts the rest. */
  people?: string[];
  more?: number;
  /**
   * The new name, when `type` is `renamed`; null means the name was taken away. What the host warns of,
   * when it is `warning`.
   */
  name?: string | null;
  /** How the deal stands from now on, when `type` is `deal`. */
  deal?: Deal | null;
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
  /** The page's picture, at `/api/rooms/{room}/messages/{seq}/preview/{image}`; empty: none. */
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
  /** revoked: the sender has taken it back, and I had read it: there is no text any more. */
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
  reactions?: Reaction[];
  preview?: Preview | null;
  /** It is not mine to see (any more): nothing is shown in its place, whatever comes of it later. */
  gone?: boolean;
}

/** A message that was found. */
export interface Hit {
  room: string;
  message: Message;
}

/** What a message carries besides its text, as it is kept; the fields are those of Message. */
export interface Extra {
  reply_to?: number;
  mentions?: string[];
  files?: FileInfo[];
  forwarded?: boolean;
  edited_at?: number;
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
  /** The newest message that the reader may see, notices and what was taken back not counted. */
  last?: Message | null;
  /** Seq of the message that hangs as a notice above the talk; 0: none. */
  pinned?: number;
  /** What a room of kind `item` is about. */
  item?: Item | null;
  /**
   * One of the two has blocked the other: it can be read, and nothing can be said in it. Open it
   * again whenever this changes: as long as it is so, it is not kept open (no typing, no cursors).
   */
  blocked?: boolean;
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

/** An item of mine that others have asked about. */
export interface ItemAsked {
  item: Item;
  /** How many people. */
  askers: number;
  /** Of all of them together; each room counts to 300. */
  unread: number;
  /** When something happened there last, in milliseconds since 1970 UTC. */
  at: number;
}

/** Days of a deal of mine that are not over. */
export interface Upcoming {
  room: string;
  /** With the deal. */
  item: Item;
  /** The other one, or myself. */
  asker: string;
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

/** An item as its host names it. */
export interface ItemRef {
  kind: string;
  id: string;
}

/** A message that I may see, to be passed on. */
export interface Original {
  room: string;
  seq: number;
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
  /** Messages (room: seqs) that I have deleted for myself since. */
  deleted?: Record<string, number[]>;
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
  /** So long may a message be edited; 0: for ever. */
  edit_hours?: number;
  /** So long may it be taken back; 0: for ever. */
  revoke_hours?: number;
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

/** What was found in a room, the newest first. */
export interface SearchAnswer {
  messages: Message[];
  /**
   * Ask for what lies before this seq to go on; 0: that was all. There may be more even where nothing was
   * found yet.
   */
  next?: number;
}

/** What was found in all my rooms, the newest first. */
export interface HitsAnswer {
  hits: Hit[];
  /** Ask for what comes after this to go on; empty: that was all. */
  next?: string;
}

export interface ItemAnswer {
  item: Item;
  /** Null: nothing has been said yet. */
  room?: RoomView | null;
  /** To be given with the first message, for a day. */
  pass?: string;
  /** As much of the room's as was asked for. */
  history?: HistoryAnswer | null;
}

export interface OwnedAnswer {
  items?: ItemAsked[];
  /** Ask for what comes after this to go on; empty: that was all. */
  next?: string;
}

export interface ItemRoomsAnswer {
  rooms?: RoomView[];
  next?: string;
}

export interface ComingAnswer {
  deals?: Upcoming[];
}

export interface BlockedAnswer {
  /** Ids, the last blocked first. */
  people?: string[];
}

/** The message is on disk. */
export interface SendAnswer {
  seq: number;
  version: number;
  at: number;
  room: string;
}

/** Members but for the sender, by the time they joined. */
export interface ReadersAnswer {
  /** Who has not read it. */
  people: string[];
  /** Who has. */
  read?: string[];
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

/** I do not want to see anything of what was said in this room until now. */
export interface RoomClear {
  room: string;
}

/** Hang a message above the talk, for all; another one takes its place. 0 takes it down. */
export interface RoomPin {
  room: string;
  seq: number;
}

/** A text of at most 4,000 UTF-16 units, files, or both. Answered after it is on disk. */
export interface MessageSend {
  room: string;
  client_id: string;
  /** May be empty where files go along, and is where a message is passed on. */
  body?: string;
  /** The message that this one answers: one of this room that I may see. 0: none. */
  reply_to?: number;
  /** People that it names. Who is no member (any more) is left out. */
  mentions?: string[];
  /** Ids of files that I have uploaded, or that were sent to me. */
  files?: string[];
  /** Pass on the text and the files of this message; nothing else can be given with it. */
  forward?: Original | null;
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

/** I take back a message of mine. Who had read it sees that there was one, nobody else sees anything. */
export interface MessageRevoke {
  room: string;
  seq: number;
}

/** I do not want to see these messages any more, on all my devices. Others keep them. */
export interface MessageDelete {
  room: string;
  seqs: number[];
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

/** Find messages in a room: all of the words, and all else that is asked for. */
export interface SearchRoom {
  room: string;
  /** Words parted by blanks. Korean is found by any part of a word, other words by their beginning. */
  text?: string;
  sender?: string;
  /** With any of these; none: whatever they carry. */
  kinds?: ("file" | "image" | "link" | "video")[];
  /** Sent then or later, in milliseconds since 1970 UTC. */
  since?: number;
  /** Sent before; 0: until now. */
  until?: number;
  /** Go on below this seq; 0: from the newest on. */
  before?: number;
  limit?: number;
}

/** The same in all rooms of my list, the newest first. */
export interface SearchAll {
  text?: string;
  sender?: string;
  kinds?: ("file" | "image" | "link" | "video")[];
  since?: number;
  until?: number;
  /** The `next` of the answer before. */
  after?: string;
  limit?: number;
}

/** The button under a post: what it is about, and my room about it if there is one. */
export interface ItemAsk {
  item: ItemRef;
  /** The host's word that I see this item now; needed where the host has not opened it to all. */
  ticket?: string;
  /** Instead: what an earlier answer gave me for the ticket. */
  pass?: string;
  /** How many of the newest rows of my room to answer with, so that it can be shown at once. */
  history?: number;
}

/** A message to the owner of an item; the first one makes the room. Answered after it is on disk. */
export interface ItemSend {
  item: ItemRef;
  client_id: string;
  body?: string;
  files?: string[];
  /** From the answer of `item.ask`; needed as long as there is no room. */
  pass?: string;
}

/** My items that others have asked about; where something happened last comes first. */
export interface ItemsOwned {
  /** The `next` of the answer before. */
  after?: string;
  limit?: number;
}

/** My rooms about items of others, the same way. */
export interface ItemsAsked {
  after?: string;
  limit?: number;
}

/** My rooms about one item: those of all askers if it is mine, else my own. */
export interface ItemRooms {
  item: ItemRef;
  after?: string;
  limit?: number;
}

/** Days of my deals that are not over, the nearest first; at most 200. */
export type ItemsComing = Record<string, never>;

/** Neither of us can write to the other in rooms of two, from now on; or we can again. */
export interface PersonBlock {
  person: string;
  on: boolean;
}

/** Whom I have blocked. */
export type PeopleBlocked = Record<string, never>;

/** Tell the administrator of what the other one does here; the last messages go along. */
export interface RoomReport {
  room: string;
  reason: "abuse" | "fraud" | "illegal" | "other" | "spam";
  text?: string;
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
  "room.clear": { request: RoomClear; answer: RoomAnswer };
  "room.pin": { request: RoomPin; answer: Done };
  "message.send": { request: MessageSend; answer: SendAnswer };
  "message.history": { request: MessageHistory; answer: HistoryAnswer };
  "message.get": { request: MessageGet; answer: MessagesAnswer };
  "message.edit": { request: MessageEdit; answer: Done };
  "message.react": { request: MessageReact; answer: Done };
  "message.revoke": { request: MessageRevoke; answer: Done };
  "message.delete": { request: MessageDelete; answer: Done };
  "message.unread_by": { request: MessageUnreadBy; answer: ReadersAnswer };
  "read.mark": { request: ReadMark; answer: CursorAnswer };
  "unread.get": { request: UnreadGet; answer: UnreadAnswer };
  "typing.set": { request: TypingSet; answer: Done };
  "presence.watch": { request: PresenceWatch; answer: PresenceAnswer };
  "place.take": { request: PlaceTake; answer: Welcome };
  "focus.set": { request: FocusSet; answer: Done };
  "draft.set": { request: DraftSet; answer: DraftAnswer };
  "news.get": { request: NewsGet; answer: NewsAnswer };
  "search.room": { request: SearchRoom; answer: SearchAnswer };
  "search.all": { request: SearchAll; answer: HitsAnswer };
  "item.ask": { request: ItemAsk; answer: ItemAnswer };
  "item.send": { request: ItemSend; answer: SendAnswer };
  "items.owned": { request: ItemsOwned; answer: OwnedAnswer };
  "items.asked": { request: ItemsAsked; answer: ItemRoomsAnswer };
  "item.rooms": { request: ItemRooms; answer: ItemRoomsAnswer };
  "items.coming": { request: ItemsComing; answer: ComingAnswer };
  "person.block": { request: PersonBlock; answer: Done };
  "people.blocked": { request: PeopleBlocked; answer: BlockedAnswer };
  "room.report": { request: RoomReport; answer: Done };
}

/** A new message in one of my rooms; my own included, on all my devices. */
export interface MessageNew {
  ev: "message.new";
  room: string;
  version: number;
  message: Message;
}

/**
 * A message that stood already is this now; the row as a whole replaces the one that is held.
 *
 * One that was taken back (`revoked`) is told to all alike, and is not the same for all: drop its text at
 * once, and treat the event as a hole. `sync` says what I may see of it.
 */
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
  pinned?: number;
  item?: Item | null;
  blocked?: boolean;
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
  /** Messages (room: seqs) that I have deleted for myself: they are gone. */
  deleted?: Record<string, number[]>;
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
