"""Keys said twice are found however they are spaced: one of two values would be silently taken."""

from __future__ import annotations

import pytest

from sendjay.protocol.errors import Code, Refused
from sendjay.realtime.dispatch import Dispatcher

TWICE = {
    "a room, with a space": b'{"id":1,"cmd":"sync","rooms":{"a" :[1,1],"a":[2,2]}}',
    "a room, with a line break": b'{"id":1,"cmd":"sync","rooms":{"a":\n[1,1],"a":[2,2]}}',
    "rooms within sync": b'{"id":1,"cmd":"hello","sync":{"rooms":{},"rooms":{"a":[1,1]}}}',
    "claim within place": b'{"id":1,"cmd":"hello","place":{"claim":true,"claim":false}}',
    "a place": b'{"id":1,"cmd":"hello","place":{},"place":{"claim":false}}',
    "rooms within place.take": b'{"id":1,"cmd":"place.take","sync":{"rooms":{},"rooms":{"a":[1,1]}}}',
    "a room within place.take": b'{"id":1,"cmd":"place.take","sync":{"rooms":{"a":[1,1],"a" :[2,2]}}}',
    "personal within sync": b'{"id":1,"cmd":"hello","sync":{"personal":1,"personal":2}}',
}
ONCE = {
    "spaces": b'{"id": 1, "cmd": "sync", "rooms": {"a" : [1, 1], "b": [2, 2]}}',
    "a place named as a field": b'{"id":1,"cmd":"hello","place":{"claim":true,"browser":"claim"}}',
    "a taken place": b'{"id":1,"cmd":"place.take","claim":false,"sync":{"rooms":{"a":[1,1]},"personal":2}}',
    "a bracket in a name": b'{"id":1,"cmd":"sync","rooms":{"a[":[1,1],"b":[2,2]}}',
    "a field's name as a room's": b'{"id":1,"cmd":"hello","sync":{"rooms":{"personal":[1,1]},"personal":2}}',
}


@pytest.mark.parametrize("frame", TWICE.values(), ids=TWICE)
def test_a_key_said_twice_is_refused(frame: bytes) -> None:
    with pytest.raises(Refused) as refused:
        Dispatcher().decode(frame)
    assert refused.value.code is Code.MALFORMED


@pytest.mark.parametrize("frame", ONCE.values(), ids=ONCE)
def test_an_honest_frame_is_taken(frame: bytes) -> None:
    Dispatcher().decode(frame)
