"""A node whose clock is two hours wrong: it says that it is not ready, and what goes through it all the same
has the database's time.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.clients import SocketClient
from tests.databases.choice import chosen_database
from tests.nodes import run_nodes
from tests.promises.conftest import FAST_TALKERS
from tests.serving import eventually

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
NEAR_MS = 60_000


@pytest.mark.parametrize("wrong", ["+2h", "-2h"])
async def test_it_is_not_ready_and_gives_no_wrong_time(tmp_path: Path, wrong: str) -> None:
    if not LIBRARIES:
        pytest.skip("libfaketime is not installed")
    with chosen_database("postgresql"), run_nodes(tmp_path, 4, **FAST_TALKERS) as nodes:
        nodes.there.stop()
        nodes.there.command = [
            "env", f"LD_PRELOAD={LIBRARIES[0]}", f"FAKETIME={wrong}", "FAKETIME_DONT_FAKE_MONOTONIC=1",
            *nodes.there.command,
        ]  # fmt: skip
        nodes.there.start()

        def explained() -> bool:
            with nodes.there.rest() as rest:
                answer = rest.get("/readyz")
            return answer.status_code == 503 and "clock" in answer.text

        assert eventually(explained, 10)
        one, two = nodes.here.some(2)
        async with (
            await SocketClient.connect(nodes.here, one) as here,
            await SocketClient.connect(nodes.there, two) as there,
        ):
            room = await here.create(two)
            for _ in range(3):
                answers = [await client.send(room, "what time is it?") for client in (here, there)]
                assert all(abs(answer["at"] - time.time() * 1000) < NEAR_MS for answer in answers)
            times = [row["at"] for row in await there.timeline(room)]
            assert times == sorted(times)
