"""Where no WebSocket passes, a streamed connection is as good as one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from sendjay.protocol.errors import Close
from tests.clients import SocketClient, new_key
from tests.serving import Office, eventually, run_office
from tests.stream_client import StreamClient


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), log_level="debug", several_connections=True)


async def test_one_by_socket_and_one_by_stream_talk_with_each_other(office: Office) -> None:
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await StreamClient.connect(office, two) as b:
        room = await a.create(two)
        await b.event("room.added", room=room)
        await a.send(room, "is anybody there?")
        assert (await b.event("message.new", room=room))["message"]["body"] == "is anybody there?"
        await b.send(room, "yes, by another way\n and in several lines")
        heard = await a.event("message.new", room=room, version=3)
        assert heard["message"]["body"] == "yes, by another way\n and in several lines"
