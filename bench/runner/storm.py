"""storm.*: everybody is connected, the server is restarted; how long until all are back and in sync."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace

from bench.runner import load, server
from bench.runner.dialects import SENDJAY, Dialect
from bench.runner.line import Line
from bench.runner.load import Result
from bench.runner.metrics import metric
from bench.runner.population import Population, blocks
from bench.runner.say import say
from bench.runner.seats import Seat

ROOMS_EACH = 20
MISSED = 2
"""Rooms of each client that moved while it was away: their rows come with the answer to hello."""
JITTER = "SENDJAY_BENCH_JITTER"
GENERATION = 1
"""Of everybody's place, as it was seeded: whoever comes back goes on with it."""


@dataclass(frozen=True)
class Storm:
    name: str = "storm.2000"
    people: int = 2000
    is_compared: bool = True
    """With the same storm when all wait alike."""

    def run(self) -> Line:
        """With the waits of the web client (full jitter), then with all of them alike."""
        asked = float(os.environ.get(JITTER, "1"))
        spread = self._storm(asked)
        alike = self._storm(0) if self.is_compared and asked else None
        doubts = [] if spread["in_sync"] == self.people else ["not everybody came back"]
        return Line(
            self.name, spread["seconds"], "s", spread["p50_ms"], spread["p99_ms"],
            yardsticks={"jitter_0_s": alike["seconds"]} if alike else {},
            doubts=doubts,
            more={
                "clients": self.people, "rooms_each": ROOMS_EACH, "jitter": asked,
                "queries_per_client": spread["queries"],
                "attempts_per_client": spread["attempts"] / self.people,
                "server_away_s": spread["until_first_s"],
            }
            | (
                {
                    "jitter_0_attempts_per_client": alike["attempts"] / self.people,
                    "jitter_0_p99_ms": alike["p99_ms"],
                }
                if alike
                else {}
            ),
        )  # fmt: skip

    def _storm(self, jitter: float) -> Result:
        population = blocks(self.people, 100, ROOMS_EACH, messages=3)
        with server.running(population) as running:
            target = replace(running.target, dialect=_coming_back(population))
            with load.started("storm", target, running.seats, jitter=jitter) as process:
                load.line_of(process, target)
                running.restart()
                result = load.line_of(process, target)
                # Counted since the server's start, what its own start needs included.
                result["queries"] = metric(target, "sendjay_database_statements_total") / self.people
                result["in_sync"] = result["opened"]
        seconds, queries = result["seconds"], result["queries"]
        say(f"{self.name}: jitter {jitter:g}: {seconds:.1f} s, {queries:.2f} queries a client")
        return result


def _coming_back(population: Population) -> Dialect:
    """The hello of somebody who was here before: the place of then, and what was held, two rooms short."""
    held: dict[str, dict[str, list[int]]] = {}
    for room in population.rooms:
        for person in room.people:
            rooms = held.setdefault(person, {})
            rooms[room.room] = [room.version - (len(rooms) < MISSED), -1]

    def hello(seat: Seat) -> str:
        sync = {"rooms": held.get(seat.user, {}), "personal": 1}
        place = {"claim": False, "generation": GENERATION}
        command = {"id": 1, "cmd": "hello", "token": seat.token, "sync": sync, "place": place}
        return json.dumps(command, separators=(",", ":"))

    return replace(SENDJAY, hello=hello)


FIGURES = [Storm(), Storm("storm.5000", 5000, is_compared=False)]
