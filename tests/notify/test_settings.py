"""My settings are the same on all my devices, at once and after being away."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendjay.protocol.objects import MySettings
from tests.clients import SocketClient
from tests.serving import Office

SWITCHES = ("standalone", "notify", "sound", "vibration", "show_body", "show_sender")
DEFAULT: dict[str, Any] = {name: getattr(MySettings(), name) for name in MySettings.__struct_fields__}


def whole(told: dict[str, Any]) -> dict[str, Any]:
    """With what was left out for being as it is by default."""
    return DEFAULT | told


def read(office: Office, token: str) -> dict[str, Any]:
    with office.rest(token) as rest:
        return whole(rest.get("/api/me/settings").raise_for_status().json())


def edit(office: Office, token: str, **fields: Any) -> dict[str, Any]:
    with office.rest(token) as rest:
        return whole(rest.patch("/api/me/settings", json=fields).raise_for_status().json())


async def test_a_change_reaches_my_other_devices_at_once_and_nobody_else(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one, device=1) as laptop,
        await SocketClient.connect(office, two) as other,
    ):
        changed = edit(office, one.token, sound=False, hours_from="0830", hours_to="1800")
        assert changed == DEFAULT | {"sound": False, "hours_from": "0830", "hours_to": "1800"}
        told = await laptop.event("mine.changed")
        assert whole(told["settings"]) == changed
        await other.settle()
        assert not other.got("mine.changed")
    assert read(office, one.tokens[2]) == changed
    assert read(office, two.token) == DEFAULT


async def test_a_device_that_was_away_learns_of_it_by_sync_and_only_once(office: Office) -> None:
    (one,) = office.some(1)
    async with await SocketClient.connect(office, one, sync={"rooms": {}, "personal": 0}) as client:
        assert "settings" not in client.welcome["sync"]
        held = client.welcome["sync"]["personal"]
    changed = edit(office, one.tokens[1], notify=False)
    async with await SocketClient.connect(office, one, sync={"rooms": {}, "personal": held}) as client:
        assert whole(client.welcome["sync"]["settings"]) == changed
        held = client.welcome["sync"]["personal"]
        assert "settings" not in await client.ask("sync", rooms={}, personal=held)


async def test_back_to_the_default_is_a_change_like_any_other(office: Office) -> None:
    (one,) = office.some(1)
    async with await SocketClient.connect(office, one) as client:
        edit(office, one.token, notify=False)
        held = (await client.event("mine.changed"))["personal"]
        edit(office, one.token, notify=True)
        answer = await client.ask("sync", rooms={}, personal=held)
        assert whole(answer["settings"]) == DEFAULT


async def test_what_is_so_already_is_told_to_nobody(office: Office) -> None:
    (one,) = office.some(1)
    async with await SocketClient.connect(office, one) as client:
        edit(office, one.token, **DEFAULT)
        edit(office, one.token)
        edit(office, one.token, sound=False)
        edit(office, one.token, sound=False)
        await client.event("mine.changed")
        await client.settle()
        assert len(client.got("mine.changed")) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"hours_from": "0900"}, {"hours_to": "0900"}, {"hours_from": "2400", "hours_to": "0900"},
        {"hours_from": "0960", "hours_to": "1000"}, {"hours_from": "900", "hours_to": "1000"},
        {"hours_from": "0900\n", "hours_to": "1000"}, {"hours_from": "09:00", "hours_to": "10:00"},
        {"hours_from": "٠٩٠٠", "hours_to": "1000"}, {"hours_from": None, "hours_to": None},
        {"notify": None}, {"notify": "no"}, {"notify_off": True}, {"language": "ko"},
    ],
    ids=json.dumps,
)  # fmt: skip
async def test_what_is_no_setting_is_refused_and_changes_nothing(
    office: Office, fields: dict[str, Any]
) -> None:
    (one,) = office.some(1)
    before = read(office, one.token)
    with office.rest(one.token) as rest:
        answer = rest.patch("/api/me/settings", json={"vibration": not before["vibration"], **fields})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    assert read(office, one.token) == before


async def test_neither_end_of_the_hours_can_be_taken_away_alone(office: Office) -> None:
    (one,) = office.some(1)
    edit(office, one.token, hours_from="2200", hours_to="0700")
    with office.rest(one.token) as rest:
        for field in ("hours_from", "hours_to"):
            assert rest.patch("/api/me/settings", json={field: ""}).status_code == 400
    assert edit(office, one.token, hours_from="0000")["hours_to"] == "0700"
    assert edit(office, one.token, hours_from="", hours_to="") == DEFAULT


edits = st.fixed_dictionaries({}, optional=dict.fromkeys(SWITCHES, st.booleans()))
hours = st.one_of(
    st.just({}),
    st.just({"hours_from": "", "hours_to": ""}),
    st.builds(
        lambda a, b: {"hours_from": a, "hours_to": b},
        *[st.builds(lambda h, m: f"{h:02}{m:02}", st.integers(0, 23), st.integers(0, 59))] * 2,
    ),
)


@given(changes=st.lists(st.tuples(st.integers(0, 2), edits, hours), min_size=1, max_size=6))
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
def test_any_changes_from_any_devices_add_up_for_all_of_them(
    office: Office, changes: list[tuple[int, dict[str, bool], dict[str, str]]]
) -> None:
    (one,) = office.some(1)
    expected = read(office, one.token)
    for device, switches, times in changes:
        expected |= switches | times
        assert edit(office, one.tokens[device], **switches, **times) == expected
    assert [read(office, token) for token in one.tokens] == [expected] * 3
