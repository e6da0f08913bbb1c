"""What somebody would try with items that are not theirs, tickets not for them, and hosts' tokens."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.clients import RefusedError, SocketClient, new_key
from tests.embed.portal import ORIGIN, SECRET, sign
from tests.items.shop import Shop, item_ticket
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), embed_origins=ORIGIN, embed_secret=SECRET)


@pytest.fixture(scope="module")
def shop(office: Office) -> Shop:
    return Shop(office)


async def test_bad_tickets_show_nothing_and_change_nothing(office: Office, shop: Shop) -> None:
    owner, asker, other = office.some(3)
    ref = shop.register(owner.id, by_ticket=True)
    past = int(time.time()) - 1000
    tickets = {
        "nothing of a ticket": "x.y.z",
        "signed by nobody": item_ticket(asker.id, ref).rpartition(".")[0] + ".",
        "signed by another": sign({"sub": asker.id, "item": ref}, "another secret, and long enough for it"),
        "for somebody else": item_ticket(other.id, ref),
        "about another item": item_ticket(asker.id, {"kind": "tool", "id": "another"}),
        "about none": sign_plain(asker.id),
        "too old": item_ticket(asker.id, ref, iat=past, exp=past + 60),
        "for too long": item_ticket(asker.id, ref, exp=int(time.time()) + 86_400),
        "for another server": item_ticket(asker.id, ref, aud="elsewhere"),
    }
    async with await SocketClient.connect(office, asker) as client:
        for ticket in tickets.values():
            with pytest.raises(RefusedError, match="bad_ticket"):
                await client.ask("item.ask", item=ref, ticket=ticket)
        with pytest.raises(RefusedError, match="not_found"):
            await client.ask("item.ask", item=ref)


def sign_plain(person: str) -> str:
    now = int(time.time())
    return sign({"sub": person, "aud": "sendjay", "iat": now, "exp": now + 60, "jti": new_key()}, SECRET)


async def test_a_pass_is_good_for_one_person_and_one_item_for_a_day(office: Office, shop: Shop) -> None:
    owner, asker, other = office.some(3)
    ref, another = (shop.register(owner.id, by_ticket=True) for _ in range(2))
    async with (
        await SocketClient.connect(office, asker) as client,
        await SocketClient.connect(office, other) as thief,
    ):
        given = (await client.ask("item.ask", item=ref, ticket=item_ticket(asker.id, ref)))["pass"]
        expires, _, seal = given.partition(".")
        for who, item, word in (
            (thief, ref, given),
            (client, another, given),
            (client, ref, f"{int(expires) + 1}.{seal}"),
            (client, ref, f"1.{seal}"),
            (client, ref, "９."),
            (client, ref, ""),
        ):
            with pytest.raises(RefusedError, match="not_found"):
                await who.ask(
                    "item.send", **{"item": item, "client_id": new_key(), "body": "x", "pass": word}
                )


async def test_a_pass_does_not_renew_itself(office: Office, shop: Shop) -> None:
    owner, asker = office.some(2)
    ref = shop.register(owner.id, by_ticket=True)
    async with await SocketClient.connect(office, asker) as client:
        given = (await client.ask("item.ask", item=ref, ticket=item_ticket(asker.id, ref)))["pass"]
        again = await client.ask("item.ask", **{"item": ref, "pass": given})
        assert "pass" not in again


async def test_an_asker_reaches_no_other_asker_on_any_path(office: Office, shop: Shop) -> None:
    owner, one, other = office.some(3)
    ref = shop.register(owner.id)
    async with (
        await SocketClient.connect(office, one) as client,
        await SocketClient.connect(office, other) as curious,
    ):
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="between us"))["room"]
        await curious.ask("item.send", item=ref, client_id=new_key(), body="me too")
        for command in ("room.get", "room.open", "message.history"):
            with pytest.raises(RefusedError, match="not_found"):
                await curious.ask(command, room=room)
        with pytest.raises(RefusedError, match="not_found"):
            await curious.ask("room.report", room=room, reason="spam")
        seen = [await curious.ask(each) for each in ("items.owned", "items.asked", "rooms.list")]
        seen.append(await curious.ask("item.rooms", item=ref))
        assert room not in str(seen)
        assert one.id not in str(seen)


async def test_nobody_comes_into_a_room_of_two(office: Office, shop: Shop) -> None:
    owner, asker, third = office.some(3)
    ref = shop.register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        room = (await client.ask("item.send", item=ref, client_id=new_key(), body="Hello"))["room"]
        for command, fields in (
            ("room.invite", {"client_id": new_key(), "people": [third.id]}),
            ("room.remove", {"person": owner.id}),
            ("room.rename", {"name": "x", "scope": "all"}),
        ):
            with pytest.raises(RefusedError, match="not_allowed"):
                await client.ask(command, room=room, **fields)


@pytest.mark.parametrize(
    "said",
    [
        {"picture": "javascript:alert(1)"},
        {"link": "data:text/html,x"},
        {"link": "https://"},
        {"link": "https://a b"},
        {"title": "\u202egnp.exe"},
        {"title": "   "},
        {"owner": {"id": "nobody-known"}},
        {"owner": {"id": ""}},
        {"title": "x" * 201},
        {"nonsense": 1},
        {"at": 2**52},
    ],
)
def test_what_a_host_may_not_say_is_refused_in_a_sentence(
    office: Office, shop: Shop, said: dict[str, object]
) -> None:
    (owner,) = office.some(1)
    body = {"owner": {"id": owner.id}, "title": "Drill", **said}
    answer = shop.call("PUT", "tool/refused", body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"]
    assert shop.call("GET", "tool/refused").status_code == 404


def test_a_token_that_was_ended_or_made_up_opens_nothing(office: Office, shop: Shop) -> None:
    token_id = shop.token.removeprefix("sji_").partition("_")[0]
    for token in ("sji_", "sji_x_y", f"sji_{token_id}_", f"sji_{token_id}_{'x' * 43}", "sji_" + "x" * 10_000):
        with office.rest(token) as rest:
            assert rest.get("/api/integration/items/tool/1").status_code == 401
