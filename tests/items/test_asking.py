"""The button under a post: from pressing it to a room that both have."""

from __future__ import annotations

import asyncio

import pytest

from tests.clients import RefusedError, SocketClient, new_key
from tests.items.shop import Shop, item_ticket
from tests.serving import Office


async def test_the_first_message_makes_the_room_and_both_see_the_card(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with (
        await SocketClient.connect(office, owner) as mine,
        await SocketClient.connect(office, asker) as theirs,
    ):
        asked = await theirs.ask("item.ask", item=ref)
        assert asked["item"]["title"] == "Drill"
        assert "room" not in asked
        assert asked["item"]["owner"] == owner.id
        sent = await theirs.ask("item.send", item=ref, client_id=new_key(), body="Is it free on Saturday?")
        await mine.event("room.added", room=sent["room"])
        await mine.event("message.new", room=sent["room"])
        for client in (mine, theirs):
            view = (await client.ask("room.get", room=sent["room"]))["room"]
            assert view["room"]["kind"] == "item"
            assert view["room"]["item"]["id"] == ref["id"]
        again = await theirs.ask("item.ask", item=ref)
        assert again["room"]["room"]["id"] == sent["room"]
        assert await mine.ask("item.ask", item=ref) == {"item": asked["item"]}
        await mine.send(sent["room"], "Yes, it is.")
        await theirs.event("message.new", room=sent["room"])


async def test_the_button_is_answered_with_the_newest_of_the_room_that_it_leads_to(
    office: Office, shop: Shop
) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]
        for number in range(5):
            await client.send(room, f"Hello {number}")
        asked = await client.ask("item.ask", item=ref, history=3)
        assert asked["history"] == await client.ask("message.history", room=room, limit=3)
        assert [each["body"] for each in asked["history"]["messages"]] == ["Hello 2", "Hello 3", "Hello 4"]
        # Only what is theirs to see, as wherever else it is read.
        await client.ask("room.clear", room=room)
        assert (await client.ask("item.ask", item=ref, history=3))["history"]["messages"] == []
        assert "history" not in await client.ask("item.ask", item=ref)
    with office.rest(asker.token) as rest:
        answer = rest.get(f"/api/items/{ref['kind']}/{ref['id']}", params={"history": 1}).json()
        assert "messages" in answer["history"]


