"""Frames that no honest client sends: a typed error or a close code, never a dead server, never a leak."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket

import pytest
import websockets

from sendjay.protocol.errors import Close
from tests.clients import LostError, SocketClient, new_key
from tests.serving import Office, eventually

DEEP = 100_000

BROKEN = {
    "empty": "",
    "no JSON": "hello",
    "half a string": '{"id":1,"cmd":"ti',
    "a bare word": "true",
    "null": "null",
    "a number": "7",
    "a string": '"tick"',
    "an array": '[{"id":1,"cmd":"tick"}]',
    "NaN": '{"id":NaN,"cmd":"tick"}',
    "Infinity": '{"id":1,"cmd":"read.mark","room":"r","seq":Infinity}',
    "two objects": '{"id":1,"cmd":"tick"}{"id":2,"cmd":"tick"}',
    "a trailing comma": '{"id":1,"cmd":"tick",}',
    "single quotes": "{'id':1,'cmd':'tick'}",
    "a comment": '{"id":1,"cmd":"tick"}//',
    "a key said twice": '{"id":1,"id":2,"cmd":"tick"}',
    "cmd said twice": '{"id":1,"cmd":"tick","cmd":"rooms.list"}',
    "a key said twice, once in escapes": '{"id":1,"\\u0069d":2,"cmd":"tick"}',
    "cmd said twice, once in escapes": '{"id":1,"cmd":"rooms.list","\\u0063md":"tick"}',
    "a key said twice in a nested object": '{"id":1,"cmd":"sync","rooms":{"a":[1,1],"a":[2,2]}}',
    "a nested key said twice in escapes": '{"id":1,"cmd":"sync","rooms":{"a":[1,1],"\\u0061":[2,2]}}',
    "a sync within hello said twice": '{"id":1,"cmd":"hello","sync":{"rooms":{"a":[1,1],"a":[2,2]}}}',
    "a NUL": '{"id":1,"cmd":"tick"}\x00',
    "deep arrays": "[" * DEEP,
    "deep closed arrays": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"a":' * 30_000,
    "deep in a field": '{"id":1,"cmd":"rooms.list","x":' + "[" * DEEP + "]" * DEEP + "}",
    "deep in a known field": '{"id":1,"cmd":"message.send","room":' + "[" * DEEP + "]" * DEEP + "}",
    "a huge number": '{"id":1,"cmd":"read.mark","room":"r","seq":' + "9" * 20_000 + "}",
}
"""Each is answered with one typed error, and the connection goes on."""

UNFIT = {
    "no id": ({"cmd": "tick"}, "invalid"),
    "id as text": ({"id": "1", "cmd": "tick"}, "invalid"),
    "id below zero": ({"id": -1, "cmd": "tick"}, "invalid"),
    "id too great": ({"id": 2**53, "cmd": "tick"}, "invalid"),
    "id of 300 digits": ({"id": 10**300, "cmd": "tick"}, "invalid"),
    "id a fraction": ({"id": 1.5, "cmd": "tick"}, "invalid"),
    "id true": ({"id": True, "cmd": "tick"}, "invalid"),
    "no cmd": ({"id": 1}, "invalid"),
    "an empty object": ({}, "invalid"),
    "cmd a number": ({"id": 1, "cmd": 1}, "invalid"),
    "cmd null": ({"id": 1, "cmd": None}, "invalid"),
    "cmd unknown": ({"id": 1, "cmd": "room.destroy"}, "unknown_command"),
    "cmd of another case": ({"id": 1, "cmd": "TICK"}, "unknown_command"),
    "cmd a name of Python's": ({"id": 1, "cmd": "__init__"}, "unknown_command"),
    "an unknown field": ({"id": 1, "cmd": "tick", "extra": 1}, "invalid"),
    "a field missing": ({"id": 1, "cmd": "room.get"}, "invalid"),
    "room a number": ({"id": 1, "cmd": "room.get", "room": 5}, "invalid"),
    "room empty": ({"id": 1, "cmd": "room.get", "room": ""}, "invalid"),
    "room too long": ({"id": 1, "cmd": "room.get", "room": "x" * 65}, "invalid"),
    "seq below zero": ({"id": 1, "cmd": "read.mark", "room": "r", "seq": -1}, "invalid"),
    "seq too great": ({"id": 1, "cmd": "read.mark", "room": "r", "seq": 2**63}, "invalid"),
    "seq a fraction": ({"id": 1, "cmd": "read.mark", "room": "r", "seq": 0.5}, "invalid"),
    "limit zero": ({"id": 1, "cmd": "message.history", "room": "r", "limit": 0}, "invalid"),
    "limit too great": ({"id": 1, "cmd": "message.history", "room": "r", "limit": 201}, "invalid"),
    "before and after": (
        {"id": 1, "cmd": "message.history", "room": "r", "before": 1, "after": 1},
        "invalid",
    ),
    "key too short": (
        {"id": 1, "cmd": "message.send", "room": "r", "client_id": "x", "body": "x"},
        "invalid",
    ),
    "key not ASCII": (
        {"id": 1, "cmd": "message.send", "room": "r", "client_id": "한글한글한글한글", "body": "x"},
        "invalid",
    ),
    "key with a line break": (
        {"id": 1, "cmd": "message.send", "room": "r", "client_id": "12345678\n", "body": "x"},
        "invalid",
    ),
    "body empty": (
        {"id": 1, "cmd": "message.send", "room": "r", "client_id": "12345678", "body": ""},
        "invalid",
    ),
    "people not a list": ({"id": 1, "cmd": "room.create", "client_id": "12345678", "people": "a"}, "invalid"),
    "people of numbers": ({"id": 1, "cmd": "room.create", "client_id": "12345678", "people": [1]}, "invalid"),
    "nobody invited": (
        {"id": 1, "cmd": "room.invite", "client_id": "12345678", "room": "r", "people": []},
        "invalid",
    ),
    "a scope there is not": (
        {"id": 1, "cmd": "room.rename", "room": "r", "name": "x", "scope": "world"},
        "invalid",
    ),
    "a position of one number": ({"id": 1, "cmd": "sync", "rooms": {"r": [1]}}, "invalid"),
    "a second hello": ({"id": 1, "cmd": "hello"}, "invalid"),
    "a lone surrogate in an id": ({"id": 1, "cmd": "room.get", "room": "\ud800"}, "malformed"),
}


async def still_serves(office: Office) -> None:
    """Two other people talk as ever."""
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two)
        await a.send(room, "still here")
        await b.event("message.new", room=room)
    assert office.is_alive()
    office.check_errors()


@pytest.mark.parametrize("frame", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_frame_is_answered_and_the_connection_goes_on(office: Office, frame: str) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        await client.send_raw(frame)
        await client.until(lambda: bool(client.strays), "an answer")
        (answer,) = client.strays
        assert answer["error"]["code"] in ("malformed", "invalid", "unknown_command")
        assert not answer["error"].get("retry")
        await client.settle()
    office.check_errors()


@pytest.mark.parametrize(("command", "code"), UNFIT.values(), ids=UNFIT.keys())
async def test_a_command_that_does_not_fit_is_refused_by_its_id(
    office: Office, command: dict[str, object], code: str
) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        await client.settle()
        await client.settle()
        await client.send_raw(json.dumps(command))
        await client.until(lambda: bool(client.strays), "an answer")
        (answer,) = client.strays
        assert answer["error"]["code"] == code
        identifier = command.get("id")
        assert answer["re"] == (1 if identifier == 1 and identifier is not True else None)
        await client.settle()
    office.check_errors()


async def test_binary_frames_and_bad_text_close_the_connection(office: Office) -> None:
    for payload, opcode, code in (
        (b'{"id":1,"cmd":"tick"}', 0x2, Close.UNSUPPORTED),
        (b"\xff\xfe\xfd", 0x1, Close.BAD_UTF8),
        (b'{"id":1,"cmd":"tick","x":"\xed\xa0\x80"}', 0x1, Close.BAD_UTF8),
    ):
        client = await SocketClient.connect(office, office.people[0])
        write_frame(client, payload, opcode)
        assert await client.close_code() == code
    await still_serves(office)


def write_frame(client: SocketClient, payload: bytes, opcode: int) -> None:
    """A frame with a payload that the library itself would refuse to send."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + size.to_bytes(2)
    client.connection.transport.write(bytes([0x80 | opcode]) + length + bytes(4) + payload)


