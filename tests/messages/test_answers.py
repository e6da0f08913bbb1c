"""Messages that answer others and name people, and single messages asked for."""

from __future__ import annotations

from tests.clients import SocketClient, new_key
from tests.serving import Office


async def test_an_answer_and_whom_it_names_are_the_same_live_in_history_and_in_the_list(
    office: Office,
) -> None:
    person, other = office.some(2)
    async with (
        await SocketClient.connect(office, person) as a,
        await SocketClient.connect(office, other) as b,
    ):
        room = await a.create(other)
        first = await a.send(room, "when do we meet?")
        key = new_key()
        asked = {
            "client_id": key,
            "body": "at two",
            "reply_to": first["seq"],
            "mentions": [person.id, person.id],
        }
        sent = await b.ask("message.send", room=room, **asked)
        live = (await a.event("message.new", version=sent["version"]))["message"]
        assert (live["reply_to"], live["mentions"]) == (first["seq"], [person.id])
        assert (await a.ask("message.history", room=room))["messages"][-1] == live
        assert (await a.ask("room.get", room=room))["room"]["room"]["last"] == live
        synced = await a.ask("sync", rooms={room: [first["version"], 0]}, personal=0)
        assert synced["rooms"][0]["messages"] == [live]
        assert await b.ask("message.send", room=room, **asked) == sent
        assert await b.refusal("message.send", room=room, **{**asked, "reply_to": 0}) == "key_reused"


async def test_only_messages_that_one_may_see_can_be_answered(office: Office) -> None:
    master, member, fourth, late = office.some(4)
    async with (
        await SocketClient.connect(office, master) as a,
        await SocketClient.connect(office, late) as b,
    ):
        room = await a.create(member, fourth)
        before = await a.send(room, "said before")
        await a.ask("room.invite", client_id=new_key(), room=room, people=[late.id])
        for seq in (before["seq"], 10_000):
            code = await b.refusal("message.send", room=room, client_id=new_key(), body="x", reply_to=seq)
            assert code == "not_found"
        page = await b.ask("message.get", room=room, seqs=[before["seq"], 10_000])
        assert page["messages"] == []


async def test_who_is_no_member_is_not_named_and_the_text_is_sent_all_the_same(office: Office) -> None:
    person, other, stranger = office.some(3)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        sent = await a.ask(
            "message.send", room=room, client_id=new_key(), body="hello", mentions=[stranger.id, "nobody"]
        )
        got = await a.ask("message.get", room=room, seqs=[sent["seq"], 9_999])
        assert [row["body"] for row in got["messages"]] == ["hello"]
        assert "mentions" not in got["messages"][0]


async def test_too_many_names_and_seqs_are_refused(office: Office) -> None:
    person, other = office.some(2)
    async with await SocketClient.connect(office, person) as a:
        room = await a.create(other)
        send = {"room": room, "client_id": new_key(), "body": "x"}
        for mentions in (["p"] * 51, ["\u202e"], ["p" * 65], [1], "p", {}):
            assert await a.refusal("message.send", **send, mentions=mentions) in ("invalid", "too_many")
        for reply_to in (-1, 2**60, "1", 1.5, None):
            assert await a.refusal("message.send", **send, reply_to=reply_to) == "invalid"
        for seqs in ([], list(range(51)), [-1], ["1"], 1):
            assert await a.refusal("message.get", room=room, seqs=seqs) in ("invalid", "too_many")
