/**
 * Events and sync answers applied to what is held of a room, as pure functions.
 *
 * A room is held in parts (the room itself, its timeline, its members), each at a version of its own: they are loaded
 * at different moments. An event raises each part that stands right below it; a part left behind is brought up by a
 * sync from the lowest version held.
 */
import type { Members, RoomState, Timeline } from "./contract";
import {
  fillItem,
  fillMember,
  fillMessage,
  fillMine,
  fillRoom,
  fillView,
  type Member,
  type MyRoom,
  type Room,
} from "./model";
import { applyRows, dropFloor, withGone } from "./timeline";
import type * as wire from "./wire";

/** What a sync request says of a room: [version, read_version], -1 where no cursors are held. */
export type Held = [number, number];

/** All that is held, for the server to say what has changed since. */
export type HeldRooms = Required<wire.SyncRequest>;

export type RoomEvent = Extract<wire.AnyEvent, { ev: "message.new" | "message.changed" | "room.changed" }>;

export function heldVersions(state: RoomState): Held {
  const { room, timeline, members } = state;
  const version = Math.min(room.version, timeline?.version ?? room.version, members?.version ?? room.version);
  return [version, members?.readVersion ?? -1];
}

/** A part stands below the room: ask for a sync. */
export function isBehind(state: RoomState): boolean {
  return heldVersions(state)[0] < state.room.version;
}

/** Null: there is a hole before this event, or it does not say what I may see of it. */
export function applyRoomEvent(state: RoomState, event: RoomEvent): RoomState | null {
  const { version } = event;
  if (version > state.room.version + 1 || (isTakenBack(event) && version > state.room.version)) return null;
  const rows = (event.ev === "room.changed" ? (event.messages ?? []) : [event.message]).map(fillMessage);
  const changed = event.ev === "room.changed" ? (event.members ?? []).map(fillMember) : [];
  const { timeline, members } = state;
  const next: RoomState = {
    ...state,
    room: version > state.room.version ? changedRoom(state.room, event) : state.room,
    timeline:
      timeline?.version === version - 1
        ? applyRows(
            timeline,
            rows.filter((row) => row.seq > state.mine.floor),
            version,
          )
        : timeline,
    members: members?.version === version - 1 ? changedMembers(members, changed, version) : members,
  };
  const floor = event.ev === "room.changed" ? (event.floor ?? 0) : 0;
  return floor > state.mine.floor ? withMine(next, { ...state.mine, floor }) : next;
}

export function isTakenBack(event: RoomEvent): boolean {
  return event.ev === "message.changed" && event.message.kind === "revoked";
}

/** What these messages said is held no longer; what was said last is the newest that is left. */
export function applyGone(state: RoomState, seqs: ReadonlySet<number>): RoomState {
  const timeline = state.timeline && withGone(state.timeline, seqs);
  const { last } = state.room;
  if (!last || !seqs.has(last.seq)) return timeline === state.timeline ? state : { ...state, timeline };
  const left = timeline?.moreAfter
    ? undefined
    : timeline?.rows.findLast((row) => row.kind === "text" && !row.gone);
  return { ...state, timeline, room: { ...state.room, last: left ?? null } };
}

function changedRoom(room: Room, event: RoomEvent): Room {
  const { version } = event;
  if (event.ev === "message.new") {
    const message = fillMessage(event.message);
    const seq = Math.max(room.seq, message.seq);
    return { ...room, version, seq, last: message.kind === "notice" ? room.last : message };
  }
  if (event.ev === "message.changed") {
    const message = fillMessage(event.message);
    const last = room.last?.seq === message.seq ? (message.gone ? null : message) : room.last;
    return { ...room, version, last };
  }
  const { members_version, member_count, people } = event;
  const seq = Math.max(room.seq, ...(event.messages ?? []).map((row) => row.seq));
  const named = { name: event.name ?? null, master: event.master ?? null, pinned: event.pinned ?? 0 };
  const item = event.item ? fillItem(event.item) : null;
  const blocked = event.blocked ?? false;
  return { ...room, version, seq, members_version, member_count, people, item, blocked, ...named };
}

function changedMembers(members: Members, changed: readonly Member[], version: number): Members {
  if (changed.length === 0) return { ...members, version };
  const byUser = new Map(members.byUser);
  for (const member of changed) {
    const read_seq = Math.max(member.read_seq, byUser.get(member.user)?.read_seq ?? 0);
    if (member.left) byUser.delete(member.user);
    else byUser.set(member.user, { ...member, read_seq });
  }
  return { ...members, byUser, version };
}

