"""What the bus promises, over a real Redis: order, no echo, no waiting, and coming back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from sendjay.realtime.bus.bus import BusDown
from sendjay.realtime.bus.measures import BUS_DROPPED
from sendjay.realtime.bus.open import open_bus
from sendjay.realtime.bus.redis import QUEUE_BYTES, RedisBus
from tests.redis_server import RedisServer

pytestmark = pytest.mark.asyncio

Heard = list[tuple[str, bytes]]
Join = Callable[..., Awaitable[tuple[RedisBus, Heard]]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.stop()


@pytest.fixture
async def join(server: RedisServer) -> AsyncIterator[Join]:
    """Makes nodes' ends of the bus; each comes with the list of what it hears."""
    joined: list[RedisBus] = []

    async def join(url: str = "", prefix: str = "one") -> tuple[RedisBus, Heard]:
        bus = open_bus(url or server.url)
        assert isinstance(bus, RedisBus)
        heard: Heard = []
        for letter in "rupn":
            bus.on(letter, lambda name, said, letter=letter: heard.append((f"{letter}:{name}", said)))
        await bus.start(prefix)
        joined.append(bus)
        return bus, heard

    yield join
    for bus in joined:
        await bus.stop()


async def until(condition: Callable[[], object], seconds: float = 8.0) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < end, "it did not come about"
        await asyncio.sleep(0.01)


async def test_who_listens_hears_all_in_order_and_nobody_hears_themselves(join: Join) -> None:
    (one, heard_by_one), (two, heard_by_two), (_, heard_by_three) = [await join() for _ in range(3)]
    for bus in (one, two):
        bus.subscribe(["r:a", "u:b"])
        assert await bus.settled()
    for number in range(3000):
        one.publish("r:a" if number % 2 else "u:b", b"%d" % number)
    one.publish(f"n:{two.node}", b"to you")
    one.publish("n:all", b"to all")
    await until(lambda: len(heard_by_two) == 3002)
    talk = [("r:a" if number % 2 else "u:b", b"%d" % number) for number in range(3000)]
    assert heard_by_two == [*talk, (f"n:{two.node}", b"to you"), ("n:all", b"to all")]
    await until(lambda: heard_by_three == [("n:all", b"to all")])
    assert heard_by_one == []


async def test_who_has_left_a_channel_hears_it_no_more_and_can_come_back(join: Join) -> None:
    (one, _), (two, heard) = await join(), await join()
    two.subscribe(["r:a"])
    assert await two.settled()
    two.unsubscribe(["r:a"])
    assert await two.settled()
    one.publish("r:a", b"unheard")
    two.unsubscribe(["r:b"])
    two.subscribe(["r:b"])
    assert await two.settled()
    one.publish("r:b", b"heard")
    await until(lambda: heard)
    assert heard == [("r:b", b"heard")]


async def test_installations_on_one_redis_do_not_hear_each_other(join: Join) -> None:
    (one, _), (other, heard) = await join(), await join(prefix="other")
    other.subscribe(["r:a"])
    assert await other.settled()
    one.publish("r:a", b"not yours")
    one.publish("n:all", b"nor this")
    await one.ask("PING")
    assert heard == []
    assert one.key("lease") != other.key("lease")


async def test_plain_commands_one_by_one_and_in_one_go(join: Join) -> None:
    one, _ = await join()
    key = one.key("count")
    assert await one.ask("INCRBY", key, 3) == 3
    assert await one.ask_all([("GET", key), ("LPUSH", key, "x"), ("DEL", key)]) is not None
    with pytest.raises(BusDown):
        await one.ask("NO-SUCH-COMMAND")


async def test_killed_and_started_again_empty_it_hears_again_all_that_it_listened_to(
    tmp_path: Path, join: Join
) -> None:
    server = RedisServer(tmp_path).start()
    try:
        (one, _), (two, heard) = await join(server.url), await join(server.url)
        states: list[bool] = []
        two.when_changed(states.append)
        two.subscribe(["r:a"])
        assert await two.settled()
        server.kill()
        await until(lambda: not one.is_up and not two.is_up)
        dropped = BUS_DROPPED.labels("down")._value.get()
        one.publish("r:a", b"lost")
        assert BUS_DROPPED.labels("down")._value.get() == dropped + 1
        assert not await two.settled()
        with pytest.raises(BusDown):
            await one.ask("PING")
        two.subscribe(["r:b"])
        server.start()
        await until(lambda: one.is_up and two.is_up)
        assert states == [False, True]
        one.publish("r:a", b"as before")
        one.publish("r:b", b"asked for meanwhile")
        await until(lambda: len(heard) == 2)
        assert heard == [("r:a", b"as before"), ("r:b", b"asked for meanwhile")]
    finally:
        server.stop()


