"""Frames that no honest client sends."""

from __future__ import annotations

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
