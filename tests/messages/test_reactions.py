"""Emoji under messages: the same for everybody, whole for who was away, and bounded."""

from __future__ import annotations

import asyncio

from tests.clients import SocketClient, new_key
from tests.serving import Office

FACES = [chr(0x1F600 + number) for number in range(21)]


async def test_a_reaction_is_the_same_live_in_history_and_for_who_was_away(office: Office) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        sent = await a.send(
            room,
            "done!",
        )
        await b.ask("message.react", room=room, seq=sent["seq"], emoji="👍", on=True)
        live = await a.event("message.changed", room=room, version=sent["version"] + 1)
        assert live["message"]["reactions"] == [{"emoji": "👍", "people": [other.id]}]
        assert live["message"]["body"] == "done!"
        await a.ask("message.react", room=room, seq=sent["seq"], emoji="👍", on=True)
        changed = (await b.event("message.changed", room=room, version=sent["version"] + 2))["message"]
        assert changed["reactions"] == [{"emoji": "👍", "people": [other.id, person.id]}]
        assert (await a.ask("message.history", room=room))["messages"][-1] == changed
        synced = await a.ask("sync", rooms={room: [sent["version"], -1]}, personal=0)
        assert synced["rooms"][0]["messages"] == [changed]
        for client in (a, b):
            await client.ask("message.react", room=room, seq=sent["seq"], emoji="👍", on=False)
        plain = await a.event("message.changed", room=room, version=sent["version"] + 4)
        assert "reactions" not in plain["message"]


async def test_the_same_reaction_twice_is_one_and_changes_nothing(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        sent = await a.send(room, "once")
        both = [
            await a.post("message.react", room=room, seq=sent["seq"], emoji="🙏", on=True) for _ in range(2)
        ]
        await asyncio.gather(*both)
        view = (await a.ask("room.get", room=room))["room"]["room"]
        assert view["version"] == sent["version"] + 1
        assert view["last"]["reactions"] == [{"emoji": "🙏", "people": [person.id]}]


async def test_reactions_make_nothing_unread_and_bring_no_room_to_the_top(office: Office) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        sent = await a.send(room, "hello")
        await b.ask("read.mark", room=room, seq=sent["seq"])
        await a.ask("message.react", room=room, seq=sent["seq"], emoji="🎉", on=True)
        view = (await b.ask("room.get", room=room))["room"]
        assert view["mine"]["unread"] == 0
        assert view["room"]["last"]["at"] == sent["at"]


async def test_only_emoji_and_not_too_many(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        sent = await a.send(room, "try")
        react = {"room": room, "seq": sent["seq"], "on": True}
        for text in ("a", "ok", "가", "<b>", " ", "12", "👍a", "\u200d", "👍" * 17, "a" * 33, ""):
            assert await a.refusal("message.react", **react, emoji=text) == "invalid", text
        for emoji in (*FACES[:15], "❤️", "👨‍👩‍👧‍👦", "🇰🇷", "3️⃣", "👍🏽"):
            await a.ask("message.react", **react, emoji=emoji)
        assert await a.refusal("message.react", **react, emoji=FACES[20]) == "too_many"
        await a.ask("message.react", **(react | {"on": False}), emoji=FACES[0])
        await a.ask("message.react", **react, emoji=FACES[20])


async def test_notices_what_is_below_the_floor_and_what_is_not_there_take_none(office: Office) -> None:
    master, member, fourth, late = office.some(4)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, late) as b,
    ):
        room = await a.create(member, fourth)
        before = await a.send(room, "before")
        await a.ask("room.invite", client_id=new_key(), room=room, people=[late.id])
        for seq in (0, before["seq"], before["seq"] + 1, 10_000):
            assert await b.refusal("message.react", room=room, seq=seq, emoji="👍", on=True) == "not_found"
