"""python -m bench.runner [--list] [--only NAME]"""

from __future__ import annotations

import argparse
import os
import sys
import time
import traceback
from typing import Protocol

from bench.runner import (
    connections,
    cores,
    databases,
    fairness,
    fanout,
    files,
    items,
    load,
    nodes,
    questions,
    search,
    storm,
)
from bench.runner.line import Line, rounded
from bench.runner.say import say


class Figure(Protocol):
    @property
    def name(self) -> str: ...

    def run(self) -> Line: ...


FIGURES: list[Figure] = [
    *fanout.FIGURES,
    *databases.FIGURES,
    *connections.FIGURES,
    *questions.FIGURES,
    *search.FIGURES,
    *items.FIGURES,
    *files.FIGURES,
    *storm.FIGURES,
    *fairness.FIGURES,
    *nodes.FIGURES,
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="sendjay bench", description="Takes this machine's figures.")
    parser.add_argument("--list", action="store_true", help="name the figures")
    parser.add_argument("--only", metavar="NAME", help="take one figure")
    parser.add_argument(
        "--jitter",
        metavar="J",
        help="storm: 1 (as the web client): waits from nothing to the longest; 0: all alike",
    )
    arguments = parser.parse_args()
    if arguments.jitter is not None:
        os.environ[storm.JITTER] = arguments.jitter
    if arguments.list:
        print("\n".join(figure.name for figure in FIGURES))
        return 0
    chosen = [figure for figure in FIGURES if arguments.only in (None, figure.name)]
    if not chosen:
        print(
            f"There is no figure called {arguments.only}; `sendjay bench --list` names them.", file=sys.stderr
        )
        return 2
    return take(chosen)


def take(figures: list[Figure]) -> int:
    load.build()
    if not cores.APART:
        say("there is only one core: no figure will be valid")
    lines: list[Line] = []
    failed = 0
    for figure in figures:
        started = time.monotonic()
        try:
            line = figure.run()
        except Exception:
            # One figure that cannot be taken must not cost the others.
            traceback.print_exc()
            failed += 1
            line = Line(figure.name, 0, "", doubts=["it could not be taken: see the error above"])
        print(line.as_json(), flush=True)
        say(f"{figure.name}: {time.monotonic() - started:.0f} s")
        lines.append(line)
    print_table(lines)
    return 1 if failed else 0


def print_table(lines: list[Line]) -> None:
    print(
        f"\n{'figure':<20}{'value':>11} {'unit':<15}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}  ", file=sys.stderr
    )
    for line in lines:
        cells = [rounded(cell) for cell in (line.ratio, line.p50_ms, line.p99_ms)]
        ratio, p50, p99 = ("–" if cell is None else f"{cell:,}" for cell in cells)
        note = "not valid: " + "; ".join(line.doubts) if line.doubts else ""
        value = f"{rounded(line.value):,}"
        print(
            f"{line.name:<20}{value:>11} {line.unit:<15}{ratio:>7}{p50:>9}{p99:>9}  {note}", file=sys.stderr
        )
        held = ", ".join(f"{name} {rounded(value):,}" for name, value in line.yardsticks.items())
        if held:
            print(f"{'':<20}beside {held}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
