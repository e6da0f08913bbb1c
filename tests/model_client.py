"""A client that keeps a person's state by the documented rules alone, to be held against the fresh state.

Version n + 1 is applied, what is not above n ignored, a hole asks for `sync`. While a room is being fetched
its events wait; while `sync` is under way all events wait. `gone` and another epoch drop what was held.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from tests.clients import Json, LostError, RefusedError, SocketClient
from tests.room_model import SHARED, RoomModel, fetch_members, fetch_timeline, plain_members, plain_mine
from tests.serving import Person, Server


class ModelClient:
    """One device of one person."""

    def __init__(
        self, server: Server, person: Person, device: int = 0, opens: type[SocketClient] = SocketClient
    ) -> None:
        self.server = server
        self.opens = opens
        """By which kind of connection."""
        self.options: dict[str, Any] = {}
        self.person = person
        self.device = device
        self.client: SocketClient | None = None
        self.rooms: dict[str, RoomModel] = {}
        self.personal = 0
        self.on_screen: set[str] = set()
        self.holes = 0
        """How often `sync` was needed while connected."""
        self.losing = False
        """Drop what comes, as a broken client or network would; followed by `sync`."""
        self._waiting: list[Json] | None = None
        self._early: dict[str, list[Json]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # Coming and going

    async def connect(self) -> None:
        """Say hello with what is held, and bring it up to date."""
        if self.client is not None:
            return
        client = self.client = await self.opens.open(self.server, **self.options)
        client.on_event = self._take
        self._waiting = []
        held = {room: model.position for room, model in self.rooms.items()}
        sync = {"rooms": held, "personal": self.personal}
        token = self.person.tokens[self.device]
        hello = await client.post(
            "hello", token=token, sync=sync, then=lambda ok: self._take_sync(ok["sync"])
        )
        await hello
        for room in self.on_screen & self.rooms.keys() - self._early.keys():
            self._fetch(room, whole=False)

    async def disconnect(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            client.on_event = None
            await client.close()
        await self.idle()
        # A fetch that was cut short is begun anew: without its room the next sync says `limited`.
        for room in self._early:
            self.rooms.pop(room, None)
        self._early.clear()
        self._waiting = None

    async def idle(self) -> None:
        """Until nothing is being fetched any more."""
        while self._tasks:
            await asyncio.gather(*tuple(self._tasks))

    async def sync(self) -> None:
        if self.client is not None and self._waiting is None:
            self._waiting = []
            self._start(self._sync())
            await self.idle()

    def show(self, room: str) -> None:
        """Have the room on screen."""
        self.on_screen.add(room)
        if self.client is not None and room in self.rooms and room not in self._early:
            self._fetch(room, whole=False)

    async def hide(self, room: str) -> None:
        self.on_screen.discard(room)
        if room in self._early:
            await self.idle()
        if room in self.rooms:
            self.rooms[room].members = None
        if self.client is not None:
            await self.client.post("room.close", room=room)

    # Events

    def _take(self, event: Json) -> None:
        if self.losing:
            return
        if self._waiting is not None:
            self._waiting.append(event)
            return
        match event["ev"]:
            case "room.added":
                self._fetch(event["room"], whole=True)
            case "room.gone":
                self._drop(event["room"])
            case "mine.changed":
                self._take_mine(event)
            case "behind":
                self._waiting = []
                self._start(self._sync())
            case "message.new" | "message.changed" | "room.changed" | "read.moved":
                early = self._early.get(event["room"])
                if early is not None:
                    early.append(event)
                elif event["room"] in self.rooms:
                    self._apply(self.rooms[event["room"]], event)

    def _apply(self, model: RoomModel, event: Json) -> None:
        if event["ev"] == "read.moved":
            model.take_cursors(event["cursors"], event["read_version"])
        elif event["version"] > model.version + 1 or _is_taken_back(event, model):
            self._hole(event)
        elif event["version"] == model.version + 1:
            rows = [event["message"]] if "message" in event else event.get("messages", [])
            model.head["version"] = event["version"]
            model.head["seq"] = max([model.head["seq"], *(row["seq"] for row in rows)])
            model.take_rows(rows)
            if event["ev"] == "room.changed":
                named = ("name", "master", "member_count", "people", "pinned", "item", "blocked")
                head = {name: event.get(name) for name in named}
                model.head |= head | {"members_version": event["members_version"]}
                model.take_members(event.get("members", []), event["version"])
                model.take_mine(model.mine | {"floor": max(model.mine["floor"], event.get("floor", 0))})
                self._open_or_not(event["room"], model)

    def _take_mine(self, event: Json) -> None:
        if event["personal"] > self.personal + 1:
            self._hole(event)
        elif event["personal"] == self.personal + 1:
            self.personal = event["personal"]
            for mine in event.get("rooms", []):
                self._take_my_room(mine)
            self._delete(event.get("deleted", {}))

    def _delete(self, deleted: dict[str, list[int]]) -> None:
        for room, seqs in deleted.items():
            if room in self._early:
                self._early[room].append({"ev": "deleted", "room": room, "seqs": seqs})
            elif room in self.rooms:
                self.rooms[room].delete(seqs)

    def _take_my_room(self, mine: Json) -> None:
        room = mine["room"]
        if room in self._early:
            self._early[room].append({"ev": "mine", "mine": mine})
        elif room in self.rooms:
            if self.rooms[room].mine["epoch"] != mine["epoch"]:
                self._fetch(room, whole=True)
            else:
                self.rooms[room].take_mine(mine)

    def _hole(self, event: Json) -> None:
        self.holes += 1
        self._waiting = [event]
        self._start(self._sync())

    def _drop(self, room: str) -> None:
        self.rooms.pop(room, None)
        self._early.pop(room, None)

    # Sync

    async def _sync(self) -> None:
        if self.client is None:
            return
        held = {room: model.position for room, model in self.rooms.items() if room not in self._early}
        answer = await self.client.post("sync", rooms=held, personal=self.personal, then=self._take_sync)
        await answer

    def _take_sync(self, answer: Json) -> None:
        assert answer["personal"] >= self.personal
        self.personal = answer["personal"]
        for room in answer.get("gone", []):
            self._drop(room)
        for delta in answer.get("rooms", []):
            self._take_delta(delta)
        for mine in answer.get("mine", []):
            self._take_my_room(mine)
        self._delete(answer.get("deleted", {}))
        waiting, self._waiting = self._waiting or [], None
        for event in waiting:
            self._take(event)

    def _take_delta(self, delta: Json) -> None:
        room = delta["room"]["id"]
        model = self.rooms.get(room)
        is_new = model is None or room in self._early
        if is_new or delta.get("limited") or model.mine["epoch"] != delta["mine"]["epoch"]:
            self._fetch(room, whole=True)
            return
        assert delta["room"]["version"] >= model.version
        read_version = model.head["read_version"]
        model.head = delta["room"] | {"read_version": read_version}
        model.take_mine(delta["mine"])
        model.take_rows(delta.get("messages", []))
        model.take_members(delta.get("members", []), delta["room"]["version"])
        model.take_cursors(delta.get("cursors", {}), delta["room"]["read_version"])
        self._open_or_not(room, model)

    def _open_or_not(self, room: str, model: RoomModel) -> None:
        """A blocked room is not kept open; opened again when it is none any more."""
        if model.head.get("blocked"):
            model.members = None
        elif room in self.on_screen and model.members is None and room not in self._early:
            self._fetch(room, whole=False)

    # Fetching a room

    def _fetch(self, room: str, *, whole: bool) -> None:
        """The room's head, its members if it is on screen, and (whole) its timeline."""
        if whole:
            self.rooms.pop(room, None)
        early = self._early[room] = []
        self._start(self._load(room, early, whole=whole))

    async def _load(self, room: str, early: list[Json], *, whole: bool) -> None:
        client, opens = self.client, room in self.on_screen
        if client is None:
            return
        try:
            answer = await client.ask("room.open" if opens else "room.get", room=room)
            rows = await client.timeline(room) if whole else []
        except RefusedError as refused:
            if refused.code != "not_found":
                raise
            if self._early.get(room) is early:
                self._drop(room)
            return
        if self._early.get(room) is not early:
            return  # gone, or begun anew meanwhile
        del self._early[room]
        view, held = answer["room"], self.rooms.get(room)
        model = held or RoomModel(view["room"], view["mine"])
        if opens:
            self._take_open(model, view["room"], answer["members"], is_new=held is None)
        self.rooms[room] = model
        model.take_rows(rows)
        self._replay(room, model, early)

    def _replay(self, room: str, model: RoomModel, early: list[Json]) -> None:
        for event in early:
            if self._waiting is not None:
                self._waiting.append(event)
            elif event["ev"] == "mine":
                self._take_my_room(event["mine"])
            elif event["ev"] == "deleted":
                self._delete({event["room"]: event["seqs"]})
            else:
                self._take(event)
        if (
            room in self.on_screen
            and model.members is None
            and room in self.rooms
            and room not in self._early
            and not model.head.get("blocked")
        ):
            self._fetch(room, whole=False)  # opened while it was being fetched

    def _take_open(self, model: RoomModel, head: Json, members: list[Json], *, is_new: bool) -> None:
        fresh = {member["user"]: member for member in members}
        same_version = model.version == head["version"] and model.head["read_version"] == head["read_version"]
        if not is_new and same_version and model.members is not None:
            # What live events and sync have made of it is what the server says.
            assert plain_members(model.members) == plain_members(fresh)
        model.members, model.members_at = None if head.get("blocked") else fresh, head["version"]
        model.head["read_version"] = head["read_version"]

    def _start(self, work: object) -> None:
        async def quietly() -> None:
            # Disconnected meanwhile: hello brings it up to date.
            with contextlib.suppress(LostError):
                await work  # type: ignore[misc]

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Against the freshly fetched state

    def state(self) -> Json:
        """What this client believes, in the form that `fresh_state` has."""
        return {
            "personal": self.personal,
            "rooms": {
                room: {
                    "head": {name: model.head.get(name) for name in SHARED},
                    "mine": plain_mine(model.mine),
                    "rows": model.shown,
                    "members": None if model.members is None else plain_members(model.members),
                }
                for room, model in self.rooms.items()
            },
        }

    def fresh_state(self) -> Json:
        """The same by REST, from nothing."""
        with self.server.rest(self.person.tokens[2]) as rest:
            listed = rest.get("/api/rooms").raise_for_status().json()
            rooms = {view["room"]["id"]: view for view in listed.get("rooms", [])}
            return {
                "personal": listed["personal"],
                "rooms": {
                    room: {
                        "head": {name: view["room"].get(name) for name in SHARED},
                        "mine": plain_mine(view["mine"]),
                        "rows": fetch_timeline(rest, room),
                        "members": fetch_members(rest, room) if room in self.on_screen else None,
                    }
                    for room, view in rooms.items()
                },
            }


def _is_taken_back(event: Json, model: RoomModel) -> bool:
    """What I may see of it, `sync` says."""
    is_news = event["version"] > model.version
    return is_news and event["ev"] == "message.changed" and event["message"].get("kind") == "revoked"
