"""What has had its time goes, and nothing else: sessions, keys, tickets, the log. The doctor tells before."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients import SocketClient, new_key
from tests.databases.choice import KINDS, chosen_database
from tests.nursery import run_program
from tests.serving import Office, eventually
from tests.upkeep.turns import all_are_due

DAY_MS = 86_400_000
OLD, YOUNG = 100, 80
"""Days."""


@pytest.fixture(params=KINDS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Not yet started."""
    with chosen_database(request.param):
        office = Office(tmp_path, 6, upkeep_seconds=0.3, activity_days=90)
        try:
            yield office
        finally:
            office.stop()


def days_ago(days: int) -> int:
    return int(time.time() * 1000) - days * DAY_MS


def add_session(office: Office, name: str, **values: object) -> None:
    row: dict[str, object] = {
        "session_id": name, "user_id": "p0001", "device_id": name, "device_kind": "web",
        "expires_at": days_ago(-10), "ended_at": 0, "end_reason": "", "generation": 0,
    }  # fmt: skip
    row |= values
    office.change(
        f"INSERT INTO sessions ({', '.join(row)}) VALUES ({', '.join('?' for _ in row)})",  # noqa: S608
        *row.values(),
    )


def add_key(office: Office, name: str, room: str, seq: int, days: int) -> None:
    office.change(
        "INSERT INTO requests (client_id, user_id, kind, room_id, seq, version, made_at, digest)"
        " VALUES (?, 'p0001', 'send', ?, ?, 1, ?, ?)",
        *(name, room, seq, days_ago(days), b"0123456789abcdef"),
    )


def names(office: Office, query: str) -> set[str]:
    return {name for (name,) in office.rows(query)}


def test_pictures_of_links_go_once_no_message_with_them_is_shown(office: Office) -> None:
    for name, days in (("old", 400), ("lately", 360)):
        office.change(
            "INSERT INTO link_pictures (picture_id, image, used_at) VALUES (?, ?, ?)",
            *(name, b"image", days_ago(days)),
        )
    office.start()
    assert eventually(lambda: "old" not in names(office, "SELECT picture_id FROM link_pictures"), 15)
    assert names(office, "SELECT picture_id FROM link_pictures") == {"lately"}


def test_sessions_go_long_after_their_end_but_for_those_that_still_say_something(office: Office) -> None:
    add_session(office, "ended", ended_at=days_ago(OLD))
    add_session(office, "ended-lately", ended_at=days_ago(YOUNG))
    add_session(office, "ran-out", expires_at=days_ago(OLD))
    add_session(office, "ran-out-lately", expires_at=days_ago(YOUNG))
    add_session(office, "removed", ended_at=days_ago(OLD), end_reason="device_removed")
    add_session(office, "removed-very-long-ago", ended_at=days_ago(500), end_reason="device_removed")
    add_session(office, "had-the-place-before", ended_at=days_ago(OLD), generation=7)
    add_session(office, "had-the-place-last", ended_at=days_ago(OLD), generation=9)
    office.start()
    gone = {"ended", "ran-out", "removed-very-long-ago", "had-the-place-before"}
    assert eventually(lambda: not gone & names(office, "SELECT session_id FROM sessions"), 15)
    left = names(office, "SELECT session_id FROM sessions WHERE user_id = 'p0001'")
    assert left >= {"ended-lately", "ran-out-lately", "removed", "had-the-place-last"}
    assert left >= set(office.people[1].sessions)


async def test_keys_live_as_long_as_their_message_and_ninety_days_at_least(office: Office) -> None:
    one, two, three = office.people[:3]
    office.start()
    async with await SocketClient.connect(office, one) as a:
        room = await a.create(two, three)
        key = new_key()
        await a.ask("message.send", client_id=key, room=room, body="still there")
        for number in range(3):
            await a.send(room, f"more {number}")
        office.change("UPDATE rooms SET retained_seq = 1 WHERE room_id = ?", room)
        office.change("UPDATE requests SET made_at = ?", days_ago(OLD))
        add_key(office, "0-gone", room, 1, OLD)
        add_key(office, "0-gone-lately", room, 1, YOUNG)
        add_key(office, "0-lives", room, 3, OLD)
        add_key(office, "z-no-message", room, 0, OLD)
        add_key(office, "z-no-room", "nowhere", 5, OLD)
        all_are_due(office)
        gone = {"0-gone", "z-no-message", "z-no-room"}
        assert eventually(lambda: not gone & names(office, "SELECT client_id FROM requests"), 15)
        assert names(office, "SELECT client_id FROM requests") >= {"0-gone-lately", "0-lives", key}
        assert (await a.ask("message.send", client_id=key, room=room, body="still there"))["seq"] == 2


def test_tickets_and_the_log_go_and_the_doctor_says_so_before(office: Office) -> None:
    office.change("INSERT INTO used_tickets (ticket_id, expires_at) VALUES ('old', ?)", days_ago(1))
    office.change("INSERT INTO used_tickets (ticket_id, expires_at) VALUES ('new', ?)", days_ago(-1))
    for days in (OLD, OLD, YOUNG):
        office.change(
            "INSERT INTO activity (user_id, work, device, state, duration, at)"
            " VALUES ('p0001', 'x', '', '', 0, ?)",
            days_ago(days),
        )
    said = doctor(office)
    assert any(each.startswith("1 used tickets (never done yet)") for each in said), said
    assert any(each.startswith("2 entries of the activity log") for each in said), said
    assert any(each.startswith("0 messages that nobody may see any more") for each in said), said
    office.start()
    assert eventually(lambda: names(office, "SELECT ticket_id FROM used_tickets") == {"new"}, 15)
    assert eventually(lambda: len(office.rows("SELECT 1 FROM activity WHERE work = 'x'")) == 1, 15)
    assert eventually(lambda: any("1 went" in each for each in doctor(office)), 15)


def doctor(office: Office) -> list[str]:
    """What it says of the clean-up."""
    environment = {"SENDJAY_DATA_DIR": str(office.data), "SENDJAY_ACTIVITY_DAYS": "90"}
    if office.database_url:
        environment["SENDJAY_DATABASE_URL"] = office.database_url
    done = run_program("doctor", "--json", env=environment, cwd=office.data)
    return [each["says"] for each in json.loads(done.stdout)["findings"] if each["about"] == "Clean-up"]
