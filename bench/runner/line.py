"""A figure as it is printed, and when it counts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bench.runner import cores
from bench.runner.load import Result

SERVER_BUSY = 0.90
LOAD_BUSY = 0.85


@dataclass
class Line:
    name: str
    value: float
    unit: str
    p50_ms: float | None = None
    p99_ms: float | None = None
    yardsticks: dict[str, float] = field(default_factory=dict)
    ratio: float | None = None
    """`value` over the bare limit's, measured with the same load in the same run."""
    doubts: list[str] = field(default_factory=list)
    """Why the figure does not count."""
    in_flight: int | None = None
    fdatasync_p999_ms: float | None = None
    more: dict[str, Any] = field(default_factory=dict)
    """What helps to judge the figure: how busy the cores were, how many connections there were."""

    def as_json(self) -> str:
        head = {"name": self.name, "value": rounded(self.value), "unit": self.unit}
        middle = {
            "p50_ms": rounded(self.p50_ms),
            "p99_ms": rounded(self.p99_ms),
            "yardsticks": {name: rounded(value) for name, value in self.yardsticks.items()},
            "ratio": rounded(self.ratio),
            "valid": not self.doubts,
            "why": "; ".join(self.doubts) or None,
            "in_flight": self.in_flight,
            "fdatasync_p999_ms": rounded(self.fdatasync_p999_ms),
        }
        return json.dumps(
            {**head, **{key: value for key, value in middle.items() if value is not None}, **self.more}
        )


def rounded(value: float | None) -> float | None:
    if value is None:
        return None
    return round(value) if abs(value) >= 1000 else round(value, 3 if abs(value) < 10 else 1)


def server_share(result: Result) -> float:
    """The server's share of the time its core was given: what the host took away is nobody's."""
    return float(result["server_busy"]) / max(0.01, 1 - float(result["core_stolen"]))


def throughput_doubts(result: Result, who: str = "the server", *, waits: bool = False) -> list[str]:
    """A throughput counts only while the server's core is the limit and the load generator's is not.

    `waits`: with one message in flight the server waits for the disk and the client by design; that its core
    rests meanwhile is no doubt.
    """
    doubts: list[str] = []
    if not cores.APART:
        doubts.append("server and load share the only core")
    share, load = server_share(result), float(result["load_busy"])
    taken = float(result["core_busy"]) - float(result["server_busy"])
    if taken > 0.1:
        doubts.append(f"other processes took {taken:.0%} of the core of {who}")
    elif share < SERVER_BUSY and not waits:
        doubts.append(f"{who} was busy only {share:.0%} of its core's time")
    if load >= LOAD_BUSY:
        doubts.append(f"the load generator was busy {load:.0%} of its core's time with {who}")
    return doubts


def busy(result: Result) -> dict[str, float]:
    return {"server_busy": round(server_share(result), 3), "load_busy": round(float(result["load_busy"]), 3)}
