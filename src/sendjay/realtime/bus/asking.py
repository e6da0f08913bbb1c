"""Plain Redis commands, for what nodes share beside news. Nobody is kept waiting by a Redis that is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.exceptions import RedisError

from sendjay.realtime.bus.address import ANSWER_SECONDS
from sendjay.realtime.bus.bus import Argument, BusDown


async def ask(client: Any, words: Sequence[Argument]) -> Any:
    """One command's raw answer. Raises BusDown."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await client.execute_command(*words)
    except (RedisError, OSError, TimeoutError) as error:
        raise BusDown from error


async def ask_all(client: Any, commands: Sequence[Sequence[Argument]]) -> list[Any]:
    """Several in one go; an answer may be an Exception. Raises BusDown."""
    pipeline = client.pipeline(transaction=False)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            for words in commands:
                pipeline.execute_command(*words)
            return await pipeline.execute(raise_on_error=False)
    except (RedisError, OSError, TimeoutError) as error:
        raise BusDown from error
