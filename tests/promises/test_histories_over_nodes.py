"""G4, G5 and G8 over two nodes: after any history, wherever each device was, it holds the fresh state.

The histories are those of test_state.py; a device that comes back comes to either node, and now and then
Redis throws everybody out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from tests.databases.choice import chosen_database
from tests.model_client import ModelClient
from tests.nodes import Nodes, run_nodes
from tests.promises.conftest import FAST_TALKERS
from tests.promises.test_state import HISTORIES, PEOPLE, Action, World, histories, history_settings

OVER_NODES = max(8, HISTORIES // 3)


@pytest.fixture(scope="module", autouse=True)
def database() -> Iterator[None]:
    with chosen_database("postgresql"):
        yield


@pytest.fixture(scope="module")
def nodes(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    people = PEOPLE * min(OVER_NODES + 20, 400)
    with run_nodes(tmp_path_factory.mktemp("nodes"), people, **FAST_TALKERS) as nodes:
        yield nodes


class WorldOverNodes(World):
    """The same four people; their devices begin at both nodes in turn."""

    def __init__(self, nodes: Nodes) -> None:
        super().__init__(nodes.here, nodes.here.some(PEOPLE))
        self.nodes = nodes
        for number, device in enumerate(self.devices):
            device.server = nodes.both[number % 2]

    async def act(self, action: Action) -> None:
        device = self.devices[action.device]
        if action.kind == "connect" and device.client is None:
            device.server = self.nodes.both[action.number % 2]
        await super().act(action)

    async def do_typing(self, device: ModelClient, action: Action) -> None:
        if action.number < 5:
            await asyncio.to_thread(self.nodes.redis.say, "CLIENT", "KILL", "TYPE", "pubsub")
        await super().do_typing(device, action)


@given(history=histories)
@settings(**history_settings() | {"max_examples": OVER_NODES})
def test_old_state_with_events_and_sync_is_the_fresh_state_over_two_nodes(
    nodes: Nodes, history: list[list[Action]]
) -> None:
    asyncio.run(WorldOverNodes(nodes).live(history))