/** Cursors never go back, so applying them twice or late does no harm. */
export function applyCursors(
  members: Members,
  cursors: Readonly<Record<string, number>>,
  readVersion: number,
): Members {
  const byUser = new Map(members.byUser);
  for (const [user, read_seq] of Object.entries(cursors)) {
    const member = byUser.get(user);
    if (member && member.read_seq < read_seq) byUser.set(user, { ...member, read_seq });
  }
  return { ...members, byUser, readVersion: Math.max(members.readVersion, readVersion) };
}

/** My side of a room. A cursor within one epoch never goes back; another epoch drops what is held. */
export function applyMine(state: RoomState, wireMine: wire.MyRoom): RoomState {
  const mine = fillMine(wireMine);
  if (mine.epoch < state.mine.epoch) return state;
  if (mine.epoch > state.mine.epoch) return { ...state, mine, timeline: null, members: null };
  return withMine(state, { ...mine, read_seq: Math.max(mine.read_seq, state.mine.read_seq) });
}

export function withMine(state: RoomState, mine: MyRoom): RoomState {
  const timeline = state.timeline && dropFloor(state.timeline, mine.floor);
  const { last } = state.room;
  const room = last && last.seq <= mine.floor ? { ...state.room, last: null } : state.room;
  return { ...state, room, mine, timeline };
}

/** One room of a sync answer, given what was asked for it (undefined: it was not named). */
export function applyDelta(state: RoomState | null, delta: wire.RoomDelta, asked?: Held): RoomState {
  const room = fillRoom(delta.room);
  if (state === null) return { room, mine: fillMine(delta.mine), timeline: null, members: null };
  const { timeline, members } = state;
  const full = !delta.limited && asked !== undefined;
  const next: RoomState = {
    ...state,
    room: room.version >= state.room.version ? newerCursors(room, state.room) : state.room,
    timeline: timeline && deltaTimeline(timeline, delta, full ? asked : null),
    members: members && deltaMembers(members, delta, full ? asked : null),
  };
  return applyMine(next, delta.mine);
}

function newerCursors(room: Room, held: Room): Room {
  return { ...room, read_version: Math.max(room.read_version, held.read_version) };
}

function deltaTimeline(timeline: Timeline, delta: wire.RoomDelta, asked: Held | null): Timeline | null {
  const { version } = delta.room;
  if (timeline.version >= version) return timeline;
  // Limited, or asked from above what is held: the delta does not reach down to these rows.
  if (asked === null || asked[0] > timeline.version) return asked === null ? null : timeline;
  const rows = (delta.messages ?? []).filter((row) => row.seq > delta.mine.floor).map(fillMessage);
  return applyRows(timeline, rows, version);
}

function deltaMembers(members: Members, delta: wire.RoomDelta, asked: Held | null): Members | null {
  const { version, read_version } = delta.room;
  if (asked === null)
    return members.version >= version && members.readVersion >= read_version ? members : null;
  const reaches = asked[0] <= members.version && version > members.version;
  const next = reaches ? changedMembers(members, (delta.members ?? []).map(fillMember), version) : members;
  const cursorsReach = asked[1] >= 0 && asked[1] <= next.readVersion;
  return applyCursors(next, delta.cursors ?? {}, cursorsReach ? read_version : next.readVersion);
}

/** The room as a reply of its own brings it (room.get, room.create, ...); older than what is held changes nothing. */
export function applyView(state: RoomState | null, wireView: wire.RoomView): RoomState {
  const view = fillView(wireView);
  if (state === null) return { ...view, timeline: null, members: null };
  const room = view.room.version >= state.room.version ? newerCursors(view.room, state.room) : state.room;
  return applyMine({ ...state, room }, wireView.mine);
}

/** The answer to room.open: the room and all its members. */
export function applyOpen(state: RoomState | null, answer: wire.OpenAnswer): RoomState {
  const next = applyView(state, answer.room);
  const { version, read_version } = answer.room.room;
  if (answer.room.mine.epoch < next.mine.epoch || (next.members && next.members.version > version))
    return next;
  const byUser = new Map<string, Member>();
  for (const wireMember of answer.members) {
    const member = fillMember(wireMember);
    const read_seq = Math.max(member.read_seq, next.members?.byUser.get(member.user)?.read_seq ?? 0);
    if (!member.left) byUser.set(member.user, { ...member, read_seq });
  }
  return { ...next, members: { byUser, version, readVersion: read_version } };
}
