"""G3: seq is 1..N without holes, the same order for everyone, and commit order is seq order."""

from __future__ import annotations

import asyncio

from tests.clients import SocketClient, new_key
from tests.serving import Office

SENDERS = 6
EACH = 60


async def test_concurrent_senders_make_one_dense_order_that_everybody_sees(office: Office) -> None:
    people = office.some(SENDERS)
    clients = [await SocketClient.connect(office, person) for person in people]
    room = await clients[0].create(*people[1:])
    others = [await clients[0].create(people[1]), await clients[0].create(people[2])]

    async def talk(client: SocketClient, number: int) -> list[int]:
        pending = []
        for count in range(EACH):
            pending.append(
                await client.post("message.send", room=room, client_id=new_key(), body=f"{number}:{count}")
            )
            if count % 10 == 0:
                await asyncio.sleep(0)
        return [(await answer)["seq"] for answer in pending]

    async def talk_elsewhere() -> None:
        # Groups of the writer then hold several rooms, and commands that stand alone.
        for count in range(EACH):
            await clients[0].send(others[count % 2], f"elsewhere {count}")
            if count % 10 == 0:
                await clients[0].ask("room.rename", room=room, name=f"Name {count}", scope="all")

    *seqs, _ = await asyncio.gather(*(talk(client, n) for n, client in enumerate(clients)), talk_elsewhere())

    timelines = [await client.timeline(room) for client in clients]
    assert all(timeline == timelines[0] for timeline in timelines)
    timeline = timelines[0]
    assert [row["seq"] for row in timeline] == list(range(1, len(timeline) + 1))
    assert len([row for row in timeline if row.get("kind") != "notice"]) == SENDERS * EACH
    times = [row["at"] for row in timeline]
    assert times == sorted(times)
    versions = [row["version"] for row in timeline]
    assert versions == sorted(versions)
    for mine in seqs:
        # What one person sent one after another stands in that order.
        assert mine == sorted(mine)
    for client in clients:
        live = [row for event in client.events if event.get("room") == room for row in rows_of(event)]
        assert [row["seq"] for row in live] == sorted(row["seq"] for row in live)
        assert live == timeline, next(
            pair for pair in zip(live, timeline, strict=False) if pair[0] != pair[1]
        )
        told = [
            event["version"] for event in client.events if event.get("room") == room and "version" in event
        ]
        assert sorted(set(told)) == list(range(min(told), max(told) + 1))
        await client.close()


async def test_an_acked_message_is_seen_by_every_read_that_begins_after_the_ack(office: Office) -> None:
    one, two = office.some(2)
    async with (
        await SocketClient.connect(office, one) as sender,
        await SocketClient.connect(office, two) as reader,
    ):
        room = await sender.create(two)
        for count in range(40):
            ack = await sender.send(room, f"{count}")
            page = await reader.ask("message.history", room=room, limit=1)
            assert page["messages"][-1]["seq"] == ack["seq"] == count + 1
            assert page["version"] == ack["version"]


def rows_of(event: dict[str, object]) -> list[dict[str, object]]:
    if event["ev"] == "message.new":
        return [event["message"]]  # type: ignore[list-item]
    return event.get("messages", [])  # type: ignore[return-value]
