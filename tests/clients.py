"""A socket client for tests, on the independent `websockets` library."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import Callable
from typing import Any, Self

import websockets
from websockets.asyncio.client import ClientConnection

from tests.serving import Person, Server

Json = dict[str, Any]
SECONDS = 15.0
"""How long anything may take before a test gives up."""


class RefusedError(Exception):
    """The server answered with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.error = error


class LostError(Exception):
    """The connection ended before the answer came."""


def new_key() -> str:
    """A fresh client_id."""
    return str(uuid.uuid4())


class SocketClient:
    """One connection. Replies go to who asked; `events` keeps the events in the order in which they came."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.events: list[Json] = []
        self.strays: list[Json] = []
        """Replies to nobody's question (`re` null, or asked with `send_raw`)."""
        self.welcome: Json = {}
        self.on_event: Callable[[Json], None] | None = None
        self.answers_ticks = True
        self._ids = itertools.count(1)
        self._waiting: dict[int, tuple[asyncio.Future[Json], Callable[[Json], None] | None]] = {}
        self._news = asyncio.Event()
        self._reader = asyncio.ensure_future(self._read())

    # From open to close

    @classmethod
    async def open(cls, server: Server, **options: Any) -> Self:
        """A connection that has not said hello."""
        options = {"compression": None, "max_size": None, "max_queue": None, "proxy": None} | options
        return cls(await websockets.connect(server.socket_url, ping_interval=None, **options))

    @classmethod
    async def connect(
        cls,
        server: Server,
        who: Person | str,
        *,
        device: int = 0,
        sync: Json | None = None,
        place: Json | None = None,
        **options: Any,
    ) -> Self:
        """A connection that has said hello, as a person on one of their devices or with a token."""
        client = await cls.open(server, **options)
        token = who if isinstance(who, str) else who.tokens[device]
        asked = {name: value for name, value in (("sync", sync), ("place", place)) if value is not None}
        try:
            client.welcome = await client.ask("hello", token=token, **asked)
        except BaseException:
            await client.close()
            raise
        return client

    async def close(self) -> None:
        await self.connection.close()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def close_code(self, within: float = SECONDS) -> int:
        """Waits until the server has closed; its code."""
        await asyncio.wait_for(self.connection.wait_closed(), within)
        await asyncio.gather(self._reader, return_exceptions=True)
        assert self.connection.close_code is not None
        return self.connection.close_code

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # Asking

    async def ask(self, cmd: str, **fields: Any) -> Json:
        """The good answer. Raises RefusedError or LostError."""
        return await asyncio.wait_for(await self.post(cmd, **fields), SECONDS)

    async def post(
        self, cmd: str, *, then: Callable[[Json], None] | None = None, **fields: Any
    ) -> asyncio.Future[Json]:
        """Send without waiting for the answer; `then` sees a good one before any later frame is looked at."""
        identifier = next(self._ids)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        future.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._waiting[identifier] = (future, then)
        try:
            await self.connection.send(json.dumps({"id": identifier, "cmd": cmd, **fields}))
        except websockets.ConnectionClosed:
            self._lose(identifier)
        return future

    async def refusal(self, cmd: str, **fields: Any) -> str:
        """The code with which the server refuses this. Fails if it does not."""
        try:
            answer = await self.ask(cmd, **fields)
        except RefusedError as refused:
            return refused.code
        raise AssertionError(f"{cmd} was done: {answer}")

    async def send(self, room: str, body: str, key: str | None = None) -> Json:
        return await self.ask("message.send", room=room, client_id=key or new_key(), body=body)

    async def create(self, *people: Person | str, key: str | None = None) -> str:
        """The id of the room of these people and me."""
        return (await self.ask("room.create", client_id=key or new_key(), people=ids(people)))["room"][
            "room"
        ]["id"]

    async def invite(self, room: str, *people: Person | str) -> Json:
        return await self.ask("room.invite", client_id=new_key(), room=room, people=ids(people))

    async def timeline(self, room: str) -> list[Json]:
        """All rows of the room that I may see, in order, by pages backwards."""
        found: list[Json] = []
        page = await self.ask("message.history", room=room, limit=200)
        found = page["messages"]
        while page.get("more_before"):
            page = await self.ask("message.history", room=room, before=found[0]["seq"], limit=200)
            found = page["messages"] + found
        return found

    async def send_raw(self, frame: str | bytes) -> None:
        """A frame as it is; whatever answers it lands in `strays`."""
        await self.connection.send(frame)

    # Waiting for what comes

    async def until(self, condition: Callable[[], bool], what: str = "what was waited for") -> None:
        """Wait until something that depends on what came in holds."""
        async with asyncio.timeout(SECONDS):
            try:
                while not condition():
                    self._news.clear()
                    if self._reader.done():
                        raise LostError(what)
                    await self._news.wait()
            except TimeoutError:
                raise AssertionError(f"Did not come: {what}; came: {self.events[-5:]}") from None

    async def event(self, ev: str, **fields: Any) -> Json:
        """The first event of this kind with these fields, come already or to come."""

        def find() -> Json | None:
            fits = (e for e in self.events if e["ev"] == ev and fields.items() <= e.items())
            return next(fits, None)

        await self.until(lambda: find() is not None, f"{ev} {fields}")
        found = find()
        assert found is not None
        return found

    async def stray(self, identifier: int | None = None) -> Json:
        """The reply to something sent raw."""

        def find() -> Json | None:
            return next((each for each in self.strays if each["re"] == identifier), None)

        await self.until(lambda: find() is not None, f"a reply to {identifier}")
        found = find()
        assert found is not None
        self.strays.remove(found)
        return found

    async def settle(self) -> None:
        """When it returns, all that the server had sent before has come."""
        await self.ask("tick")

    def got(self, ev: str, **fields: Any) -> list[Json]:
        """The events of this kind that have come."""
        return [e for e in self.events if e["ev"] == ev and fields.items() <= e.items()]

    # Reading

    async def _read(self) -> None:
        try:
            async for frame in self.connection:
                self._take(json.loads(frame))
                self._news.set()
        except websockets.ConnectionClosed:
            pass
        finally:
            for identifier in list(self._waiting):
                self._lose(identifier)
            self._news.set()

    def _take(self, message: Json) -> None:
        if "ev" not in message:
            future, then = self._waiting.pop(message["re"], (None, None))
            if future is None:
                self.strays.append(message)
            elif "error" in message:
                _settle(future, RefusedError(message["error"]))
            else:
                if then is not None:
                    then(message["ok"])
                _settle(future, message["ok"])
        elif message["ev"] == "tick":
            if self.answers_ticks:
                self._tick = asyncio.ensure_future(self.post("tick"))
        else:
            self.events.append(message)
            if self.on_event is not None:
                self.on_event(message)

    def _lose(self, identifier: int) -> None:
        future, _ = self._waiting.pop(identifier, (None, None))
        if future is not None:
            _settle(future, LostError(f"closed with {self.connection.close_code}"))


def _settle(future: asyncio.Future[Json], outcome: Json | Exception) -> None:
    if future.done():
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def ids(people: tuple[Person | str, ...]) -> list[str]:
    return [each if isinstance(each, str) else each.id for each in people]
