"""What the sweep finds when the database was out of reach, for long or in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.bus.memory import MemoryBus
from sendjay.realtime.hub import Hub
from sendjay.rooms.service import RoomsReader
from sendjay.storage.database import Database
from sendjay.storage.tables import metadata
from sendjay.sync import sweep as sweep_module
from sendjay.sync.sweep import OVERLAP_MS, Sweep


class Ear:
    """Stands where the relay does, and hears whose members have changed."""

    def __init__(self) -> None:
        self.rooms: list[str] = []
        self.order = SimpleNamespace(expect=lambda _room, _version: None)
        self.people = SimpleNamespace(has_been_told=lambda _person, _version: True)

    def members_are(self, room: str, _version: int, _members: Sequence[str]) -> None:
        self.rooms.append(room)


class Place:
    """A node that sweeps a database in which others change rooms."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'sendjay.db'}")
        metadata.create_all(self.database.engine)
        self.ear = Ear()
        hub = Hub(self._nobody)
        self.sweep = Sweep(self.database, RoomsReader(), hub, self.ear, MemoryBus(), shown=False)  # pyright: ignore[reportArgumentType]

    async def look(self) -> None:
        """As it does every two seconds."""
        await self.sweep._sweep()

    def now(self) -> int:
        return self.database.read_now(self.database.clock)

    def members_changed(self, room: str, at: int) -> None:
        values: dict[str, Any] = {
            "room_id": room, "kind": "group", "version": 2, "members_version": 2, "seq": 1, "people": "[]",
            "member_count": 3, "created_at": at, "touched_at": at, "members_at": at,
        }  # fmt: skip
        with self.database.writing_engine.connect() as connection, connection.begin():
            connection.execute(metadata.tables["rooms"].insert(), values)

    @staticmethod
    async def _nobody(_room: str) -> tuple[int, tuple[str, ...]]:
        return 1, ()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(sweep_module, "GRACE_SECONDS", 0)
    # What was seen to is not looked at again here: the tests count.
    monkeypatch.setattr(sweep_module, "MEMBERS_AGAIN_MS", 0)
    place = Place(tmp_path)
    yield place
    place.database.close()


async def test_who_came_or_went_while_it_was_away_for_long_is_found(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    await place.look()
    began = place.now()
    place.members_changed("meanwhile", began + 1_000)
    monkeypatch.setattr(place.database, "clock", lambda _connection: began + 3 * OVERLAP_MS)
    await place.look()
    assert place.ear.rooms == ["meanwhile"]


async def test_one_that_breaks_off_in_the_middle_is_made_good_by_the_next(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("first", "second"):
        place.members_changed(room, place.now())
    whole = RoomsReader.shown_to
    left = iter([whole])

    def shown_to(connection: Any, room: str) -> Sequence[str]:
        for read in left:
            return read(connection, room)
        raise Refused(Code.BUSY)

    with monkeypatch.context() as patch:
        patch.setattr(RoomsReader, "shown_to", staticmethod(shown_to))
        with pytest.raises(Refused):
            await place.look()
    assert len(place.ear.rooms) == 1
    await place.look()
    assert sorted(place.ear.rooms) == ["first", "second"]
    await place.look()
    assert len(place.ear.rooms) == 2