async def test_a_frame_over_the_limit_closes_and_one_at_the_limit_does_not(office: Office) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        most = client.welcome["max_frame_bytes"]
        command = '{"id":77,"cmd":"tick"}'
        await client.send_raw(command + " " * (most - len(command)))
        assert "ok" in await client.stray(77)
        await client.send_raw(command + " " * (most - len(command) + 1))
        assert await client.close_code() == Close.TOO_BIG
    await still_serves(office)


async def test_nothing_is_done_before_hello(office: Office) -> None:
    for command in (
        {"cmd": "rooms.list"},
        {"cmd": "tick"},
        {"cmd": "presence.watch", "people": ["p0001"]},
        {"cmd": "message.send", "room": "r", "client_id": new_key(), "body": "x"},
    ):
        async with await SocketClient.open(office) as client:
            assert await client.refusal(**command) == "hello_first"
    async with await SocketClient.open(office) as client:
        assert await client.refusal("hello") == "unauthorized"
        assert await client.close_code() == Close.REFRESH


async def test_a_connection_that_only_errs_is_closed(office: Office) -> None:
    for greeted in (True, False):
        client = await (
            SocketClient.connect(office, office.people[0]) if greeted else SocketClient.open(office)
        )
        for _ in range(120):
            await client.send_raw("junk")
        assert await client.close_code() == Close.NO_HELLO
        assert len(client.strays) <= 102
    await still_serves(office)


