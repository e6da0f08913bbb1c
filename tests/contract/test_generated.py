"""What is checked in is what the Structs make, and it is complete."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sendjay.protocol import commands, errors, events, replies
from sendjay.protocol.generate import ASYNCAPI, JSON_SCHEMA, REFERENCE, TYPESCRIPT, generate

CHECKOUT = Path(__file__).parents[2]
COMMANDS = [struct.__struct_config__.tag for struct in typing.get_args(commands.AnyCommand)]
EVENTS = [struct.__struct_config__.tag for struct in typing.get_args(events.AnyEvent)]


@pytest.mark.parametrize("path", [TYPESCRIPT, JSON_SCHEMA, ASYNCAPI, REFERENCE])
def test_a_generated_file_is_not_stale(path: str) -> None:
    assert (CHECKOUT / path).read_text(encoding="utf-8") == generate()[path], "run `sendjay protocol`"


def test_every_command_has_an_answer_and_every_answer_a_command() -> None:
    assert set(replies.ANSWERS) == set(COMMANDS)


def test_the_types_name_every_command_event_and_code() -> None:
    text = (CHECKOUT / TYPESCRIPT).read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f'"{command}": {{ request: ' not in text] == []
    assert [event for event in EVENTS if f'ev: "{event}";' not in text] == []
    assert [code for code in errors.Code if f'| "{code.value}"' not in text] == []
    assert [close for close in errors.Close if f"CLOSE_{close.name} = {close.value};" not in text] == []


def test_the_reference_tells_of_every_command_event_and_code() -> None:
    text = (CHECKOUT / REFERENCE).read_text(encoding="utf-8")
    assert [command for command in COMMANDS if f"\n### {command}\n" not in text] == []
    assert [event for event in EVENTS if f"\n### Event {event}\n" not in text] == []
    assert [code for code in errors.Code if f"| `{code.value}` |" not in text] == []
    assert [close for close in errors.Close if f"| {close.value} | {close.name} |" not in text] == []


def test_asyncapi_has_an_operation_for_every_command_and_event() -> None:
    operations = _read(ASYNCAPI)["operations"]
    assert set(operations) == {f"on.{name}" for name in COMMANDS} | {f"tell.{name}" for name in EVENTS}
    assert all("reply" in operations[f"on.{name}"] for name in COMMANDS)


@pytest.mark.parametrize("path", [JSON_SCHEMA, ASYNCAPI])
def test_every_reference_within_a_document_leads_somewhere(path: str) -> None:
    document = _read(path)
    references = list(_references(document))
    assert references
    for reference in references:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]


def _read(path: str) -> dict[str, Any]:
    return json.loads((CHECKOUT / path).read_text(encoding="utf-8"))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)
