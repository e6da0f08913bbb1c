"""What the host reports shows in the rooms at once: the item, and how the deal stands."""

from __future__ import annotations

import time

from tests.clients import SocketClient, new_key
from tests.items.shop import Json, Shop
from tests.serving import Office, Person


async def begun(office: Office, shop: Shop, owner: Person, asker: Person) -> tuple[Json, str]:
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        return ref, (await client.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]


async def test_a_change_shows_on_the_card_at_once_and_after_a_sync(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref, room = await begun(office, shop, owner, asker)
    async with await SocketClient.connect(office, asker, sync={"rooms": {room: [0, 0]}}) as client:
        shop.put(ref, title="Big drill", status="sold", is_open=False)
        event = await client.event("room.changed", room=room)
        assert (event["item"]["title"], event["item"]["status"]) == ("Big drill", "sold")
        assert event["item"]["is_open"] is False
        assert "messages" not in event
        shop.call("DELETE", f"{ref['kind']}/{ref['id']}")
        assert (await client.event("room.changed", room=room, version=event["version"] + 1))["item"][
            "is_gone"
        ]
        synced = await client.ask("sync", rooms={room: [event["version"], 0]})
        assert synced["rooms"][0]["room"]["item"]["is_gone"]
        await client.send(room, "What a pity")


async def test_an_older_state_changes_nothing(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref, room = await begun(office, shop, owner, asker)
    now = time.time_ns() // 1_000_000
    assert shop.put(ref, title="New", at=now + 5)["applied"]
    answer = shop.put(ref, title="Old", at=now)
    assert not answer["applied"]
    assert answer["item"]["title"] == "New"
    assert (
        shop.call("PUT", f"{ref['kind']}/{ref['id']}", {"title": "x", "at": now + 3_600_000}).status_code
        == 400
    )
    async with await SocketClient.connect(office, asker) as client:
        assert (await client.ask("room.get", room=room))["room"]["room"]["item"]["title"] == "New"


async def test_a_deal_goes_its_way_with_a_line_for_each_step(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref, room = await begun(office, shop, owner, asker)
    days = {"since": "2099-11-28", "until": "2099-11-30"}
    async with (
        await SocketClient.connect(office, asker) as client,
        await SocketClient.connect(office, owner) as mine,
    ):
        for state in ("requested", "reserved", "handed_over"):
            assert shop.deal(ref, asker.id, state, **days).status_code == 200
            event = await client.event("room.changed", room=room)
            client.events.clear()
            assert event["item"]["deal"] == {"state": state, **days}
            assert event["messages"][0]["notice"]["deal"]["state"] == state
        assert [each["room"] for each in (await mine.ask("items.coming"))["deals"]] == [room]
        assert (await client.ask("items.coming"))["deals"][0]["item"]["deal"]["since"] == days["since"]
        shop.deal(ref, asker.id, "returned", **days)
        await client.event("room.changed", room=room)
        assert await client.ask("items.coming") == {}
        # The same once more is no news.
        before = (await client.ask("room.get", room=room))["room"]["room"]["version"]
        shop.deal(ref, asker.id, "returned", **days)
        assert (await client.ask("room.get", room=room))["room"]["room"]["version"] == before


async def test_a_deal_that_nobody_has_talked_about_begins_the_room(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id)
    shop.deal(ref, asker.id, "requested", label="예약 요청", since="2099-01-01")
    async with await SocketClient.connect(office, asker) as client:
        room = (await client.ask("item.ask", item=ref))["room"]["room"]
        assert room["item"]["deal"]["label"] == "예약 요청"
        await client.ask("item.send", item=ref, client_id=new_key(), body="I have asked for it.")


async def test_another_owner_has_no_part_in_what_was_said_to_the_first(office: Office, shop: Shop) -> None:
    owner, asker, heir = office.some(3)
    ref, room = await begun(office, shop, owner, asker)
    shop.put(ref, owner={"id": heir.id})
    async with (
        await SocketClient.connect(office, asker) as client,
        await SocketClient.connect(office, heir) as other,
    ):
        assert await other.ask("item.rooms", item=ref) == {}
        old = (await client.ask("room.get", room=room))["room"]["room"]["item"]
        assert (old["owner"], old["is_open"]) == (owner.id, False)
        sent = await client.ask("item.send", item=ref, client_id=new_key(), body="Hello, whoever you are")
        assert sent["room"] != room
        await other.event("message.new", room=sent["room"])
        assert len((await client.ask("item.rooms", item=ref))["rooms"]) == 2


def test_the_description_of_the_interface_has_an_example_of_all_that_a_host_says(office: Office) -> None:
    with office.rest(office.people[0].token) as rest:
        schemas = rest.get("/api/docs/openapi.json").json()["components"]["schemas"]
    for name in ("ItemState", "DealState", "Owner"):
        for field, shape in schemas[name]["properties"].items():
            assert "examples" in shape or "Owner" in str(shape), (name, field)


async def test_a_token_allows_no_more_than_it_names(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref, _ = await begun(office, shop, owner, asker)
    path = f"{ref['kind']}/{ref['id']}"
    lender = Shop(office, "deals:reserved")
    assert lender.deal(ref, asker.id, "reserved").status_code == 200
    assert lender.deal(ref, asker.id, "returned").status_code == 403
    assert lender.call("PUT", path, {"title": "x"}).status_code == 403
    assert Shop(office, "items:bike").call("GET", path).status_code == 403
    with office.rest(lender.token) as rest:
        assert rest.get("/api/rooms").status_code == 401
    with office.rest(owner.token) as rest:
        assert rest.get(f"/api/integration/items/{path}").status_code == 401
