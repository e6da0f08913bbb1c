"""Figures of the live connections, for /metrics."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Numbers
from collections.abc import Iterator

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

CONNECTIONS = Gauge("sendjay_connections", "Open connections that are live", ["device"])
PARKED = Gauge("sendjay_parked", "Open connections that wait until their person comes back to them")
DELIVERIES = Counter("sendjay_deliveries", "Frames handed to connections by fan-out")
CLOSES = Counter("sendjay_closes", "Connections closed by the server", ["code"])
LOOP_LAG = Histogram(
    "sendjay_event_loop_lag_seconds",
    "How late the event loop came to what was due, looked at four times a second",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5, 30),
)


class CommandFigures(Collector):
    """How many commands there were, with which result, and how long they took.

    Plain numbers, since all of it happens on the event loop: prometheus_client's own take a lock each time,
    which costs more than decoding the command.
    """

    BOUNDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)

    def __init__(self) -> None:
        self._results: Numbers[tuple[str, str]] = Numbers()
        self._slots: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def count(self, cmd: str, result: str) -> None:
        """One command more; `cmd` is empty for what was none."""
        self._results[cmd, result] += 1

    def took(self, cmd: str, seconds: float) -> None:
        """From a command to its answer."""
        slots = self._slots.get(cmd)
        if slots is None:
            slots = self._slots[cmd] = [0] * (len(self.BOUNDS) + 1)
            self._seconds[cmd] = 0.0
        slots[bisect_left(self.BOUNDS, seconds)] += 1
        self._seconds[cmd] += seconds

    def collect(self) -> Iterator[Metric]:
        results = CounterMetricFamily(
            "sendjay_commands", "Commands by result; cmd is empty for what was none", labels=["cmd", "result"]
        )
        for labels, number in list(self._results.items()):
            results.add_metric(labels, number)
        yield results
        times = HistogramMetricFamily(
            "sendjay_command_seconds", "Time from a command to its answer", labels=["cmd"]
        )
        for cmd, slots in list(self._slots.items()):
            times.add_metric([cmd], self._buckets(slots), self._seconds[cmd])
        yield times

    def _buckets(self, slots: list[int]) -> list[tuple[str, float]]:
        """Cumulative, as Prometheus has them."""
        names = (*map(str, self.BOUNDS), "+Inf")
        return [(name, sum(slots[: number + 1])) for number, name in enumerate(names)]


COMMANDS = CommandFigures()
REGISTRY.register(COMMANDS)
