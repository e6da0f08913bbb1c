"""/healthz, /readyz and /metrics: what a load balancer and a monitoring system ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from litestar import Response, Router, get
from litestar.status_codes import HTTP_200_OK, HTTP_503_SERVICE_UNAVAILABLE
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from sendjay.protocol.errors import Refused
from sendjay.realtime.bus.bus import Bus
from sendjay.realtime.loop_watch import LoopWatch
from sendjay.storage.database import Database
from sendjay.storage.durability import DurabilityWatch
from sendjay.storage.migrate import fits
from sendjay.storage.writer import Writer

READ_SECONDS = 3.0
SHARED_SECONDS = 1.0
"""Anybody may ask, as often as they like: the database is asked once for all who ask within this time."""
CLOCKS_APART_SECONDS = 30
"""Tokens are judged by this machine's clock."""

Figures = Callable[[], Awaitable[str]]


def own_figures() -> str:
    """Those of this process, as Prometheus text."""
    return generate_latest().decode()


class Health:
    """Can this node do its work?"""

    def __init__(self, database: Database, writer: Writer, bus: Bus, loop: LoopWatch) -> None:
        self._database = database
        self._writer = writer
        self._bus = bus
        self._loop = loop
        self._watch = DurabilityWatch(database)
        self._asking: asyncio.Task[list[str]] | None = None
        self._asked_at = 0.0
        self.stopping = False
        self._figures: Figures | None = None

    def when_figures_asked(self, figures: Figures) -> None:
        """This node is one of several workers: `figures` are those of all."""
        self._figures = figures

    async def figures(self) -> str:
        """Prometheus text."""
        return own_figures() if self._figures is None else await self._figures()

    async def problems(self) -> list[str]:
        """Why it is not ready; empty when it is."""
        found = ["stopping"] if self.stopping else []
        if not self._writer.is_alive():
            found.append("the writer has stopped")
        return found + await self._shared_database_problems()

    def impairments(self) -> list[str]:
        """What is not as it should be while it keeps its promises all the same."""
        found: list[str] = []
        if not self._bus.is_up:
            found.append("the bus (Redis) does not answer: news from other nodes come seconds late")
        if self._loop.is_slow():
            found.append("the event loop is late: this node has more to do than it can")
        return found

    async def _shared_database_problems(self) -> list[str]:
        """As they were at most a second ago."""
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._asked_at >= SHARED_SECONDS):
            self._asking, self._asked_at = asyncio.ensure_future(self._database_problems()), now
        # One that goes away takes nobody else's answer along.
        return await asyncio.shield(self._asking)

    async def _database_problems(self) -> list[str]:
        found: list[str] = []
        try:
            async with asyncio.timeout(READ_SECONDS):
                if not await self._database.read(fits):
                    found.append("the database's schema is of a version that this one cannot work with")
                found += [
                    f"the database may not be used: {each.what}" for each in await self._watch.dangers()
                ]
                found += await self._clock_problems()
        except (TimeoutError, SQLAlchemyError, Refused):
            found.append("the database does not answer")
        return found

    async def _clock_problems(self) -> list[str]:
        await self._database.read(self._database.clock)
        ahead = self._database.clock_offset_seconds()
        if abs(ahead) <= CLOCKS_APART_SECONDS:
            return []
        which = "ahead of" if ahead > 0 else "behind"
        return [f"this machine's clock is {abs(ahead):.0f} seconds {which} the database's"]


def create_router(health: Health, *, metrics: bool) -> Router:
    @get("/healthz", exclude_from_auth=True, sync_to_thread=False)
    def alive() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @get("/readyz", exclude_from_auth=True)
    async def ready() -> Response[dict[str, object]]:
        """It can do its work (`degraded` says what is amiss all the same); otherwise 503 and why not."""
        problems, degraded = await health.problems(), health.impairments()
        state = "not ready" if problems else "degraded" if degraded else "ok"
        return Response(
            {"status": state, "problems": problems, "degraded": degraded},
            status_code=HTTP_503_SERVICE_UNAVAILABLE if problems else HTTP_200_OK,
        )

    @get("/metrics", exclude_from_auth=True, include_in_schema=False)
    async def measures() -> Response[str]:
        """Prometheus text; of several workers, all of them."""
        return Response(await health.figures(), media_type=CONTENT_TYPE_LATEST)

    return Router("/", route_handlers=[alive, ready, *([measures] if metrics else [])], tags=["health"])
