"""Frames that no honest client sends: a typed error or a close code, never a dead server, never a leak."""

from __future__ import annotations

import json

import pytest

from sendjay.protocol.errors import Close
from tests.clients import SocketClient
from tests.hostile.alive import still_serves
from tests.hostile.frames import BROKEN, UNFIT
from tests.serving import Office


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
