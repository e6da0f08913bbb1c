/** What screens see: the wire's objects with every default filled in, never changed in place. */
import type * as wire from "./wire";

export type { MessageKind, NoticeType, RoomKind } from "./wire";

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

export type Deal = Filled<wire.Deal>;
export type Item = Omit<Filled<wire.Item>, "deal"> & { readonly deal: Deal | null };
export type Notice = Omit<Filled<wire.Notice>, "deal"> & { readonly deal: Deal | null };
export type FileInfo = Filled<wire.FileInfo>;
export type Reaction = Filled<wire.Reaction>;
export type Preview = Filled<wire.Preview>;
export type Message = Omit<Filled<wire.Message>, "notice" | "files" | "preview"> & {
  readonly notice: Notice | null;
  readonly files: readonly FileInfo[];
  readonly preview: Preview | null;
};
export type Room = Omit<Filled<wire.Room>, "last" | "item"> & {
  readonly last: Message | null;
  readonly item: Item | null;
};
export type MyRoom = Filled<wire.MyRoom>;
export type Member = Filled<wire.Member>;
export type Absence = Filled<wire.Absence>;
export type Person = Omit<Filled<wire.Person>, "absence"> & { readonly absence: Absence | null };
export type Org = Filled<wire.Org>;
export type Presence = Filled<wire.Presence>;
export type MySettings = Filled<wire.MySettings>;

export interface RoomView {
  readonly room: Room;
  readonly mine: MyRoom;
}

export const OFFLINE: Presence = { web: false, app: false };

export function fillMessage(row: wire.Message): Message {
  const notice = row.notice
    ? { people: [], more: 0, name: null, ...row.notice, deal: fillDeal(row.notice.deal) }
    : null;
  const preview = row.preview ? { title: "", text: "", site: "", image: "", ...row.preview } : null;
  const files = (row.files ?? []).map(fillFile);
  return { ...PLAIN, ...row, notice, preview, files };
}

function fillFile(file: wire.FileInfo): FileInfo {
  return { ...UNKNOWN_FILE, ...file };
}

function fillDeal(deal: wire.Deal | null | undefined): Deal | null {
  return deal ? { label: "", since: null, until: null, ...deal } : null;
}

export function fillItem(item: wire.Item): Item {
  return { ...PLAIN_ITEM, ...item, deal: fillDeal(item.deal) };
}

export function fillRoom(room: wire.Room): Room {
  return {
    name: null,
    master: null,
    created_at: 0,
    pinned: 0,
    blocked: false,
    ...room,
    last: room.last ? fillMessage(room.last) : null,
    item: room.item ? fillItem(room.item) : null,
  };
}

export function fillMine(mine: wire.MyRoom): MyRoom {
  return { muted: false, hidden: false, pinned: false, show_members: true, own_name: null, ...mine };
}

export function fillView(view: wire.RoomView): RoomView {
  return { room: fillRoom(view.room), mine: fillMine(view.mine) };
}

export function fillMember(member: wire.Member): Member {
  return { read_seq: 0, left: false, ...member };
}

export function fillPerson(person: wire.Person): Person {
  const absence = person.absence ? { note: "", since: null, until: null, ...person.absence } : null;
  return { ...EMPTY_PERSON, ...person, absence };
}

export function fillOrg(org: wire.Org): Org {
  return { parent: null, ...org };
}

export function fillPresence(presence: wire.Presence): Presence {
  return { ...OFFLINE, ...presence };
}

export function fillSettings(settings: wire.MySettings): MySettings {
  return { ...USUAL_SETTINGS, ...settings };
}

const PLAIN = {
  kind: "text" as const,
  body: "",
  client_id: null,
  reply_to: 0,
  mentions: [],
  forwarded: false,
  edited_at: 0,
  reactions: [],
  gone: false,
};

const PLAIN_ITEM = { price: "", status: "", picture: "", link: "", is_open: true, is_gone: false };

const UNKNOWN_FILE = {
  kind: "file" as const,
  width: 0,
  height: 0,
  seconds: 0,
  thumb: false,
  expires_at: 0,
  gone: false,
};

const USUAL_SETTINGS: MySettings = {
  standalone: false,
  notify: true,
  sound: true,
  vibration: true,
  show_body: true,
  show_sender: true,
  hours_from: "",
  hours_to: "",
};

const EMPTY_PERSON = {
  org: "",
  org_name: "",
  top_org: "",
  top_org_name: "",
  job: "",
  tel: "",
  nickname: "",
  photo: null,
  disabled: false,
};
