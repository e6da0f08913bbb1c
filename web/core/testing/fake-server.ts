/**
 * A server in memory that speaks the protocol over fake sockets, with delays, lost events and broken connections on
 * demand. Answers are read when a command arrives and leave later than events of that time, as the real one's may.
 */

import type { HeldRooms } from "../sync";
import type { AnyEvent, Commands, Place, PlaceHolder, SyncAnswer, Welcome } from "../wire";
import { FakeDesk } from "./fake-desk";
import { FakeRoom } from "./fake-room";
import { FakeSocket } from "./fake-socket";

type Fields = Record<string, never> & { id: number; cmd: keyof Commands };

export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly retry = false,
    readonly retryAfterMs: number | null = null,
  ) {
    super(code);
  }
}

export class FakeServer {
  readonly rooms = new Map<string, FakeRoom>();
  readonly #personal = new Map<string, number>();
  readonly #looking = new Map<string, string[]>();
  /** Drafts and settings of each person. */
  readonly desk = new FakeDesk((user, change) => {
    const personal = this.#raisePersonal(user);
    this.#tellUser(user, { ev: "mine.changed", personal, ...change(personal) });
    return personal;
  });
  readonly #acks = new Map<string, { room: string; seq: number; version: number; at: number }>();
  readonly sockets = new Set<FakeSocket>();
  readonly commands: { user: string; cmd: string; fields: Record<string, unknown> }[] = [];
  /** How long an answer takes, and whether an event is lost on its way to a socket. */
  answerDelay: () => number = () => 1;
  losesEvent: () => boolean = () => false;
  /** Set to refuse a command before it is done. */
  refuse: (cmd: string, fields: Record<string, unknown>) => Refusal | null = () => null;
  accepts = true;
  /** Answers are made but never leave, and neither do events. */
  silent = false;
  most = 300;
  /** Another browser has the place: who does not claim it is parked. */
  holder: PlaceHolder | null = null;
  generation = 0;
  /** How long the access token is good, as welcomes say. */
  tokenSeconds = 900;
  #now = 1_700_000_000_000;

  socketFor(user: string): (url: string) => WebSocket {
    return () => {
      const socket = new FakeSocket(user, (frame) => this.#receive(socket, frame));
      socket.opened(this.accepts);
      return socket as unknown as WebSocket;
    };
  }

  room(id: string, users: readonly string[]): FakeRoom {
    const room = new FakeRoom(id, users);
    this.rooms.set(id, room);
    return room;
  }

  clock(): number {
    this.#now = Math.max(this.#now + 1, Date.now());
    return this.#now;
  }

  // What other people do

  say(room: string, sender: string, body: string, clientId: string | null = null): void {
    const held = this.rooms.get(room) as FakeRoom;
    this.tellRoom(held, held.say(sender, body, clientId, this.clock()));
  }

  read(room: string, user: string, seq: number): void {
    const held = this.rooms.get(room) as FakeRoom;
    const event = held.read(user, seq);
    if (!event) return;
    for (const socket of this.sockets) if (socket.open.has(room)) this.#tell(socket, event);
    this.#tellMine(user, held);
  }

  join(room: string, user: string): void {
    const held = this.rooms.get(room) as FakeRoom;
    const event = held.join(user, this.clock());
    this.tellRoom(held, event);
    this.#tellUser(user, { ev: "room.added", room, version: held.version });
  }

  leave(room: string, user: string): void {
    const held = this.rooms.get(room) as FakeRoom;
    const event = held.leave(user, this.clock());
    this.#tellUser(user, { ev: "room.gone", room });
    this.tellRoom(held, event);
  }

  /** The rooms before somebody's eyes on another device of theirs. */
  lookingAt(user: string, rooms: string[]): void {
    this.#looking.set(user, rooms);
    this.#tellUser(user, { ev: "focus", rooms });
  }

  mute(room: string, user: string, muted: boolean): void {
    const held = this.rooms.get(room) as FakeRoom;
    const member = held.members.get(user);
    if (!member) return;
    member.muted = muted;
    this.#tellMine(user, held);
  }

  /** Another browser takes the place. */
  park(holder: PlaceHolder): void {
    this.holder = holder;
    this.generation++;
    for (const socket of this.sockets) {
      socket.isParked = true;
      socket.push({ ev: "parked", by: holder }, 0);
    }
  }

  /** The other browser is gone. */
  free(): void {
    this.holder = null;
    for (const socket of this.sockets) if (socket.isParked) socket.push({ ev: "place.free" }, 0);
  }

  tellRoom(room: FakeRoom, event: AnyEvent): void {
    for (const socket of this.sockets) if (room.isMember(socket.user)) this.#tell(socket, event);
  }

  #tellUser(user: string, event: AnyEvent): void {
    for (const socket of this.sockets) if (socket.user === user) this.#tell(socket, event);
  }

