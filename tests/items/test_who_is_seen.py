"""On a site of strangers people find only those they have to do with; all others look like nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from tests.clients import RefusedError, SocketClient, new_key
from tests.embed.portal import ORIGIN, SECRET
from tests.items.shop import Shop
from tests.pages import PHONE
from tests.serving import Office, Person, run_office

NOBODY = "nobody-at-all"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(
        tmp_path_factory.mktemp("office"), embed_origins=ORIGIN, embed_secret=SECRET, directory_shows="met"
    )


def names(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 200, answer.text
    return {each["id"] for each in answer.json()["people"]}


def seen_by_id(rest: httpx.Client, *people: str) -> set[str]:
    by_query = names(rest.get("/api/directory/people", params={"ids": ",".join(people)}))
    assert names(rest.post("/api/directory/people", json={"ids": list(people)})) == by_query
    return by_query


async def test_a_stranger_looks_like_nobody_on_every_way_to_find_somebody(office: Office) -> None:
    me, stranger = office.some(2)
    with office.rest(me.token) as rest:
        assert names(rest.get("/api/directory/people", params={"q": stranger.id})) == set()
        assert names(rest.get("/api/directory/team")) == {me.id}
        assert rest.get("/api/directory/orgs").json() == {"orgs": []}
        for org in ("sales", "works", ""):
            assert names(rest.get("/api/directory/people", params={"org": org})) == set()
        assert seen_by_id(rest, me.id, stranger.id, NOBODY) == {me.id}
        photos = [rest.get(f"/api/directory/people/{each}/photo") for each in (stranger.id, NOBODY)]
        assert [each.status_code for each in photos] == [404, 404]
        assert photos[0].json()["error"]["code"] == photos[1].json()["error"]["code"]
    async with (
        await SocketClient.connect(office, me) as mine,
        await SocketClient.connect(office, stranger),
    ):
        watched = await mine.ask("presence.watch", people=[me.id, stranger.id, NOBODY])
        assert set(watched["people"]) == {me.id}
        refusals: list[str] = []
        for somebody in (stranger.id, NOBODY):
            with pytest.raises(RefusedError) as refused:
                await mine.ask("room.create", client_id=new_key(), people=[somebody])
            refusals.append(str(refused.value))
        assert refusals[0] == refusals[1]


async def test_an_item_makes_its_owner_seen_and_a_talk_makes_both_found(office: Office) -> None:
    owner, asker, third = office.some(3)
    ref = Shop(office).register(owner.id)
    with (
        office.rest(asker.token) as theirs,
        office.rest(owner.token) as mine,
        office.rest(third.token) as others,
    ):
        assert seen_by_id(theirs, owner.id) == {owner.id}
        assert names(theirs.get("/api/directory/people", params={"q": owner.id})) == set()
        assert seen_by_id(mine, asker.id) == set()
        async with await SocketClient.connect(office, asker) as client:
            with pytest.raises(RefusedError, match="not_found"):
                await client.ask("room.create", client_id=new_key(), people=[owner.id])
            await client.ask("item.send", item=ref, client_id=new_key(), body="Hello")
            assert set((await client.ask("presence.watch", people=[owner.id]))["people"]) == set()
            async with await SocketClient.connect(office, owner) as other:
                shown = await client.ask("presence.watch", people=[owner.id, third.id])
                assert set(shown["people"]) == {owner.id}
                with pytest.raises(RefusedError, match="not_found"):
                    await other.ask("room.create", client_id=new_key(), people=[asker.id, third.id])
                assert (await other.ask("room.create", client_id=new_key(), people=[asker.id]))["room"]
        for rest, whom in ((theirs, owner), (mine, asker)):
            assert names(rest.get("/api/directory/people", params={"q": whom.id})) == {whom.id}
            assert whom.id in names(rest.get("/api/directory/team"))
            assert seen_by_id(rest, whom.id, third.id) == {whom.id}
        assert seen_by_id(others, asker.id) == set()


async def test_of_who_offers_or_has_left_a_name_and_a_photo_are_seen_and_nothing_else(office: Office) -> None:
    owner, asker, member, former = office.some(4)
    for each in (owner, former):
        office.change("UPDATE users SET tel = '010-1234-5678', job = 'Host' WHERE user_id = ?", each.id)
    Shop(office).register(owner.id)
    async with (
        await SocketClient.connect(office, asker) as client,
        await SocketClient.connect(office, owner),
        await SocketClient.connect(office, former) as other,
    ):
        # Strangers come together in a group by somebody who knows both.
        for one in (asker, member, former):
            await met(office, one, member)
        async with await SocketClient.connect(office, member) as inviting:
            group = await inviting.create(asker, former)
            with office.rest(asker.token) as rest:
                seen = {each["id"]: each for each in people_by_id(rest, owner.id, former.id)}
            assert seen[former.id]["tel"] == "010-1234-5678"
            assert set(seen[owner.id]) >= {"id", "name"}
            assert not {"tel", "job", "org", "org_name", "nickname", "absence"} & set(seen[owner.id])
            shown = await client.ask("presence.watch", people=[owner.id, former.id])
            assert set(shown["people"]) == {former.id}
            await other.ask("room.leave", room=group)
            with office.rest(asker.token) as rest:
                (left,) = people_by_id(rest, former.id)
                assert names(rest.get("/api/directory/people", params={"q": former.id})) == set()
                assert former.id not in names(rest.get("/api/directory/team"))
            assert left["name"] == seen[former.id]["name"]
            assert "tel" not in left
            shown = await client.ask("presence.watch", people=[former.id])
            assert shown["people"] == {}
            with pytest.raises(RefusedError, match="not_found"):
                await client.ask("room.create", client_id=new_key(), people=[former.id])


async def met(office: Office, one: Person, other: Person) -> None:
    """They have talked about something of the other one's."""
    if one.id != other.id:
        ref = Shop(office).register(other.id)
        async with await SocketClient.connect(office, one, device=PHONE) as client:
            await client.ask("item.send", item=ref, client_id=new_key(), body="Hello")


def people_by_id(rest: httpx.Client, *people: str) -> list[dict[str, object]]:
    return rest.get("/api/directory/people", params={"ids": ",".join(people)}).json()["people"]


async def test_of_two_questions_who_is_there_the_later_one_counts(office: Office) -> None:
    owner, asker = office.some(2)
    ref = Shop(office).register(owner.id)
    async with await SocketClient.connect(office, asker) as client:
        await client.ask("item.send", item=ref, client_id=new_key(), body="Hello")
        for _ in range(20):
            asked = [await client.post("presence.watch", people=people) for people in ([owner.id], [])]
            await asyncio.gather(*asked)
        async with await SocketClient.connect(office, owner):
            await asyncio.sleep(1)
            assert not [each for each in client.events if each["ev"] == "presence.changed"]
            shown = await client.ask("presence.watch", people=[owner.id])
            assert set(shown["people"]) == {owner.id}


def test_the_administrator_finds_everybody(office: Office) -> None:
    stranger, admin = office.some(2)
    office.change("UPDATE users SET kind = 'admin' WHERE user_id = ?", admin.id)
    with office.rest(admin.token) as rest:
        assert names(rest.get("/api/directory/people", params={"q": stranger.id})) == {stranger.id}
        assert seen_by_id(rest, stranger.id) == {stranger.id}
        assert stranger.id in names(rest.get("/api/directory/people", params={"org": "sales"})) | names(
            rest.get("/api/directory/people", params={"org": "works"})
        )
