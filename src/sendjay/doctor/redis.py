"""Redis, between several nodes: reachable, near, taking writes, and passing on what is published."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

from redis.exceptions import NoPermissionError, RedisError

from sendjay.doctor.finding import Findings
from sendjay.realtime.bus.address import RedisDoor, read_address
from sendjay.settings import Settings

OLDEST = (6, 2)
SLOW_ANSWER_MS = 5.0
EXAMINED_SECONDS = 20
HEARD_SECONDS = 3.0


def examine_redis(settings: Settings, findings: Findings) -> None:
    if not settings.redis_url:
        findings.ok("None is named: one process serves everybody")
        return
    try:
        asyncio.run(_examine(settings, findings))
    except (RedisError, OSError, TimeoutError) as error:
        # The address stays unsaid: it may hold a password.
        says = f"It cannot be used ({str(error) or type(error).__name__})"
        findings.problem(says, "Check redis_url, the network, and that Redis is running")


async def _examine(settings: Settings, findings: Findings) -> None:
    name = f"{settings.redis_prefix or 'sendjay'}:doctor:{secrets.token_hex(8)}"
    door = RedisDoor(read_address(settings.redis_url))
    try:
        async with asyncio.timeout(EXAMINED_SECONDS):
            try:
                _examine_server(await door.client.execute_command("INFO"), findings)
            except NoPermissionError:
                findings.ok("It does not tell this account about itself")
            await _examine_answers(door, name, findings)
            await _examine_news(door, name, findings)
    finally:
        await door.close()


def _examine_server(info: dict[str, Any], findings: Findings) -> None:
    version = str(info["redis_version"])
    if tuple(map(int, version.split(".")[:2])) < OLDEST:
        findings.problem(
            f"Redis {version} is too old", f"Take Redis {OLDEST[0]}.{OLDEST[1]} or later, or Valkey"
        )
    else:
        findings.ok(f"Redis {version}")
    if info.get("role") != "master":
        findings.problem(
            "It is a replica, which takes no writes", "Name the master, or the Sentinels, in redis_url"
        )
    policy = str(info.get("maxmemory_policy"))
    if int(info.get("maxmemory", 0)) and policy != "noeviction":
        says = f"maxmemory-policy is {policy}: when memory is short, it forgets who is online"
        findings.warning(says, "Set maxmemory-policy noeviction, and give it memory enough")
    if int(info.get("aof_enabled", 0)):
        findings.ok("It writes all to disk (appendonly), which the messenger does not need")


async def _examine_answers(door: RedisDoor, key: str, findings: Findings) -> None:
    times: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        await door.client.execute_command("SET", key, "1", "EX", "5")
        times.append((time.perf_counter() - began) * 1000)
    await door.client.execute_command("DEL", key)
    says = f"It takes writes, and answers in {min(times):.1f} ms"
    if min(times) > SLOW_ANSWER_MS:
        findings.warning(f"{says}: news between nodes wait for it", "Put it near the nodes")
    else:
        findings.ok(says)


async def _examine_news(door: RedisDoor, channel: str, findings: Findings) -> None:
    hearing = await door.open_line()
    try:
        await hearing.send_command("SUBSCRIBE", channel)
        await hearing.read_response(timeout=HEARD_SECONDS)
        await door.client.execute_command("PUBLISH", channel, "news")
        await hearing.read_response(timeout=HEARD_SECONDS)
    except TimeoutError:
        says = "What is published is not heard: nodes would learn of each other's messages only after seconds"
        findings.problem(
            says, "Let no proxy before Redis hold back publish/subscribe, and its ACL allow all channels"
        )
    else:
        findings.ok("What is published is heard")
    finally:
        await hearing.disconnect(nowait=True)
