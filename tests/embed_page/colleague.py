"""Somebody in the messenger whom the portal's person talks with."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tests.clients import SocketClient, new_key
from tests.serving import Person, Server

Result = TypeVar("Result")


class Colleague:
    """Speaks over REST; looks over a socket, in a thread of its own since the browser has this one's loop."""

    def __init__(self, server: Server, person: Person) -> None:
        self.id = person.id
        self._server = server
        self._person = person

    def room_with(self, user: str) -> str:
        asked = {"client_id": new_key(), "people": [user]}
        with self._server.rest(self._person.token) as client:
            return client.post("/api/rooms", json=asked).raise_for_status().json()["room"]["room"]["id"]

    def say(self, room: str, *texts: str) -> None:
        with self._server.rest(self._person.token) as client:
            for text in texts:
                said = {"client_id": new_key(), "body": text}
                client.post(f"/api/rooms/{room}/messages", json=said).raise_for_status()

    def hears(self, room: str) -> list[str]:
        with self._server.rest(self._person.token) as client:
            rows = client.get(f"/api/rooms/{room}/messages").raise_for_status().json()["messages"]
        return [row["body"] for row in rows if row.get("body")]

    def choose(self, **settings: object) -> None:
        """For themselves."""
        with self._server.rest(self._person.token) as client:
            client.patch("/api/me/settings", json=settings).raise_for_status()

    def sees_online(self, user: str) -> bool:
        return _in_thread(self._presence(user))

    async def _presence(self, user: str) -> bool:
        async with await SocketClient.connect(self._server, self._person, device=1) as client:
            answer = await client.ask("presence.watch", people=[user])
        return bool(answer["people"].get(user, {}).get("web"))


def _in_thread(work: Coroutine[Any, Any, Result]) -> Result:
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
