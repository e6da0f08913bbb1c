/** One room of the fake server: what the real one keeps, and how it shows it, in as few lines as will do. */
import type { AnyEvent, HistoryAnswer, Member, Message, MyRoom, Room, RoomDelta, RoomView } from "../wire";

export interface FakeMember {
  user: string;
  joined_seq: number;
  cleared_seq: number;
  read_seq: number;
  read_version: number;
  version: number;
  epoch: number;
  left: boolean;
  muted: boolean;
}

export class FakeRoom {
  version = 1;
  members_version = 1;
  read_version = 0;
  name: string | null = null;
  readonly rows: Message[] = [];
  readonly members = new Map<string, FakeMember>();

  constructor(
    readonly id: string,
    users: readonly string[],
  ) {
    for (const user of users) this.#admit(user, 1);
  }

  get seq(): number {
    return this.rows.length;
  }

  present(): FakeMember[] {
    return [...this.members.values()].filter((member) => !member.left);
  }

  isMember(user: string): boolean {
    return this.members.get(user)?.left === false;
  }

  say(sender: string, body: string, client_id: string | null, at: number): AnyEvent {
    const message: Message = { seq: this.seq + 1, version: ++this.version, sender, at, body };
    if (client_id !== null) message.client_id = client_id;
    this.rows.push(message);
    return { ev: "message.new", room: this.id, version: this.version, message };
  }

  /** As an edit or a revoke will do: a row that stood already changes. */
  change(seq: number, body: string): AnyEvent {
    const version = ++this.version;
    const row = { ...(this.rows[seq - 1] as Message), body, version };
    this.rows[seq - 1] = row;
    return this.changed([], [row]);
  }

  rename(name: string | null, by: string, at: number): AnyEvent {
    this.version += 1;
    this.name = name;
    return this.changed([], [this.#notice("renamed", by, [], at)]);
  }

  join(user: string, at: number): AnyEvent {
    this.version += 1;
    const joined = this.seq;
    this.#admit(user, this.version, joined);
    return this.changed([user], [this.#notice("invited", user, [user], at)]);
  }

  leave(user: string, at: number): AnyEvent {
    const member = this.members.get(user) as FakeMember;
    member.version = ++this.version;
    member.left = true;
    return this.changed([user], [this.#notice("left", user, [user], at)]);
  }

  changed(users: readonly string[], messages: Message[]): AnyEvent {
    if (users.length > 0) this.members_version = this.version;
    const members = users.map((user): Member => {
      const member = this.members.get(user) as FakeMember;
      return member.left ? { user, joined_seq: 0, left: true } : this.#shown(member);
    });
    const { id, version, members_version, member_count, people, name } = this.head("");
    const base = { ev: "room.changed" as const, room: id, version, members_version, member_count, people };
    return { ...base, ...(name ? { name } : {}), members, messages };
  }

  read(user: string, seq: number): AnyEvent | null {
    const member = this.members.get(user) as FakeMember;
    const target = Math.min(seq, this.seq);
    if (target <= member.read_seq) return null;
    member.read_seq = target;
    member.read_version = ++this.read_version;
    return {
      ev: "read.moved",
      room: this.id,
      read_version: this.read_version,
      cursors: { [user]: target },
    };
  }

  floor(user: string): number {
    const member = this.members.get(user);
    return Math.max(member?.joined_seq ?? 0, member?.cleared_seq ?? 0);
  }

  unread(user: string): number {
    const from = Math.max(this.floor(user), this.members.get(user)?.read_seq ?? 0);
    const rows = this.rows.filter((row) => row.seq > from && row.sender !== user && row.kind !== "notice");
    return Math.min(300, rows.length);
  }

  head(user: string): Room {
    const { id, seq, version, members_version, read_version } = this;
    const present = this.present();
    const people = present.slice(0, 6).map((member) => member.user);
    const counters = { seq, version, members_version, read_version, member_count: present.length };
    const room: Room = { id, kind: "group", ...counters, people };
    if (this.name) room.name = this.name;
    const last = this.rows.findLast((row) => row.kind !== "notice" && row.seq > this.floor(user));
    if (last) room.last = last;
    return room;
  }

  mine(user: string): MyRoom {
    const member = this.members.get(user) as FakeMember;
    const { read_seq, epoch, muted } = member;
    const mine: MyRoom = {
      room: this.id,
      floor: this.floor(user),
      epoch,
      read_seq,
      unread: this.unread(user),
    };
    return muted ? { ...mine, muted } : mine;
  }

  view(user: string): RoomView {
    return { room: this.head(user), mine: this.mine(user) };
  }

  memberList(): Member[] {
    return this.present().map((member) => this.#shown(member));
  }

  delta(user: string, held: [number, number] | undefined, most: number): RoomDelta {
    const base = { room: this.head(user), mine: this.mine(user) };
    if (!held) return { ...base, limited: true };
    const [version, readVersion] = held;
    const messages = this.rows.filter((row) => row.version > version && row.seq > this.floor(user));
    const members = [...this.members.values()].filter((member) => member.version > version);
    const moved = readVersion < 0 ? [] : this.present().filter((member) => member.read_version > readVersion);
    if (messages.length + members.length + moved.length > most) return { ...base, limited: true };
    const cursors = Object.fromEntries(moved.map((member) => [member.user, member.read_seq]));
    return { ...base, messages, members: members.map((member) => this.#shown(member)), cursors };
  }

  page(
    user: string,
    where: { before?: number; after?: number; around?: number; limit: number },
  ): HistoryAnswer {
    const floor = this.floor(user);
    const visible = this.rows.filter((row) => row.seq > floor);
    const { before, after, around, limit } = where;
    let found: Message[];
    if (after !== undefined) found = visible.filter((row) => row.seq > after).slice(0, limit);
    else if (around !== undefined) {
      const half = Math.max(1, limit >> 1);
      const upper = visible.filter((row) => row.seq >= around).slice(0, half);
      found = [...visible.filter((row) => row.seq < around).slice(half - limit), ...upper];
    } else found = visible.filter((row) => row.seq < (before ?? Number.MAX_SAFE_INTEGER)).slice(-limit);
    const first = found[0];
    const last = found.at(-1);
    return {
      messages: found,
      version: this.version,
      more_before: first !== undefined && first.seq > floor + 1,
      more_after: last !== undefined && last.seq < this.seq,
    };
  }

  #admit(user: string, version: number, joined_seq = 0): void {
    const epoch = (this.members.get(user)?.epoch ?? 0) + 1;
    const cursor = { joined_seq, cleared_seq: 0, read_seq: joined_seq, read_version: 0 };
    this.members.set(user, { user, ...cursor, version, epoch, left: false, muted: false });
  }

  #notice(type: "renamed" | "invited" | "left", sender: string, people: string[], at: number): Message {
    const { version } = this;
    const notice = { type, people };
    const message: Message = { seq: this.seq + 1, version, sender, at, kind: "notice", notice };
    this.rows.push(message);
    return message;
  }

  #shown({ user, joined_seq, read_seq, left }: FakeMember): Member {
    return left ? { user, joined_seq, read_seq, left } : { user, joined_seq, read_seq };
  }
}
