/**
 * The wire contract, by hand after src/sendjay/protocol until the generated types stand in web/protocol/wire.gen.ts;
 * then this file only hands those on. Absent fields have their default: model.ts fills them in.
 */

export type RoomKind = "direct" | "group" | "self" | "item";
export type MessageKind = "text" | "notice";
export type NoticeType = "created" | "invited" | "left" | "removed" | "renamed" | "master";

export interface Notice {
  type: NoticeType;
  people?: string[];
  more?: number;
  name?: string | null;
}

export interface Message {
  seq: number;
  version: number;
  sender: string;
  at: number;
  kind?: MessageKind;
  body?: string;
  notice?: Notice | null;
  client_id?: string | null;
}

export interface Room {
  id: string;
  kind: RoomKind;
  seq: number;
  version: number;
  members_version: number;
  read_version: number;
  member_count: number;
  people: string[];
  name?: string | null;
  master?: string | null;
  last?: Message | null;
}

export interface MyRoom {
  room: string;
  floor: number;
  epoch: number;
  read_seq: number;
  unread: number;
  muted?: boolean;
  hidden?: boolean;
  pinned?: boolean;
  show_members?: boolean;
  own_name?: string | null;
}

export interface RoomView {
  room: Room;
  mine: MyRoom;
}

export interface Member {
  user: string;
  joined_seq: number;
  read_seq?: number;
  left?: boolean;
}

export interface RoomDelta {
  room: Room;
  mine: MyRoom;
  limited?: boolean;
  messages?: Message[];
  members?: Member[];
  cursors?: Record<string, number>;
}

export interface Absence {
  code: string;
  note?: string;
  since?: string | null;
  until?: string | null;
}

export interface Person {
  id: string;
  name: string;
  org?: string;
  org_name?: string;
  top_org?: string;
  top_org_name?: string;
  job?: string;
  tel?: string;
  nickname?: string;
  absence?: Absence | null;
  photo?: string | null;
  disabled?: boolean;
}

export interface Org {
  code: string;
  name: string;
  depth: number;
  parent?: string | null;
}

export interface Presence {
  web?: boolean;
  app?: boolean;
}

// Answers

export type Done = Record<string, never>;

export interface SyncAnswer {
  personal: number;
  rooms?: RoomDelta[];
  mine?: MyRoom[];
  gone?: string[];
}

export interface Welcome {
  user: string;
  session: string;
  connection: string;
  server_time: number;
  tick_seconds: number;
  max_frame_bytes: number;
  receipts: string;
  sync?: SyncAnswer | null;
}

export interface RoomsAnswer {
  personal: number;
  rooms?: RoomView[];
}

export interface RoomAnswer {
  room: RoomView;
  created?: boolean;
}

export interface OpenAnswer {
  room: RoomView;
  members: Member[];
}

export interface HistoryAnswer {
  messages: Message[];
  version: number;
  more_before?: boolean;
  more_after?: boolean;
}

export interface SendAnswer {
  seq: number;
  version: number;
  at: number;
  room: string;
}

export interface PeopleAnswer {
  people: string[];
}

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

export interface Refusal {
  code: string;
  message: string;
  retry?: boolean;
  retry_after_ms?: number | null;
}

export interface Reply {
  re: number;
  ok: unknown;
}

export interface ErrorReply {
  re: number | null;
  error: Refusal;
}

// Commands: the fields beside `id` and `cmd`, and what each is answered with

export interface SyncRequest {
  rooms: Record<string, [number, number]>;
  personal: number;
}

export interface Commands {
  hello: [{ token?: string | null; sync?: SyncRequest | null }, Welcome];
  tick: [Done, Done];
  sync: [SyncRequest, SyncAnswer];
  "rooms.list": [Done, RoomsAnswer];
  "room.create": [{ client_id: string; people: string[] }, RoomAnswer];
  "room.get": [{ room: string }, RoomAnswer];
  "room.open": [{ room: string }, OpenAnswer];
  "room.close": [{ room: string }, Done];
  "room.invite": [{ client_id: string; room: string; people: string[] }, RoomAnswer];
  "room.leave": [{ room: string }, Done];
  "room.remove": [{ room: string; person: string }, RoomAnswer];
  "room.rename": [{ room: string; name: string | null; scope: "all" | "me" }, RoomAnswer];
  "room.preferences": [
    { room: string; muted?: boolean | null; pinned?: boolean | null; show_members?: boolean | null },
    RoomAnswer,
  ];
  "message.send": [{ room: string; client_id: string; body: string }, SendAnswer];
  "message.history": [
    { room: string; before?: number | null; after?: number | null; around?: number | null; limit?: number },
    HistoryAnswer,
  ];
  "message.unread_by": [{ room: string; seq: number }, PeopleAnswer];
  "read.mark": [{ room: string; seq: number }, CursorAnswer];
  "unread.get": [{ rooms: string[] }, UnreadAnswer];
  "typing.set": [{ room: string; typing: boolean }, Done];
  "presence.watch": [{ people: string[] }, PresenceAnswer];
}

// Events

export type AnyEvent =
  | { ev: "message.new"; room: string; version: number; message: Message }
  | {
      ev: "room.changed";
      room: string;
      version: number;
      members_version: number;
      member_count: number;
      people: string[];
      name?: string | null;
      master?: string | null;
      members?: Member[];
      messages?: Message[];
    }
  | { ev: "room.added"; room: string; version: number }
  | { ev: "room.gone"; room: string }
  | { ev: "read.moved"; room: string; read_version: number; cursors: Record<string, number> }
  | { ev: "mine.changed"; personal: number; rooms: MyRoom[] }
  | { ev: "typing"; room: string; user: string; typing: boolean }
  | { ev: "presence"; people: Record<string, Presence> }
  | { ev: "people.changed"; people: Person[] }
  | { ev: "signed_out"; reason: string }
  | { ev: "tick" };
