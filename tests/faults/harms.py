"""What may go wrong, each with its mending."""

from __future__ import annotations

import asyncio
import random
import signal
from contextlib import suppress

import pymysql

from tests.databases.maria import Maria
from tests.faults.world import World


async def kill_a_node(world: World, chance: random.Random) -> None:
    node = chance.choice(world.nodes)
    node.kill()
    await asyncio.sleep(chance.random() * 2)
    await asyncio.to_thread(node.start)


async def stall_a_node(world: World, chance: random.Random) -> None:
    """Its event loop stands still, its connections stay open."""
    node = chance.choice(world.nodes)
    node.signal(signal.SIGSTOP)
    await asyncio.sleep(2 + chance.random() * 2)
    node.signal(signal.SIGCONT)


async def kill_redis(world: World, chance: random.Random) -> None:
    """It comes back empty."""
    world.redis.kill()
    await asyncio.sleep(chance.random() * 3)
    await asyncio.to_thread(world.redis.start)


async def pause_redis(world: World, chance: random.Random) -> None:
    world.redis.pause()
    await asyncio.sleep(1 + chance.random() * 3)
    world.redis.resume()


async def part_a_node_from_redis(world: World, chance: random.Random) -> None:
    """Lines stay open and nothing passes; the other node has Redis all the time."""
    world.redis_line.drop()
    await asyncio.sleep(2 + chance.random() * 3)
    world.redis_line.mend()


async def kill_the_database(world: World, chance: random.Random) -> None:
    world.database.kill()
    await asyncio.sleep(chance.random() * 2)
    await asyncio.to_thread(world.database.start)


async def slow_the_database_down(world: World, chance: random.Random) -> None:
    """For one node: every word to it and from it takes a while."""
    world.database_line.delay(0.05 + chance.random() * 0.1)
    await asyncio.sleep(2 + chance.random() * 2)
    world.database_line.mend()


async def part_a_node_from_the_database(world: World, chance: random.Random) -> None:
    """It hangs in the middle of what it was writing, holding its locks."""
    world.database_line.drop()
    await asyncio.sleep(2 + chance.random() * 2)
    world.database_line.mend()


async def take_all_connections(world: World, chance: random.Random) -> None:
    """Others hold all that the database gives; those of the nodes are thrown out."""
    assert isinstance(world.database, Maria)
    # Had in time: afterwards there is none for whoever wants to mend it, either.
    with _connect(world.database) as own, own.cursor() as cursor:
        cursor.execute("SET GLOBAL max_connections = 10")
        cursor.execute("SELECT id FROM information_schema.processlist WHERE db = 'office'")
        numbers = [number for (number,) in cursor.fetchall()]
        held: list[pymysql.Connection] = []
        for number in numbers:
            with suppress(pymysql.MySQLError):
                cursor.execute(f"KILL {number}")
            with suppress(pymysql.MySQLError):
                held.append(_connect(world.database))
        await asyncio.sleep(2 + chance.random() * 2)
        for connection in held:
            connection.close()
        cursor.execute("SET GLOBAL max_connections = 200")


async def make_the_database_read_only(world: World, chance: random.Random) -> None:
    assert isinstance(world.database, Maria)
    world.database.execute("SET GLOBAL read_only = 1")
    await asyncio.sleep(2 + chance.random() * 2)
    world.database.execute("SET GLOBAL read_only = 0")


def _connect(database: Maria) -> pymysql.Connection:
    return pymysql.connect(host="127.0.0.1", port=database.port, user="root", connect_timeout=5)