  #tellMine(user: string, room: FakeRoom): void {
    const personal = this.#raisePersonal(user);
    this.#tellUser(user, { ev: "mine.changed", personal, rooms: [room.mine(user)] });
  }

  #raisePersonal(user: string): number {
    const personal = (this.#personal.get(user) ?? 0) + 1;
    this.#personal.set(user, personal);
    return personal;
  }

  #tell(socket: FakeSocket, event: AnyEvent): void {
    // Cursors are gathered on their way out, so their versions jump and a page cannot see that one is missing: it is
    // for the server to repair.
    if (socket.isParked) return;
    const behindHello = Math.max(0, socket.greetedAt - Date.now());
    if (event.ev === "read.moved" || !this.losesEvent()) socket.push(event, behindHello);
  }

  // Commands

  #receive(socket: FakeSocket, frame: string): void {
    const command = JSON.parse(frame) as Fields;
    const { id, cmd, ...fields } = command;
    this.commands.push({ user: socket.user, cmd, fields });
    try {
      const refusal = this.refuse(cmd, fields);
      if (refusal) throw refusal;
      const ok = this.#do(socket, cmd, fields as never);
      const delay = this.answerDelay();
      if (cmd === "hello") socket.greetedAt = Date.now() + delay;
      if (!this.silent) socket.push({ re: id, ok }, delay);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, retry, retryAfterMs } = error;
      const refusal = { code, message: code, retry, retry_after_ms: retryAfterMs };
      socket.push({ re: id, error: refusal }, this.answerDelay());
    }
  }

  #do(socket: FakeSocket, cmd: keyof Commands, fields: never): unknown {
    if (cmd === "hello") return this.#hello(socket, fields);
    if (cmd === "place.take") return this.#take(socket, fields);
    if (socket.isParked && cmd !== "tick") throw new Refusal("parked");
    if (cmd === "sync") return this.#sync(socket.user, fields);
    if (cmd === "message.send") return this.#send(socket.user, fields);
    if (cmd === "draft.set") return this.desk.draft(socket.user, fields);
    if (cmd === "news.get") return this.#news(socket.user, fields);
    if (cmd === "focus.set") return {};
    if (cmd === "presence.watch") return { people: {} };
    if (cmd === "tick" || cmd === "typing.set") return {};
    if (cmd === "unread.get") return this.#unread(socket.user, fields);
    return this.#inRoom(socket, cmd, fields);
  }

  #inRoom(
    socket: FakeSocket,
    cmd: string,
    fields: { room: string; seq: number; limit: number; people?: string[] },
  ): unknown {
    const room = this.rooms.get(fields.room);
    if (!room?.isMember(socket.user)) throw new Refusal("not_found");
    if (cmd === "room.close") socket.open.delete(room.id);
    if (cmd === "room.close") return {};
    if (cmd === "room.get") return { room: room.view(socket.user) };
    if (cmd === "message.history") return room.page(socket.user, fields);
    if (cmd === "room.open") {
      socket.open.add(room.id);
      return { room: room.view(socket.user), members: room.memberList() };
    }
    if (cmd === "read.mark") {
      this.read(room.id, socket.user, fields.seq);
      return { read_seq: room.members.get(socket.user)?.read_seq, unread: room.unread(socket.user) };
    }
    if (cmd === "room.leave") {
      this.leave(room.id, socket.user);
      return {};
    }
    if (cmd === "room.invite") {
      const { people = [] } = fields;
      for (const person of people) if (!room.isMember(person)) this.join(room.id, person);
      return { room: room.view(socket.user) };
    }
    throw new Refusal("unknown_command");
  }

  #hello(socket: FakeSocket, { sync, place }: { sync?: HeldRooms; place?: Place }): Welcome {
    this.sockets.add(socket);
    socket.onGone = () => this.sockets.delete(socket);
    if (!place || place.claim) return this.#take(socket, { sync });
    socket.isParked = this.holder !== null;
    return this.#welcome(socket, sync);
  }

  #take(socket: FakeSocket, { sync }: { sync?: HeldRooms | undefined }): Welcome {
    this.holder = null;
    this.generation++;
    socket.isParked = false;
    return this.#welcome(socket, sync);
  }

  #welcome(socket: FakeSocket, sync: HeldRooms | undefined): Welcome {
    const base = { user: socket.user, session: "s", connection: "c", server_time: Date.now() };
    const settings = { tick_seconds: 25, max_frame_bytes: 262_144, receipts: "all" };
    return {
      ...base,
      ...settings,
      sync: sync && !socket.isParked ? this.#sync(socket.user, sync) : null,
      focused: this.#looking.get(socket.user) ?? [],
      generation: this.generation,
      parked: socket.isParked ? this.holder : null,
      token_seconds: this.tokenSeconds,
    };
  }

  #sync(user: string, asked: HeldRooms): SyncAnswer {
    const rooms = [...this.rooms.values()].filter((room) => room.isMember(user));
    const moved = rooms.filter((room) => {
      const held = asked.rooms[room.id];
      return !held || held[0] !== room.version || (held[1] >= 0 && held[1] !== room.read_version);
    });
    const personal = this.#personal.get(user) ?? 0;
    const still = rooms.filter((room) => !moved.includes(room) && personal > asked.personal);
    return {
      personal,
      rooms: moved.map((room) => room.delta(user, asked.rooms[room.id], this.most)),
      mine: still.map((room) => room.mine(user)),
      ...this.desk.since(user, asked.personal),
      gone: Object.keys(asked.rooms).filter((id) => !this.rooms.get(id)?.isMember(user)),
    };
  }

  #send(user: string, { room, client_id, body }: { room: string; client_id: string; body: string }): unknown {
    const before = this.#acks.get(`${user} ${client_id}`);
    if (before) return before;
    const held = this.rooms.get(room);
    if (!held?.isMember(user)) throw new Refusal("not_found");
    const at = this.clock();
    const event = held.say(user, body, client_id, at);
    const ack = { room, seq: held.seq, version: held.version, at };
    this.#acks.set(`${user} ${client_id}`, ack);
    this.tellRoom(held, event);
    return ack;
  }

  #news(user: string, { since }: { since: number }): unknown {
    const mine = [...this.rooms.values()].filter((room) => room.isMember(user) && !room.mine(user).muted);
    const unread = mine.filter((room) => room.unread(user) > 0);
    const views = unread.map((room) => room.view(user));
    const newer = views.filter(({ room }) => since > 0 && (room.last?.at ?? 0) > since);
    newer.sort((a, b) => (b.room.last?.at ?? 0) - (a.room.last?.at ?? 0));
    return { unread: unread.reduce((sum, room) => sum + room.unread(user), 0), rooms: newer.slice(0, 5) };
  }

  #unread(user: string, { rooms }: { rooms: string[] }): unknown {
    const known = rooms.filter((id) => this.rooms.get(id)?.isMember(user));
    return { unread: Object.fromEntries(known.map((id) => [id, this.rooms.get(id)?.unread(user)])) };
  }
}
