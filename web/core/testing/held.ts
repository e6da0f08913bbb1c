/** What a page holds of its rooms, in a form that two pages can be compared by. */
import type { Client, RoomState } from "../contract";
import type { FakeServer } from "./fake-server";

export function heldOf(client: Client, roomIds: Iterable<string>): Record<string, unknown> {
  return Object.fromEntries([...roomIds].map((id) => [id, heldRoom(client.rooms.get(id).state.value)]));
}

function heldRoom(state: RoomState | null): unknown {
  if (!state) return null;
  const members = state.members && [...state.members.byUser.values()].sort(byUser);
  return {
    // Of a room that is not open only the server knows how far others have read: nobody told this page.
    room: { ...state.room, read_version: 0 },
    mine: state.mine,
    members,
    isAtHead: state.timeline ? !state.timeline.moreAfter : null,
  };
}

function byUser(a: { user: string }, b: { user: string }): number {
  return a.user < b.user ? -1 : 1;
}

/** The rows a page holds of a room, and what the server has of that same stretch. */
export function stretch(client: Client, server: FakeServer, user: string, id: string) {
  const timeline = client.rooms.get(id).timeline.value;
  const room = server.rooms.get(id);
  if (!timeline || !room) return { held: [], kept: [] };
  const first = timeline.moreBefore ? (timeline.rows[0]?.seq ?? 0) : 0;
  const last = timeline.moreAfter ? (timeline.rows.at(-1)?.seq ?? 0) : Number.MAX_SAFE_INTEGER;
  const floor = room.floor(user);
  const kept = room.rows.filter((row) => row.seq > floor && row.seq >= first && row.seq <= last);
  const line = (row: { seq: number; body?: string; version: number }) =>
    `${row.seq} ${row.version} ${row.body ?? ""}`;
  return { held: timeline.rows.map(line), kept: kept.map(line) };
}
