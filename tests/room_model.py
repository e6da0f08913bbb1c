"""What a client holds of one room, and how it applies what it is told; the same, freshly fetched by REST."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

from tests.clients import Json

SHARED = (
    "id",
    "kind",
    "name",
    "master",
    "member_count",
    "people",
    "seq",
    "version",
    "members_version",
    "pinned",
    "item",
    "blocked",
)
MINE = {"muted": False, "hidden": False, "pinned": False, "show_members": True, "own_name": None}


@dataclass
class RoomModel:
    """What a client holds of one room."""

    head: Json
    mine: Json
    rows: dict[int, Json] = field(default_factory=dict)
    members: dict[str, Json] | None = None
    """Only of rooms on screen."""
    members_at: int = 0
    deleted: set[int] = field(default_factory=set)
    """The room's version that `members` was fetched at: older changes are in it already."""

    @property
    def shown(self) -> list[Json]:
        """The rows that are to be seen."""
        rows = (self.rows[seq] for seq in sorted(self.rows) if seq not in self.deleted)
        return [row for row in rows if not row.get("gone")]

    @property
    def version(self) -> int:
        return self.head["version"]

    @property
    def position(self) -> list[int]:
        return [self.version, -1 if self.members is None else self.head["read_version"]]

    def take_rows(self, rows: list[Json]) -> None:
        for row in rows:
            held = self.rows.get(row["seq"])
            if row["seq"] <= self.mine["floor"] or (held is not None and held["version"] > row["version"]):
                continue
            if held is None or not held.get("gone") or row.get("kind") == "revoked":
                self.rows[row["seq"]] = row

    def delete(self, seqs: list[int]) -> None:
        """I have deleted these for myself: they are gone, whatever comes of them later."""
        self.deleted.update(seqs)

    def take_mine(self, mine: Json) -> None:
        self.mine = mine
        self.rows = {seq: row for seq, row in self.rows.items() if seq > mine["floor"]}

    def take_members(self, members: list[Json], version: int) -> None:
        if self.members is None or version <= self.members_at:
            return
        for member in members:
            if member.get("left"):
                self.members.pop(member["user"], None)
            else:
                self.members[member["user"]] = member

    def take_cursors(self, cursors: dict[str, int], read_version: int) -> None:
        if self.members is None:
            return
        self.head["read_version"] = max(read_version, self.head["read_version"])
        for user, seq in cursors.items():
            if user in self.members and seq > self.members[user].get("read_seq", 0):
                self.members[user] = self.members[user] | {"read_seq": seq}


def plain_mine(mine: Json) -> Json:
    """Without the unread number, which the server counts when asked."""
    return {name: value for name, value in (MINE | mine).items() if name != "unread"}


def plain_members(members: dict[str, Json]) -> dict[str, tuple[int, int]]:
    return {user: (member["joined_seq"], member.get("read_seq", 0)) for user, member in members.items()}


def fetch_members(rest: httpx.Client, room: str) -> dict[str, tuple[int, int]]:
    answer = rest.get(f"/api/rooms/{room}/members").raise_for_status().json()
    return plain_members({member["user"]: member for member in answer["members"]})


def fetch_timeline(rest: httpx.Client, room: str) -> list[Json]:
    found: list[Json] = []
    after = 0
    while True:
        query = {"after": after, "limit": 200}
        answer = rest.get(f"/api/rooms/{room}/messages", params=query)
        page = answer.raise_for_status().json()
        found += [row for row in page["messages"] if not row.get("gone")]
        if not page.get("more_after"):
            return found
        after = page["messages"][-1]["seq"]
