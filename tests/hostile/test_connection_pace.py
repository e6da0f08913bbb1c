"""Who connects too often is sent away before anything is made of them, by whichever way they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import websockets

from tests.clients import SocketClient
from tests.serving import Office

AT_ONCE = 8


@pytest.fixture(scope="module", params=["fast", "plain"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(tmp_path_factory.mktemp("office"), 2, connects_per_second_of_address=AT_ONCE / 2)
    if request.param == "plain":
        office.command.append("--plain-sockets")
    office.start()
    try:
        yield office
    finally:
        office.stop()


async def tries(office: Office, count: int, **options: Any) -> list[int]:
    """The status of each, 101 where it was let in."""
    found: list[int] = []
    for _ in range(count):
        try:
            async with websockets.connect(office.socket_url, proxy=None, **options):
                found.append(101)
        except websockets.InvalidStatus as refused:
            found.append(refused.response.status_code)
    return found


async def test_who_connects_too_often_is_told_to_come_back_and_who_is_in_talks_on(office: Office) -> None:
    one, two = office.people
    async with await SocketClient.connect(office, one) as client:
        room = await client.create(two)
        plainly = await tries(office, 3 * AT_ONCE)
        assert plainly[:2] == [101, 101]
        assert {503, 403}.intersection(plainly)
        # A handshake with something odd about it goes another way, which is no way around; nor is a stream.
        assert 403 in await tries(office, AT_ONCE, subprotocols=["chat"])
        hello = {"id": 1, "cmd": "hello", "token": two.token}
        with office.rest() as rest:
            answers: list[httpx.Response] = []
            for _ in range(AT_ONCE):
                with rest.stream("POST", "/stream", json=hello) as answer:
                    answers.append(answer)
        assert {answer.status_code for answer in answers} <= {200, 503}
        refused = [answer for answer in answers if answer.status_code == 503]
        assert refused
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
        assert (await client.send(room, "still here"))["seq"] == 1
    assert office.measure("sendjay_refusals_total", reason="connections") >= 3
