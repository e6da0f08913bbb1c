"""fairness: what a flood in one large room does to those who talk elsewhere."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.runner import load, server
from bench.runner.line import Line
from bench.runner.load import Result, Target
from bench.runner.metrics import metric
from bench.runner.population import Population, apart
from bench.runner.say import say
from bench.runner.seats import Seat, seats_of

SECONDS = 4.0
RATE = 300.0
"""Messages a second between those who talk elsewhere."""
FLOOD_IN_FLIGHT = 16
TWICE = 2.0


@dataclass(frozen=True)
class Fairness:
    name: str = "fairness"
    crowd: int = 5000
    """Members of the flooded room, all of them online."""
    pairs: int = 200

    def run(self) -> Line:
        crowd, pairs = apart(1, self.crowd), apart(self.pairs, 2, "pair")
        everybody = Population(crowd.people + pairs.people, crowd.rooms + pairs.rooms)
        with server.running(everybody) as running:
            tokens = {seat.user: seat.token for seat in running.seats}
            target, talking = running.target, seats_of(pairs, tokens)
            before = self._talk(target, talking)
            with _flooded(target, seats_of(crowd, tokens)):
                told = metric(target, "sendjay_deliveries_total")
                during = self._talk(target, talking)
                told = metric(target, "sendjay_deliveries_total") - told
        times = during["p99_ms"] / before["p99_ms"]
        say(f"{self.name}: p99 {before['p99_ms']:.1f} ms, {during['p99_ms']:.1f} ms beside a flood")
        return Line(
            self.name, times, "x normal p99", during["p50_ms"], during["p99_ms"],
            yardsticks={"normal_p50_ms": before["p50_ms"], "normal_p99_ms": before["p99_ms"]},
            ratio=times,
            doubts=[] if told > self.crowd * SECONDS else ["there was no flood"],
            more={
                "crowd": self.crowd, "pairs": self.pairs, "messages_s": RATE,
                "flood_in_flight": FLOOD_IN_FLIGHT, "flood_deliveries_s": round(told / SECONDS),
            },
        )  # fmt: skip

    def _talk(self, target: Target, seats: list[Seat]) -> Result:
        return load.run("rate", target, seats, rate=RATE, seconds=SECONDS, warmup=1)


@contextmanager
def _flooded(target: Target, seats: list[Seat]) -> Generator[None]:
    """Meanwhile the room's messages follow each other as fast as they are told to everybody."""
    options = {"in_flight": FLOOD_IN_FLIGHT, "seconds": 60, "warmup": 0, "nap": 100}
    with load.started("fanout", target, seats, **options) as process:
        # Both generators share a core: the one that takes times goes first.
        os.setpriority(os.PRIO_PROCESS, process.pid, 19)
        until = time.monotonic() + 60
        while metric(target, "sendjay_deliveries_total") < len(seats):
            if process.poll() is not None or time.monotonic() > until:
                raise load.LoadError("the flood did not begin")
            time.sleep(0.2)
        yield
        process.terminate()


FIGURES = [Fairness()]
