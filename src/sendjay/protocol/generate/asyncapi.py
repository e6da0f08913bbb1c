"""The contract as AsyncAPI 3: one channel, an operation for each command and one for each event."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

import msgspec

from sendjay.protocol.generate import examples
from sendjay.protocol.generate.contract import Contract, Shape
from sendjay.protocol.generate.schema import definitions, reply_name, to_text

_SCHEMAS = "#/components/schemas/{name}"
_CHANNEL = "#/channels/socket"

Document = dict[str, Any]


def render(contract: Contract) -> str:
    """The application described is the server: it receives commands and sends events."""
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sendjay",
            "version": version("sendjay"),
            "description": "The socket of a Sendjay server. docs/protocol.md has the rules.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "node": {
                "host": "localhost:8080",
                "protocol": "ws",
                "description": "Any node; wss where TLS is on. The first frame is `hello`.",
            }
        },
        "channels": {"socket": {"address": "/ws", "messages": _messages(contract)}},
        "operations": {
            **{_operation_name("on", shape): _receive(shape) for shape in contract.commands},
            **{_operation_name("tell", shape): _send(shape) for shape in contract.events},
        },
        "components": {"schemas": definitions(contract, _SCHEMAS)},
    }
    return to_text(document)


def _messages(contract: Contract) -> Document:
    shown: dict[type[msgspec.Struct], msgspec.Struct] = {
        type(each): each for each in (*examples.COMMANDS.values(), *examples.EVENTS.values())
    }
    messages = {
        shape.name: {
            "name": shape.tag,
            "summary": shape.doc.partition("\n")[0],
            "payload": {"$ref": _SCHEMAS.format(name=shape.name)},
            "examples": [{"payload": json.loads(examples.encode(shown[shape.struct]))}],
        }
        for shape in (*contract.commands, *contract.events)
    }
    answers = {
        reply_name(shape): {
            "name": f"{shape.tag} reply",
            "payload": {"$ref": _SCHEMAS.format(name=reply_name(shape))},
        }
        for shape in contract.commands
    }
    error = {"name": "error", "payload": {"$ref": _SCHEMAS.format(name="ErrorReply")}}
    return {**messages, **answers, "ErrorReply": error}


def _receive(shape: Shape) -> Document:
    return {
        "action": "receive",
        "channel": {"$ref": _CHANNEL},
        "summary": shape.doc.partition("\n")[0],
        "messages": [_message(shape.name)],
        "reply": {
            "channel": {"$ref": _CHANNEL},
            "messages": [_message(reply_name(shape)), _message("ErrorReply")],
        },
    }


def _send(shape: Shape) -> Document:
    return {
        "action": "send",
        "channel": {"$ref": _CHANNEL},
        "summary": shape.doc.partition("\n")[0],
        "messages": [_message(shape.name)],
    }


def _message(name: str) -> Document:
    return {"$ref": f"{_CHANNEL}/messages/{name}"}


def _operation_name(verb: str, shape: Shape) -> str:
    return f"{verb}.{shape.tag}"
