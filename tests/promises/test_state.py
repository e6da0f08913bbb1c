"""G4 and G8: after any sequence of actions, what live events and sync have made of an old state is the fresh
state, and unread numbers equal a recount.

SENDJAY_TEST_HISTORIES (default 25) says how many histories are tried; another number tries random ones.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.clients import Json, LostError, RefusedError, ids, new_key
from tests.items.shop import Shop
from tests.model_client import ModelClient
from tests.promises.conftest import FAST_TALKERS
from tests.promises.recount import recount_not_read_by, recount_unread
from tests.serving import Office, Person, run_office

DEFAULT_HISTORIES = 25
HISTORIES = int(os.environ.get("SENDJAY_TEST_HISTORIES", DEFAULT_HISTORIES))
PEOPLE = 4
PROPAGATION_SECONDS = 10.0
EXPECTED = {"not_found", "not_allowed", "invalid", "blocked"}


class Action(NamedTuple):
    """What one device does; numbers are taken modulo what there is."""

    kind: str
    device: int
    room: int
    people: list[int]
    number: int


KINDS = (
    ["send"] * 6 + ["react"] * 3 + ["edit", "revoke", "delete"] * 2 + ["read"] * 4 + ["create"] * 3
    + ["clear", "pin"] + ["invite", "remove", "leave"] * 2 + ["show"] * 3 + ["disconnect"] * 2
    + ["ask", "deal", "card"] * 2 + ["block"] + ["connect"] * 3
    + ["hide", "rename_all", "rename_me", "prefer", "lose", "typing"]
)  # fmt: skip
actions = st.builds(
    Action,
    kind=st.sampled_from(KINDS),
    device=st.integers(0, 5),
    room=st.integers(0, 7),
    people=st.lists(st.integers(0, PEOPLE - 1), max_size=3),
    number=st.integers(0, 30),
)
histories = st.lists(st.lists(actions, min_size=1, max_size=6), min_size=4, max_size=14)


@pytest.fixture(scope="module")
def office(office_folder: Path) -> Iterator[Office]:
    people = PEOPLE * min(HISTORIES + 50, 1000)
    yield from run_office(office_folder, people, **FAST_TALKERS)


@pytest.fixture(scope="module")
def shop(office: Office) -> Shop:
    return Shop(office)


def history_settings() -> dict[str, Any]:
    return {
        "max_examples": HISTORIES,
        "deadline": None,
        "derandomize": HISTORIES == DEFAULT_HISTORIES,
        "database": None,
        "phases": (
            Phase.explicit,
            Phase.generate,
            *((Phase.shrink,) if "SENDJAY_TEST_SHRINK" in os.environ else ()),
        ),
        "suppress_health_check": list(HealthCheck),
        "print_blob": False,
    }


@given(history=histories)
@settings(**history_settings())
def test_old_state_with_events_and_sync_is_the_fresh_state(
    office: Office, shop: Shop, history: list[list[Action]]
) -> None:
    asyncio.run(World(office, office.some(PEOPLE), shop).live(history))


class World:
    """Four people; the first two with a second device."""

    def __init__(self, office: Office, people: list[Person], shop: Shop | None = None) -> None:
        self.office = office
        self.shop = shop
        self.items: list[Json] = []
        """Of the first two people, registered when one of them is first asked about."""
        self.people = people
        self.devices = [ModelClient(office, person) for person in people]
        self.devices += [ModelClient(office, person, 1) for person in people[:2]]
        self.rooms: list[str] = []

    async def live(self, history: list[list[Action]]) -> None:
        try:
            for device in self.devices:
                await device.connect()
            for number, together in enumerate(history):
                await asyncio.gather(*(self.act(action) for action in together))
                if number % 3 == 2:
                    await self.compare()
            await self.compare()
        finally:
            for device in self.devices:
                await device.disconnect()

    # Acting

    async def act(self, action: Action) -> None:
        device = self.devices[action.device]
        try:
            if action.kind == "connect":
                await device.connect()
            elif device.client is not None:
                work: Callable[[ModelClient, Action], Awaitable[None]] = getattr(self, f"do_{action.kind}")
                await work(device, action)
        except RefusedError as refused:
            if refused.code not in EXPECTED:
                raise AssertionError(f"{action}: {refused}\n{self.office.said()[-3000:]}") from refused
        except (LostError, AttributeError):
            # Disconnected by another action of the same moment.
            if device.client is not None:
                raise

    def room(self, action: Action) -> str:
        return self.rooms[action.room % len(self.rooms)] if self.rooms else "none"

    def some(self, action: Action) -> list[str]:
        return ids(tuple(self.people[n] for n in action.people))

    async def do_create(self, device: ModelClient, action: Action) -> None:
        answer = await device.client.ask("room.create", client_id=new_key(), people=self.some(action))
        room = answer["room"]["room"]["id"]
        if room not in self.rooms:
            self.rooms.append(room)

    async def do_send(self, device: ModelClient, action: Action) -> None:
        room = self.room(action)
        carried = (
            {"reply_to": action.number // 2, "mentions": self.some(action)} if action.number % 5 == 0 else {}
        )
        sent = [
            await device.client.post(
                "message.send", room=room, client_id=new_key(), body=f"line {n}", **carried
            )
            for n in range(1 + action.number % 4)
        ]
        for each in sent:
            await each

    async def do_edit(self, device: ModelClient, action: Action) -> None:
        seq, body = 1 + action.number // 2, f"edited {action.number % 4}"
        await device.client.ask("message.edit", room=self.room(action), seq=seq, body=body)

    async def do_revoke(self, device: ModelClient, action: Action) -> None:
        await device.client.ask("message.revoke", room=self.room(action), seq=1 + action.number // 2)

    async def do_delete(self, device: ModelClient, action: Action) -> None:
        seqs = [1 + action.number // 3, 2 + action.number // 2]
        await device.client.ask("message.delete", room=self.room(action), seqs=seqs)

    async def do_clear(self, device: ModelClient, action: Action) -> None:
        await device.client.ask("room.clear", room=self.room(action))

    async def do_pin(self, device: ModelClient, action: Action) -> None:
        seq = 1 + action.number // 2 if action.number % 4 else 0
        await device.client.ask("room.pin", room=self.room(action), seq=seq)

    async def do_react(self, device: ModelClient, action: Action) -> None:
        emoji, seq = "👍😂🙏"[action.number % 3], 1 + action.number // 3
        on = action.number % 4 > 0
        await device.client.ask("message.react", room=self.room(action), seq=seq, emoji=emoji, on=on)

    async def do_invite(self, device: ModelClient, action: Action) -> None:
        people = self.some(action) or [self.people[0].id]
        await device.client.ask("room.invite", client_id=new_key(), room=self.room(action), people=people)

    async def do_leave(self, device: ModelClient, action: Action) -> None:
        await device.client.ask("room.leave", room=self.room(action))

    async def do_remove(self, device: ModelClient, action: Action) -> None:
        person = self.people[action.number % PEOPLE].id
        await device.client.ask("room.remove", room=self.room(action), person=person)

    async def do_rename_all(self, device: ModelClient, action: Action) -> None:
        name = f"Name {action.number}" if action.number % 3 else None
        await device.client.ask("room.rename", room=self.room(action), name=name, scope="all")

    async def do_rename_me(self, device: ModelClient, action: Action) -> None:
        name = f"Mine {action.number}" if action.number % 3 else None
        await device.client.ask("room.rename", room=self.room(action), name=name, scope="me")

    async def do_prefer(self, device: ModelClient, action: Action) -> None:
        name = ("muted", "pinned", "show_members")[action.number % 3]
        await device.client.ask("room.preferences", room=self.room(action), **{name: bool(action.number % 2)})

    async def do_read(self, device: ModelClient, action: Action) -> None:
        await device.client.ask("read.mark", room=self.room(action), seq=action.number)

    async def do_typing(self, device: ModelClient, action: Action) -> None:
        await device.client.ask("typing.set", room=self.room(action), typing=bool(action.number % 2))

    async def do_show(self, device: ModelClient, action: Action) -> None:
        device.show(self.room(action))

    async def do_hide(self, device: ModelClient, action: Action) -> None:
        await device.hide(self.room(action))

    async def do_ask(self, device: ModelClient, action: Action) -> None:
        item = await self.item(action)
        if item is not None:
            said = {"item": item, "client_id": new_key(), "body": "is it free?"}
            answer = await device.client.ask("item.send", **said)
            if answer["room"] not in self.rooms:
                self.rooms.append(answer["room"])

    async def do_card(self, _device: ModelClient, action: Action) -> None:
        item = await self.item(action)
        if item is not None:
            await asyncio.to_thread(self.shop.put, item, status=f"status {action.number % 3}")

    async def do_deal(self, _device: ModelClient, action: Action) -> None:
        item = await self.item(action)
        if item is not None:
            state = ("requested", "reserved", "returned")[action.number % 3]
            asker = self.people[2 + action.number % 2].id
            await asyncio.to_thread(self.shop.deal, item, asker, state, until="2099-01-01")

    async def do_block(self, device: ModelClient, action: Action) -> None:
        person = self.people[action.number % PEOPLE].id
        await device.client.ask("person.block", person=person, on=action.number % 3 == 0)

    async def item(self, action: Action) -> Json | None:
        if self.shop is None:
            return None
        if not self.items:
            self.items = [
                await asyncio.to_thread(self.shop.register, person.id) for person in self.people[:2]
            ]
        return self.items[action.number % len(self.items)]

    async def do_disconnect(self, device: ModelClient, _action: Action) -> None:
        await device.disconnect()

    async def do_lose(self, device: ModelClient, action: Action) -> None:
        """Events get lost for a while; the client notices and asks for sync."""
        device.losing = True
        await asyncio.sleep(action.number / 1000)
        device.losing = False
        await device.sync()

    # Comparing

    async def compare(self) -> None:
        for device in self.devices:
            if device.client is not None:
                await self.compare_one(device)
        person = random.Random(len(self.rooms)).choice(self.people)
        await asyncio.to_thread(self.check_unread, person)

    async def compare_one(self, device: ModelClient) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + PROPAGATION_SECONDS
        fresh = await asyncio.to_thread(device.fresh_state)
        while loop.time() < end:
            await device.client.settle()
            await device.idle()
            if device.state() == fresh:
                return
            await asyncio.sleep(0.02)
        assert device.state() == fresh

    def check_unread(self, person: Person) -> None:
        with self.office.rest(person.token) as rest:
            listed = rest.get("/api/rooms").raise_for_status().json().get("rooms", [])
            told = {view["room"]["id"]: view["mine"]["unread"] for view in listed}
            assert told == recount_unread(self.office, person.id)
            for view in listed:
                last = view["room"].get("last")
                if last is not None:
                    room = view["room"]["id"]
                    answer = rest.get(
                        f"/api/rooms/{room}/messages/{last['seq']}/unread-by"
                    ).raise_for_status()
                    assert answer.json()["people"] == recount_not_read_by(self.office, room, last["seq"])
