"""Anybody may ask whether a node is ready: a flood of such questions does not reach the database."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import httpx

from tests.serving import Office, eventually

QUESTION = 6
"""Statements that one question of whether the node is ready costs, at most."""
BESIDE = 8
"""Statements a second that the server makes of its own accord, at most."""


async def flood(office: Office, times: int) -> Counter[int]:
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=office.url, limits=limits, timeout=30, trust_env=False) as client:
        answers = await asyncio.gather(*(client.get("/readyz") for _ in range(times)))
    return Counter(answer.status_code for answer in answers)


async def test_two_hundred_questions_at_once_cost_the_database_one_a_second(office: Office) -> None:
    assert await flood(office, 1) == {200: 1}
    before, began = office.measure("sendjay_database_statements_total"), time.monotonic()
    for _ in range(3):
        assert await flood(office, 200) == {200: 200}
    seconds = time.monotonic() - began
    asked = office.measure("sendjay_database_statements_total") - before
    assert asked <= (seconds + 1) * (QUESTION + BESIDE)


async def test_a_change_is_seen_within_the_second_all_the_same(office: Office) -> None:
    (version,) = office.rows("SELECT version_num FROM alembic_version")[0]
    with office.rest() as rest:
        assert rest.get("/readyz").status_code == 200
        office.change("UPDATE alembic_version SET version_num = '9999'")
        try:
            assert eventually(lambda: rest.get("/readyz").status_code == 503, 2)
        finally:
            office.change("UPDATE alembic_version SET version_num = ?", version)
        assert eventually(lambda: rest.get("/readyz").status_code == 200, 2)


async def test_who_goes_away_takes_nobody_elses_answer_along(office: Office) -> None:
    async with httpx.AsyncClient(base_url=office.url, timeout=30, trust_env=False) as client:
        for _ in range(5):
            await asyncio.sleep(0.25)
            leaving = [asyncio.create_task(client.get("/readyz")) for _ in range(10)]
            staying = [asyncio.create_task(client.get("/readyz")) for _ in range(10)]
            await asyncio.sleep(0)
            for task in leaving:
                task.cancel()
            await asyncio.gather(*leaving, return_exceptions=True)
            assert {answer.status_code for answer in await asyncio.gather(*staying)} == {200}
