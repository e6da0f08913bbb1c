"""Every frame shown in the documentation is one that the other side would take."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from sendjay.protocol.commands import AnyCommand
from sendjay.protocol.events import AnyEvent
from sendjay.protocol.replies import ANSWERS, ErrorReply

CHECKOUT = Path(__file__).parents[2]
SCHEMA = json.loads((CHECKOUT / "docs/protocol/schema.json").read_text(encoding="utf-8"))


def frames_in(page: Path) -> list[dict[str, Any]]:
    blocks = re.findall(r"^```json\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [json.loads(block) for block in blocks]


FRAMES = [
    pytest.param(frame, id=f"{page.name}-{number}")
    for page in sorted(CHECKOUT.glob("docs/**/*.md"))
    for number, frame in enumerate(frames_in(page), start=1)
]
ASKED = {frame.values[0]["id"]: frame.values[0]["cmd"] for frame in FRAMES if "cmd" in frame.values[0]}


def test_the_documentation_shows_every_command() -> None:
    assert set(ASKED.values()) == set(ANSWERS)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_in_the_documentation_decodes(frame: dict[str, Any]) -> None:
    if "cmd" in frame:
        msgspec.convert(frame, AnyCommand)
    elif "ev" in frame:
        msgspec.convert(frame, AnyEvent)
    elif "error" in frame:
        msgspec.convert(frame, ErrorReply)
    else:
        answer = msgspec.convert(frame["ok"], ANSWERS[ASKED[frame["re"]]])
        # Nothing in it that the answer does not know: a renamed field would otherwise go unnoticed.
        assert msgspec.to_builtins(answer) == frame["ok"]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_in_the_documentation_fits_the_json_schema(frame: dict[str, Any]) -> None:
    side = "ClientFrame" if "cmd" in frame else "ServerFrame"
    jsonschema_rs.validate({"$ref": f"#/$defs/{side}", "$defs": SCHEMA["$defs"]}, frame)


def test_the_json_schema_refuses_what_the_server_would_refuse() -> None:
    tick = {"cmd": "tick", "id": 1}
    for wrong in ({**tick, "extra": 1}, {"cmd": "tick"}, {**tick, "id": "1"}, {"cmd": "no.such", "id": 1}):
        assert not jsonschema_rs.is_valid({"$ref": "#/$defs/ClientFrame", "$defs": SCHEMA["$defs"]}, wrong)
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(wrong, AnyCommand)
