"""direct.durable and fanout.*: messages sent, stored and delivered, with so many in flight per room."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.runner import disk, load, server, yardsticks
from bench.runner.line import Line, busy, server_share, throughput_doubts
from bench.runner.load import Result, Target
from bench.runner.population import apart
from bench.runner.say import say
from bench.runner.seats import Seat, seats_of
from bench.runner.seed import seed

FULL_SECONDS, HALF_SECONDS, YARDSTICK_SECONDS = 4.0, 4.0, 3.0
NAP_US, NAP_LONE_US = 100, 50
"""How long the load generator looks away between two turns: see bench/README.md."""
GROUP_LIMIT = 512


@dataclass(frozen=True)
class Fanout:
    name: str
    rooms: int
    size: int
    in_flight: int
    measure: str = "deliveries_s"
    unit: str = "deliveries/s"
    waits: bool = False
    """Too little is in flight to keep a core busy: the figure is that of a round trip."""
    libraries: bool = True
    """Beside the bare server, the usual libraries are measured too."""
    steady: float = 0
    """Messages a second for which there is an aim of its own; latency is measured at this rate too."""

    def run(self) -> Line:
        population = apart(self.rooms, self.size)
        with server.running(population) as running:
            full = self.full(running.target, running.seats, FULL_SECONDS)
            half = self.half(running.target, running.seats, full)
            steady = self.at_steady_rate(running.target, running.seats)
        with tempfile.TemporaryDirectory(prefix="sendjay-disk-") as folder:
            synced = disk.fdatasync(Path(folder))
            group = min(GROUP_LIMIT, self.rooms * self.in_flight)
            database = Path(folder, "sendjay.db")
            seed(database, population)
            committed = disk.group_commit(database, population, group)
        seats = seats_of(population)
        held = [yardsticks.bare(full["event_bytes"]), *(yardsticks.LIBRARIES if self.libraries else ())]
        readings = {
            each.name: yardsticks.measured(each, lambda target: self._beside(target, seats)) for each in held
        }
        others = {name: reading for name, reading in readings.items() if reading}
        bare = others["bare_asyncio"]
        return Line(
            self.name, full[self.measure], self.unit, half["p50_ms"], half["p99_ms"],
            yardsticks={name: result[self.measure] for name, result in others.items()}
            | {"sqlite_group_commit_rows_s": committed},
            ratio=full[self.measure] / bare[self.measure],
            doubts=self.doubts(full, "the server") + self.doubts(bare, "the bare server"),
            in_flight=self.in_flight,
            fdatasync_p999_ms=synced["p999_ms"],
            more={
                "rooms": self.rooms, "connections": self.rooms * self.size,
                "messages_s": round(full["messages_s"]),
                "full_p50_ms": full["p50_ms"], "full_p99_ms": full["p99_ms"], "half_rate_s": half["rate"],
                **steady,
                "event_bytes": full["event_bytes"], "fdatasync_p50_ms": synced["p50_ms"], **busy(full),
                "yardsticks_busy": {name: round(server_share(result), 2) for name, result in others.items()},
            },
        )  # fmt: skip

    def full(self, target: Target, seats: list[Seat], seconds: float) -> Result:
        nap = NAP_LONE_US if self.waits else NAP_US
        return load.run("fanout", target, seats, in_flight=self.in_flight, seconds=seconds, warmup=1, nap=nap)

    def half(self, target: Target, seats: list[Seat], full: Result) -> Result:
        """Latency is that of half the load: at full load it is only the length of the queue."""
        rate = round(max(1.0, full["messages_s"] / 2), 1)
        say(f"{self.name}: {full[self.measure]:,.0f} {self.unit}; latency at {rate:,.0f} messages/s")
        return load.run("rate", target, seats, rate=rate, seconds=HALF_SECONDS, warmup=1) | {"rate": rate}

    def at_steady_rate(self, target: Target, seats: list[Seat]) -> dict[str, float]:
        if not self.steady:
            return {}
        result = load.run("rate", target, seats, rate=self.steady, seconds=HALF_SECONDS, warmup=1)
        say(f"{self.name}: at {self.steady:,.0f} messages/s p99 {result['p99_ms']} ms")
        return {
            "steady_rate_s": self.steady,
            "steady_p50_ms": result["p50_ms"], "steady_p99_ms": result["p99_ms"],
        }  # fmt: skip

    def _beside(self, target: Target, seats: list[Seat]) -> Result:
        result = self.full(target, seats, YARDSTICK_SECONDS)
        say(f"{self.name}: {target.name} {result[self.measure]:,.0f} {self.unit}")
        return result

    def doubts(self, result: Result, who: str) -> list[str]:
        return throughput_doubts(result, who, waits=self.waits)


FIGURES = [
    Fanout("direct.durable", 500, 2, 1, "messages_s", "messages/s", steady=5_000),
    Fanout("fanout.20", 50, 20, 16),
    Fanout("fanout.100", 10, 100, 16),
    Fanout("fanout.100.lone", 1, 100, 1, waits=True),
    Fanout("fanout.1000", 1, 1000, 16),
    Fanout("fanout.1000.lone", 1, 1000, 1, waits=True, libraries=False),
]
