"""An installation moves between any two kinds of database and loses nothing, whatever is in it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from sendjay.storage.engines import patient_connection
from sendjay.storage.tables import activity
from sendjay.storage.urls import parse_url
from tests.clients import SocketClient, new_key
from tests.moving.moves import held, install, move, sqlite
from tests.moving.odd_rows import odd_contents
from tests.serving import Office, Server

ROUNDS = (("sqlite", "postgresql", "mariadb", "sqlite"), ("sqlite", "mariadb", "postgresql", "sqlite"))
"""Together every way from one kind to another."""


@pytest.mark.parametrize("kinds", ROUNDS, ids="-".join)
def test_odd_rows_arrive_as_they_were(kinds: tuple[str, ...], empty: Callable[[str], str]) -> None:
    contents = odd_contents(seed=len(kinds[1]))
    places = [empty(kind) for kind in kinds]
    install(places[0], contents)
    for source, target in pairwise(places):
        moved = move(source, target)
        assert moved.returncode == 0, moved.stderr
        assert f"Moved {sum(map(len, contents.values())):,} rows" in moved.stdout
        assert held(target) == contents
    last_number = max(row[0] for row in contents["activity"])
    for place in places:
        assert next_number(place) > last_number


def next_number(place: str) -> int:
    """What the database itself gives to a new row."""
    with patient_connection(parse_url(place)) as connection, connection.begin():
        return connection.execute(activity.insert().values(user_id="new")).inserted_primary_key[0]


async def test_a_server_goes_on_where_the_old_one_stopped(
    tmp_path: Path, empty: Callable[[str], str]
) -> None:
    office = Office(tmp_path, 3)
    one, two, three = office.people
    key = new_key()
    office.start()
    try:
        async with await SocketClient.connect(office, one) as client:
            room = await client.create(two, three)
            first = await client.send(room, "옮기기 전 😀", key)
            before = await position(office, two.token)
    finally:
        office.stop()
    place, last = sqlite(tmp_path / "sendjay.db"), first["seq"]
    for kind in ("postgresql", "mariadb", "sqlite"):
        source, place = place, empty(kind)
        moved = move(source, place)
        assert moved.returncode == 0, moved.stderr
        server = Server(tmp_path, several_connections="true", database_url=place)
        server.start()
        try:
            async with await SocketClient.connect(server, two, sync=before) as other:
                assert other.welcome["sync"] == {"personal": before["personal"]}
                async with await SocketClient.connect(server, one) as client:
                    assert await client.send(room, "옮기기 전 😀", key) == first
                    second = await client.send(room, f"{kind}에서")
                assert (await other.event("message.new"))["message"]["body"] == f"{kind}에서"
                assert second["seq"] == last + 1
                last = second["seq"]
            before = await position(server, two.token)
        finally:
            server.stop()


async def position(server: Server, token: str) -> dict[str, object]:
    """Where a client stands who has everything."""
    async with await SocketClient.connect(server, token, sync={"rooms": {}, "personal": 0}) as client:
        sync = client.welcome["sync"]
    rooms = {each["room"]["id"]: each["room"] for each in sync["rooms"]}
    return {
        "rooms": {room: [each["version"], each["read_version"]] for room, each in rooms.items()},
        "personal": sync["personal"],
    }
