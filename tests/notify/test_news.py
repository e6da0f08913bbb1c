"""The number on a badge is what the list of rooms says, and the news are what somebody else has just said."""

from __future__ import annotations

import asyncio
import time
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients import SocketClient, ids, new_key
from tests.promises.recount import recount_unread
from tests.serving import Office, Person

PEOPLE = 3
LONG_AGO = 1


def rooms_of(news: dict[str, Any]) -> list[str]:
    return [view["room"]["id"] for view in news.get("rooms", [])]


async def pause() -> None:
    """Two talks of the same millisecond have no order."""
    await asyncio.sleep(0.003)


async def test_the_number_leaves_muted_rooms_out(office: Office) -> None:
    me, one, two = office.some(3)
    async with (
        await SocketClient.connect(office, me) as client,
        await SocketClient.connect(office, one) as first,
        await SocketClient.connect(office, two) as second,
    ):
        assert await client.ask("news.get") == {"unread": 0}
        room, other = await client.create(one), await client.create(two)
        for _ in range(3):
            await first.send(room, "hello")
        await second.send(other, "hello")
        assert await client.ask("news.get") == {"unread": 4}
        await client.ask("room.preferences", room=room, muted=True)
        news = await client.ask("news.get", since=LONG_AGO)
        assert news["unread"] == 1
        assert rooms_of(news) == [other]
        await client.ask("read.mark", room=other, seq=1)
        assert await client.ask("news.get", since=LONG_AGO) == {"unread": 0}


async def test_only_what_is_newer_than_the_moment_asked_for_is_news(office: Office) -> None:
    me, one, two = office.some(3)
    async with (
        await SocketClient.connect(office, me) as client,
        await SocketClient.connect(office, one) as first,
        await SocketClient.connect(office, two) as second,
    ):
        old, new = await client.create(one), await client.create(two)
        at = (await first.send(old, "before"))["at"]
        await pause()
        await second.send(new, "after")
        assert rooms_of(await client.ask("news.get", since=at)) == [new]
        assert rooms_of(await client.ask("news.get", since=at - 1)) == [new, old]
        assert rooms_of(await client.ask("news.get", since=2**53 - 1)) == []
        news = await client.ask("news.get", since=at)
        assert news["rooms"][0]["room"]["last"]["body"] == "after"
        assert news["rooms"] == [(await client.ask("room.get", room=new))["room"]]


async def test_my_own_last_word_is_no_news(office: Office) -> None:
    me, one = office.some(2)
    async with (
        await SocketClient.connect(office, me) as client,
        await SocketClient.connect(office, one) as other,
    ):
        room = await client.create(one)
        await other.send(room, "a question")
        await client.send(room, "an answer")
        news = await client.ask("news.get", since=LONG_AGO)
        assert rooms_of(news) == []
        assert news["unread"] == sum(recount_unread(office, me.id).values())


async def test_at_most_five_rooms_are_named_the_newest_first(office: Office) -> None:
    me, *others = office.some(8)
    async with await SocketClient.connect(office, me) as client:
        rooms = []
        for other in others:
            rooms.append(await client.create(other))
            async with await SocketClient.connect(office, other) as theirs:
                await theirs.send(rooms[-1], "hello")
            await pause()
        news = await client.ask("news.get", since=LONG_AGO)
        assert rooms_of(news) == rooms[:-6:-1]
        assert news["unread"] == len(rooms)


async def test_rest_says_the_same(office: Office) -> None:
    me, one = office.some(2)
    async with (
        await SocketClient.connect(office, me) as client,
        await SocketClient.connect(office, one) as other,
    ):
        await other.send(await other.create(me), "hello")
        with office.rest(me.token) as rest:
            assert rest.get("/api/me/news").json() == await client.ask("news.get") == {"unread": 1}
            since = rest.get("/api/me/news", params={"since": LONG_AGO}).json()
            assert since == await client.ask("news.get", since=LONG_AGO)
            for wrong in ("-1", "x", str(2**53)):
                assert rest.get("/api/me/news", params={"since": wrong}).status_code == 400
        assert await client.refusal("news.get", since=-1) == "invalid"


# Any history


class Step(NamedTuple):
    kind: str
    person: int
    room: int
    number: int


KINDS = ["send"] * 5 + ["read", "read", "mute", "leave", "remove", "invite", "rename"]
steps = st.builds(
    Step,
    kind=st.sampled_from(KINDS),
    person=st.integers(0, PEOPLE - 1),
    room=st.integers(0, 3),
    number=st.integers(0, 9),
)


@given(history=st.lists(steps, min_size=5, max_size=40), since=st.integers(0, 40))
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)
def test_after_any_history_the_news_equal_a_recount(office: Office, history: list[Step], since: int) -> None:
    asyncio.run(live(office, history, since))


async def live(office: Office, history: list[Step], since: int) -> None:
    people = office.some(PEOPLE)
    clients = [await SocketClient.connect(office, person) for person in people]
    moments = [round(time.time() * 1000)]
    try:
        _, two, three = people
        rooms = [
            await clients[0].create(two), await clients[0].create(three), await clients[1].create(three),
            (await clients[0].ask("room.create", client_id=new_key(), people=ids((two, three))))["room"][
                "room"
            ]["id"],
        ]  # fmt: skip
        for step in history:
            await act(clients[step.person], people, rooms[step.room], step)
            moments.append(round(time.time() * 1000))
            await pause()
        for person, client in zip(people, clients, strict=True):
            await compare(office, person, client, moments[since % len(moments)])
            await compare(office, person, client, LONG_AGO)
    finally:
        for client in clients:
            await client.close()


async def act(client: SocketClient, people: list[Person], room: str, step: Step) -> None:
    other = people[step.number % PEOPLE].id
    kinds: dict[str, tuple[str, dict[str, Any]]] = {
        "send": ("message.send", {"client_id": new_key(), "body": "x"}),
        "read": ("read.mark", {"seq": step.number}),
        "mute": ("room.preferences", {"muted": bool(step.number % 2)}),
        "leave": ("room.leave", {}),
        "remove": ("room.remove", {"person": other}),
        "invite": ("room.invite", {"client_id": new_key(), "people": [other]}),
        "rename": ("room.rename", {"name": f"n{step.number}", "scope": "all"}),
    }
    command, fields = kinds[step.kind]
    asked = await client.post(command, room=room, **fields)
    # Who has left, or is no master, is refused.
    await asyncio.gather(asked, return_exceptions=True)


async def compare(office: Office, person: Person, client: SocketClient, since: int) -> None:
    news = await client.ask("news.get", since=since)
    counted = recount_unread(office, person.id)
    query = "SELECT room_id FROM members WHERE user_id = ? AND muted = 1"
    muted = {room for (room,) in office.rows(query, person.id)}
    assert news["unread"] == sum(count for room, count in counted.items() if room not in muted)
    listed = (await client.ask("rooms.list")).get("rooms", [])
    expected = [
        view
        for view in listed
        if counted[view["room"]["id"]]
        and not view["mine"].get("muted")
        and view["room"]["last"]["at"] > since
        and view["room"]["last"]["sender"] != person.id
    ]
    expected.sort(key=lambda view: view["room"]["last"]["at"], reverse=True)
    assert news.get("rooms", []) == expected[:5]