async def test_a_flood_of_junk_is_cut_off(office: Office) -> None:
    client = await SocketClient.connect(office, office.people[0])
    with contextlib.suppress(websockets.ConnectionClosed):
        for _ in range(10_000):
            await client.send_raw("junk")
    # Whoever goes on sending may see the connection reset before the close frame.
    assert await client.close_code() in (Close.NO_HELLO, 1006)
    assert len(client.strays) <= 102
    await still_serves(office)


async def test_ten_thousand_junk_frames_from_many_leave_nothing_behind(office: Office) -> None:
    junk = [*BROKEN.values(), *(json.dumps(command) for command, _ in UNFIT.values())]
    small = [frame for frame in junk if len(frame) < 1_000]

    async def throw(number: int) -> None:
        client = await SocketClient.connect(office, office.people[number % 20])
        with contextlib.suppress(websockets.ConnectionClosed):
            for count in range(200):
                await client.send_raw(small[(number + count) % len(small)])
                watch = {"id": 10**6 + count, "cmd": "presence.watch", "people": ["p0"]}
                await client.send_raw(json.dumps(watch))
        await client.close()

    async def rounds() -> None:
        for start in range(0, 50, 10):
            await asyncio.gather(*(throw(number) for number in range(start, start + 10)))

    await rounds()
    before = office.memory()
    await rounds()
    await still_serves(office)
    assert office.memory() - before < 30 * 1024 * 1024
    assert eventually(lambda: office.measure("sendjay_connections") == 0)


async def test_too_many_commands_are_slowed_down_not_done(office: Office) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        answers = [await client.post("presence.watch", people=[]) for _ in range(460)]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        codes = [getattr(outcome, "code", "ok") for outcome in outcomes]
        assert codes.count("ok") >= 400
        assert set(codes) == {"ok", "rate_limited"}
        refused = next(outcome for outcome in outcomes if isinstance(outcome, Exception))
        assert refused.error["retry"]
        await asyncio.sleep(refused.error["retry_after_ms"] / 1000)
        await client.settle()


async def test_many_slow_commands_at_once_are_bounded(office: Office) -> None:
    async with await SocketClient.connect(office, office.people[0]) as client:
        answers = [await client.post("rooms.list") for _ in range(90)]
        outcomes = await asyncio.gather(*answers, return_exceptions=True)
        assert {getattr(outcome, "code", "ok") for outcome in outcomes} <= {"ok", "rate_limited"}
        assert "rooms" in outcomes[0] or "personal" in outcomes[0]
        await asyncio.sleep(0.3)
        await client.settle()


async def test_a_connection_that_says_nothing_is_closed(tmp_path_factory: pytest.TempPathFactory) -> None:
    office = Office(tmp_path_factory.mktemp("silent"), 2, hello_seconds=0.5, tick_seconds=1)
    office.start()
    try:
        async with await SocketClient.open(office) as client:
            assert await client.close_code() == Close.NO_HELLO
        async with await SocketClient.connect(office, office.people[0]) as client:
            client.answers_ticks = False
            assert await client.close_code() == Close.NO_HELLO
        async with await SocketClient.connect(office, office.people[0]) as client:
            await asyncio.sleep(3)
            await client.settle()
        # Half an upgrade, and a connection that never asks for anything.
        with socket.create_connection(("127.0.0.1", office.port)) as half:
            half.sendall(b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: web")
            await still_serves(office)
    finally:
        office.stop()


async def test_a_connection_dropped_in_the_middle_of_everything_leaves_nothing_behind(office: Office) -> None:
    one, two = office.some(2)
    for _ in range(30):
        client = await SocketClient.connect(office, one)
        room = await client.create(two)
        await client.ask("room.open", room=room)
        await client.ask("presence.watch", people=[two.id])
        pending = [await client.post("rooms.list") for _ in range(5)]
        pending += [
            await client.post("message.send", room=room, client_id=new_key(), body="x") for _ in range(5)
        ]
        client.connection.transport.abort()
        outcomes = await asyncio.gather(*pending, return_exceptions=True)
        assert all(isinstance(outcome, dict | LostError) for outcome in outcomes)
    assert eventually(lambda: office.measure("sendjay_connections") == 0)
    await still_serves(office)
