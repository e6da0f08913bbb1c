"""What the hub keeps of a connection, and what it lets go of."""

from __future__ import annotations

from sendjay.actor import Actor
from sendjay.protocol.commands import Tick
from sendjay.protocol.errors import Close
from sendjay.protocol.events import RoomGone, Typing
from sendjay.protocol.replies import Done
from sendjay.realtime.deliveries import SessionEnded
from sendjay.realtime.dispatch import Dispatcher
from sendjay.realtime.frames import text_frame
from sendjay.realtime.hub import Hub, frame_event
from sendjay.realtime.limits import ConnectionLimits
from sendjay.realtime.session import Session


class Wire:
    """A link that takes everything and sends nothing."""

    address = ""

    def __init__(self) -> None:
        self.sent = b""
        self.closed_with: int | None = None

    def send(self, frames: bytes, /) -> bool:
        self.sent += frames
        return False

    def close(self, code: int, reason: str = "") -> None:
        self.closed_with = code

    def buffered(self) -> int:
        return 0


def make_hub() -> Hub:
    async def load(_room: str) -> tuple[int, tuple[str, ...]]:
        return 1, ()

    return Hub(load)


def make_session(hub: Hub, **limits: int) -> tuple[Session, Wire]:
    wire = Wire()
    session = Session(wire, Dispatcher(), ConnectionLimits(**limits), "connection", "", hub.lost)
    hub.register(session, "kim", "session")
    return session, wire


async def test_a_session_that_ended_while_its_room_was_read_is_not_kept_with_the_room() -> None:
    hub = make_hub()
    session, wire = make_session(hub)
    hub.confirm(session, Actor("kim", "session"))
    hub.deliver([SessionEnded(("session",), "kim", "signed_out")])
    hub.open_room(session, "room", 20)
    session.link_lost(Close.STOP)
    assert not session.open_rooms
    told = len(wire.sent)
    session.closed = False
    hub.tell_watchers("room", Typing("room", "lee", True))
    assert len(wire.sent) == told


async def test_what_waits_behind_hello_is_bounded_by_its_size() -> None:
    hub = make_hub()
    session, wire = make_session(hub, send_queue_bytes=100_000)
    session.hold()
    frame = text_frame(b"x" * 30_000)
    for _ in range(3):
        session.push(frame)
    assert wire.closed_with is None
    session.push(frame)
    assert wire.closed_with == Close.TOO_SLOW


async def test_what_waited_comes_behind_the_answer_in_order() -> None:
    hub = make_hub()
    session, wire = make_session(hub)
    session.hold()
    events = [frame_event(RoomGone(f"{number}")) for number in range(3)]
    for frame in events:
        session.push(frame)
    assert not wire.sent
    session.release(Tick(7), Done())
    assert wire.sent == text_frame(b'{"re":7,"ok":{}}') + b"".join(events)
