"""A device that keeps its person's drafts by the documented rules alone."""

from __future__ import annotations

from tests.clients import Json, SocketClient
from tests.serving import Person, Server


class Desk:
    """`personal` and `drafts` outlive the connection, as a browser's storage does."""

    def __init__(self, server: Server, person: Person, device: int, rooms: list[str]) -> None:
        self.server = server
        self.person = person
        self.device = device
        self.rooms = rooms
        self.personal = 0
        self.drafts: dict[str, str] = {}
        self.client: SocketClient | None = None

    async def connect(self) -> SocketClient:
        if self.client is None:
            self.client = await SocketClient.open(self.server)
            self.client.on_event = self._take
            sync = {"rooms": {room: [0, -1] for room in self.rooms}, "personal": self.personal}
            token = self.person.tokens[self.device]
            asked = await self.client.post(
                "hello", token=token, sync=sync, then=lambda ok: self._take_sync(ok["sync"])
            )
            await asked
        return self.client

    async def disconnect(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            client.on_event = None
            await client.close()

    async def set(self, room: str, text: str) -> Json:
        assert self.client is not None
        return await self.client.ask("draft.set", room=room, text=text)

    async def reach(self, personal: int) -> None:
        """Wait until this version of the personal stream has come."""
        assert self.client is not None
        await self.client.until(lambda: self.personal >= personal, f"version {personal}")

    def _take_sync(self, sync: Json) -> None:
        for draft in sync.get("drafts", []):
            self._put(draft)
        for room in sync.get("gone", []):
            self.drafts.pop(room, None)
        self.personal = sync["personal"]

    def _take(self, event: Json) -> None:
        if event["ev"] == "room.gone":
            self.drafts.pop(event["room"], None)
        if event["ev"] == "mine.changed" and event["personal"] > self.personal:
            assert event["personal"] == self.personal + 1, "a version was not told"
            self.personal = event["personal"]
            for draft in event.get("drafts", []):
                self._put(draft)

    def _put(self, draft: Json) -> None:
        if draft.get("text"):
            self.drafts[draft["room"]] = draft["text"]
        else:
            self.drafts.pop(draft["room"], None)
