"""fairness: what a flood in one large room does to those who talk elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from bench.runner import load, server
from bench.runner.line import Line
from bench.runner.load import Result, Target
from bench.runner.metrics import metric
from bench.runner.population import Population, apart
from bench.runner.say import say
from bench.runner.seats import Seat, seats_of

SECONDS = 4.0
ROUNDS = 3
"""Without the flood and beside it in turns; the middle of each counts, for a machine has its moments."""
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
            without: list[Result] = []
            beside: list[Result] = []
            told = 0.0
            with _flooded(target, seats_of(crowd, tokens)) as flood:
                for _ in range(ROUNDS):
                    flood.send_signal(signal.SIGSTOP)
                    without.append(self._talk(target, talking))
                    flood.send_signal(signal.SIGCONT)
                    told -= metric(target, "sendjay_deliveries_total")
                    beside.append(self._talk(target, talking))
                    told += metric(target, "sendjay_deliveries_total")
        return self._line(without, beside, told / ROUNDS)

    def _talk(self, target: Target, seats: list[Seat]) -> Result:
        return load.run("rate", target, seats, rate=RATE, seconds=SECONDS, warmup=1)

    def _line(self, without: list[Result], beside: list[Result], told: float) -> Line:
        normal, during = _middle(without, "p99_ms"), _middle(beside, "p99_ms")
        say(f"{self.name}: p99 {normal:.1f} ms, {during:.1f} ms beside a flood")
        return Line(
            self.name, during / normal, "x normal p99", _middle(beside, "p50_ms"), during,
            yardsticks={"normal_p50_ms": _middle(without, "p50_ms"), "normal_p99_ms": normal},
            ratio=during / normal,
            doubts=[] if told > self.crowd * SECONDS else ["there was no flood"],
            more={
                "crowd": self.crowd, "pairs": self.pairs, "messages_s": RATE, "rounds": ROUNDS,
                "flood_in_flight": FLOOD_IN_FLIGHT, "flood_deliveries_s": round(told / SECONDS),
            },
        )  # fmt: skip


def _middle(results: list[Result], name: str) -> float:
    return median(float(each[name]) for each in results)


@contextmanager
def _flooded(target: Target, seats: list[Seat]) -> Generator[subprocess.Popen[str]]:
    """Meanwhile the room's messages follow each other as fast as they are told to everybody."""
    options = {"in_flight": FLOOD_IN_FLIGHT, "seconds": 120, "warmup": 0, "nap": 100}
    with load.started("fanout", target, seats, **options) as process:
        # Both generators share a core: the one that takes times never waits for this one.
        os.sched_setscheduler(process.pid, os.SCHED_IDLE, os.sched_param(0))
        until = time.monotonic() + 60
        while metric(target, "sendjay_deliveries_total") < len(seats):
            if process.poll() is not None or time.monotonic() > until:
                raise load.LoadError("the flood did not begin")
            time.sleep(0.2)
        yield process
        process.terminate()


FIGURES = [Fairness()]