async def test_a_redis_that_hangs_is_noticed_holds_up_nobody_and_takes_a_bounded_amount(
    tmp_path: Path, join: Join
) -> None:
    server = RedisServer(tmp_path).start()
    try:
        (one, _), (two, heard) = await join(server.url), await join(server.url)
        two.subscribe(["r:a"])
        assert await two.settled()
        server.pause()
        block = b"x" * 65536
        before = BUS_DROPPED.labels("full")._value.get()
        for _ in range(3 * QUEUE_BYTES // len(block)):
            one.publish("r:a", block)
        assert BUS_DROPPED.labels("full")._value.get() > before
        await until(lambda: not one.is_up and not two.is_up)
        server.resume()
        await until(lambda: one.is_up and two.is_up)
        one.publish("r:a", b"back")
        await until(lambda: heard[-1:] == [("r:a", b"back")])
    finally:
        server.stop()


async def test_a_node_that_starts_without_redis_starts_all_the_same(tmp_path: Path, join: Join) -> None:
    server = RedisServer(tmp_path)
    bus, _ = await join(server.url)
    assert not bus.is_up
    try:
        server.start()
        await until(lambda: bus.is_up)
    finally:
        server.stop()


async def test_one_word_that_its_hearer_stumbles_over_costs_nothing_else(join: Join) -> None:
    (one, _), (two, heard) = await join(), await join()

    def stumble(name: str, said: bytes) -> None:
        heard.append((name, said))
        raise ValueError(said)

    two.on("r", stumble)
    two.subscribe(["r:a"])
    assert await two.settled()
    one.publish("r:a", b"1")
    one.publish("r:a", b"2")
    await until(lambda: len(heard) == 2)
    assert two.is_up


async def test_by_sentinels_to_the_new_master_when_the_old_one_is_gone(tmp_path: Path, join: Join) -> None:
    master = RedisServer(tmp_path, "--requirepass", "hush").start()
    replica = RedisServer(
        tmp_path,
        "--replicaof",
        "127.0.0.1",
        str(master.port),
        "--masterauth",
        "hush",
        "--requirepass",
        "hush",
    )
    watch = RedisServer(tmp_path, sentinel=True)
    try:
        replica.start()
        watch.start()
        watch.say("SENTINEL", "MONITOR", "talk", "127.0.0.1", str(master.port), "1")
        for name, value in (
            ("auth-pass", "hush"),
            ("down-after-milliseconds", "500"),
            ("failover-timeout", "3000"),
        ):
            watch.say("SENTINEL", "SET", "talk", name, value)
        url = f"redis+sentinel://:hush@127.0.0.1:1,127.0.0.1:{watch.port}/talk/0"
        (one, _), (two, heard) = await join(url), await join(url)
        await until(lambda: b"127.0.0.1" in watch.say("SENTINEL", "REPLICAS", "talk"))
        two.subscribe(["r:a"])
        assert await two.settled()
        one.publish("r:a", b"by the master")
        await until(lambda: heard)
        await asyncio.sleep(1.5)
        master.kill()
        await until(lambda: not one.is_up and not two.is_up)
        await until(lambda: one.is_up and two.is_up, 20)
        one.publish("r:a", b"by the new one")
        await until(lambda: len(heard) == 2)
        assert await two.ask("SET", two.key("x"), "1") in (b"OK", True)
    finally:
        for each in (watch, replica, master):
            each.stop()


async def test_in_a_cluster_news_and_keys_reach_everybody(tmp_path: Path, join: Join) -> None:
    servers = [
        RedisServer(tmp_path, "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1").start()
        for _ in range(3)
    ]
    try:
        for number, server in enumerate(servers):
            first, last = number * 5462, min((number + 1) * 5462, 16384) - 1
            server.say("CLUSTER", "ADDSLOTSRANGE", str(first), str(last))
            server.say("CLUSTER", "MEET", "127.0.0.1", str(servers[0].port))
        await until(lambda: all(b"cluster_state:ok" in each.say("CLUSTER", "INFO") for each in servers), 20)
        # Until each has a line to each, one does not pass on to the others what is published.
        await until(
            lambda: all(each.say("CLUSTER", "NODES").count(b" connected") == 3 for each in servers), 20
        )
        url = "redis+cluster://" + ",".join(f"127.0.0.1:{each.port}" for each in servers)
        nodes = [await join(url) for _ in range(4)]
        for bus, _ in nodes:
            bus.subscribe(["r:a"])
            assert await bus.settled()
        for bus, _ in nodes:
            bus.publish("r:a", bus.node.encode())
        await until(lambda: all(len(heard) == 3 for _, heard in nodes))
        keys = [nodes[0][0].key(name) for name in "abcdef"]
        await nodes[0][0].ask_all([("SET", key, "1") for key in keys])
        assert [await nodes[1][0].ask("GET", key) for key in keys] == [b"1"] * 6
    finally:
        for server in servers:
            server.stop()
