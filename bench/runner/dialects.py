"""What one server wants to hear and how its answers are told: enough for the load generator to talk to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.runner.seats import Seat

BODY = "~$T See you at the review at three; I will bring the draft with me."
"""What is said. The tag after the tilde is how the load generator knows its message again."""


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Dialect:
    path: str
    hello: Callable[[Seat], str]
    """The frame that opens a connection."""
    ready: str
    """What its answer holds."""
    send: Callable[[Seat], str]
    """The template of a message; see bench/load/template.h for its holes."""
    marks: dict[str, str] = field(default_factory=dict)
    """Further options of the load generator."""


def _hello_plain(seat: Seat) -> str:
    return _json({"id": 1, "cmd": "hello", "room": seat.room, "device": seat.user})


def _send_plain(seat: Seat) -> str:
    head = f'{{"id":$N,"cmd":"message.send","room":{_json(seat.room)},'
    return f'{head}"client_id":"$C","body":{_json(BODY)}}}'


def _hello_sendjay(seat: Seat) -> str:
    return _json({"id": 1, "cmd": "hello", "token": seat.token})


def _hello_sendjay_sync(seat: Seat) -> str:
    return _json({"id": 1, "cmd": "hello", "token": seat.token, "sync": {}})


def _hello_socketio(seat: Seat) -> str:
    return "40" + _json({"room": seat.room, "device": seat.user})


def _send_socketio(seat: Seat) -> str:
    command = {"room": seat.room, "client_id": "$C", "body": BODY}
    return "42$N" + _json(["message.send", command])


SENDJAY = Dialect(
    path="/ws",
    hello=_hello_sendjay,
    ready='{"re":1,"ok"',
    send=_send_plain,
    marks={"ping": '{"ev":"tick"', "pong": '{"id":$N,"cmd":"tick"}'},
)
SENDJAY_SYNC = Dialect(
    path="/ws", hello=_hello_sendjay_sync, ready='{"re":1,"ok"', send=_send_plain, marks=SENDJAY.marks
)
PLAIN = Dialect(path="/", hello=_hello_plain, ready='{"re":1,"ok"', send=_send_plain)
BARE = Dialect(
    path="/", hello=_hello_plain, ready='{"re":1,"ok"', send=_send_plain, marks={"by-order": "1", "ack": ""}
)
SOCKETIO = Dialect(
    path="/socket.io/?EIO=4&transport=websocket",
    hello=_hello_socketio,
    ready='40{"sid"',
    send=_send_socketio,
    marks={"event": '"message.new"', "ack": "43", "ping": "2", "pong": "3"},
)