async def test_the_same_key_gives_one_message_and_the_same_answer(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref, key = shop.register(owner.id), new_key()
    async with await SocketClient.connect(office, asker) as client:
        first = await client.ask("item.send", item=ref, client_id=key, body="Hello")
        assert await client.ask("item.send", item=ref, client_id=key, body="Hello") == first
        with pytest.raises(RefusedError, match="key_reused"):
            await client.ask("item.send", item=ref, client_id=key, body="Something else")


async def test_many_first_messages_at_once_give_one_room(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    async with (
        await SocketClient.connect(office, asker) as one,
        await SocketClient.connect(office, asker, device=1) as other,
    ):
        sent = await asyncio.gather(
            *(
                client.ask("item.send", item=ref, client_id=new_key(), body=f"Hello {number}")
                for number in range(10)
                for client in (one, other)
            )
        )
    assert len({each["room"] for each in sent}) == 1
    assert sorted(each["seq"] for each in sent) == list(range(1, 21))


async def test_nobody_asks_about_what_is_their_own_gone_closed_or_never_was(
    office: Office, shop: Shop
) -> None:
    owner, asker = office.some(2)
    closed, gone = shop.register(owner.id, is_open=False), shop.register(owner.id)
    shop.call("DELETE", f"{gone['kind']}/{gone['id']}")
    async with (
        await SocketClient.connect(office, owner) as mine,
        await SocketClient.connect(office, asker) as theirs,
    ):
        for client, ref, code in (
            (mine, shop.register(owner.id), "not_allowed"),
            (theirs, closed, "not_allowed"),
            (theirs, gone, "not_found"),
            (theirs, {"kind": "tool", "id": "never"}, "not_found"),
        ):
            with pytest.raises(RefusedError, match=code):
                await client.ask("item.send", item=ref, client_id=new_key(), body="Hello")
        with pytest.raises(RefusedError, match="not_found"):
            await theirs.ask("item.ask", item=gone)


async def test_what_not_all_may_see_is_asked_about_with_the_hosts_word(office: Office, shop: Shop) -> None:
    owner, asker, stranger = office.some(3)
    ref = shop.register(owner.id, by_ticket=True)
    async with (
        await SocketClient.connect(office, asker) as client,
        await SocketClient.connect(office, stranger) as other,
    ):
        for each in (client, other):
            with pytest.raises(RefusedError, match="not_found"):
                await each.ask("item.ask", item=ref)
        allowed = await client.ask("item.ask", item=ref, ticket=item_ticket(asker.id, ref))
        said = {"item": ref, "body": "May I?", "pass": allowed["pass"]}
        with pytest.raises(RefusedError, match="not_found"):
            await other.ask("item.send", client_id=new_key(), **said)
        await client.ask("item.send", client_id=new_key(), **said)
        await client.ask(
            "item.send", item=ref, client_id=new_key(), body="Without it, now that there is a room"
        )


async def test_a_ticket_registers_the_item_and_never_overwrites_what_is_newer(
    office: Office, shop: Shop
) -> None:
    owner, asker = office.some(2)
    ref = {"kind": "bike", "id": new_key()}
    said = {"title": "Blue bike", "owner": {"id": owner.id}, "price": "9,000"}
    ticket = item_ticket(asker.id, ref, item=said)
    async with await SocketClient.connect(office, asker) as client:
        assert (await client.ask("item.ask", item=ref, ticket=ticket))["item"]["price"] == "9,000"
        shop.put(ref, price="10,000")
        assert (await client.ask("item.ask", item=ref, ticket=ticket))["item"]["price"] == "10,000"


async def test_lists_show_the_owner_all_askers_and_an_asker_only_themselves(
    office: Office, shop: Shop
) -> None:
    owner, one, two, stranger = office.some(4)
    ref, quiet = shop.register(owner.id), shop.register(owner.id)
    clients = [await SocketClient.connect(office, each) for each in (owner, one, two, stranger)]
    mine, first, second, other = clients
    rooms = [
        (await each.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]
        for each in (first, second)
    ]
    owned = await mine.ask("items.owned")
    assert [(each["item"]["id"], each["askers"], each["unread"]) for each in owned["items"]] == [
        (ref["id"], 2, 2)
    ]
    seen = {
        client: [each["room"]["id"] for each in (await client.ask("item.rooms", item=ref)).get("rooms", [])]
        for client in clients
    }
    assert sorted(seen[mine]) == sorted(rooms)
    assert (seen[first], seen[second], seen[other]) == ([rooms[0]], [rooms[1]], [])
    assert [each["room"]["id"] for each in (await first.ask("items.asked"))["rooms"]] == [rooms[0]]
    assert await other.ask("items.owned") == await other.ask("items.asked") == {}
    page = await mine.ask("item.rooms", item=ref, limit=1)
    rest = await mine.ask("item.rooms", item=ref, limit=1, after=page["next"])
    assert {each["room"]["id"] for each in page["rooms"] + rest["rooms"]} == set(rooms)
    assert (await mine.ask("item.rooms", item=quiet)) == {}
    for client in clients:
        await client.close()


async def test_who_asks_about_too_many_things_has_to_wait(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    refs = [shop.register(owner.id) for _ in range(6)]
    async with await SocketClient.connect(office, asker) as client:
        for ref in refs[:5]:
            await client.ask("item.send", item=ref, client_id=new_key(), body="Hello")
        with pytest.raises(RefusedError, match="rate_limited"):
            await client.ask("item.send", item=refs[5], client_id=new_key(), body="Hello")
        await client.ask("item.send", item=refs[0], client_id=new_key(), body="Where there is a room")
