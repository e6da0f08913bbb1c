"""Is everybody else still served?"""

from __future__ import annotations

from tests.clients import SocketClient
from tests.serving import Office


async def still_serves(office: Office) -> None:
    """Two other people talk as ever."""
    one, two = office.some(2)
    async with await SocketClient.connect(office, one) as a, await SocketClient.connect(office, two) as b:
        room = await a.create(two)
        await a.send(room, "still here")
        await b.event("message.new", room=room)
    assert office.is_alive()
    office.check_errors()
