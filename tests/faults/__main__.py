"""Many seeds by hand: `python -m tests.faults --database mariadb --seeds 100 [--harm kill_redis]`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.faults import harms
from tests.faults.story import Harm, live_through
from tests.faults.world import DATABASES, run_world

COMMON: dict[str, Harm] = {
    harm.__name__: harm
    for harm in (
        harms.kill_a_node,
        harms.stall_a_node,
        harms.kill_redis,
        harms.pause_redis,
        harms.part_a_node_from_redis,
        harms.kill_the_database,
        harms.slow_the_database_down,
        harms.part_a_node_from_the_database,
    )
}
OF_MARIADB: dict[str, Harm] = {
    harm.__name__: harm for harm in (harms.make_the_database_read_only, harms.take_all_connections)
}


def main() -> None:
    """Goes on until a promise is broken; the seed that broke it is in the message, to be run again."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--database", choices=sorted(DATABASES), default="postgresql")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--harm", choices=[*COMMON, *OF_MARIADB])
    options = parser.parse_args()
    known = COMMON | (OF_MARIADB if options.database == "mariadb" else {})
    chosen = [known[options.harm]] if options.harm else list(known.values())
    for seed in range(options.first, options.first + options.seeds):
        with (
            tempfile.TemporaryDirectory() as folder,
            run_world(Path(folder), options.database, seed) as world,
        ):
            for harm in chosen:
                outcome = asyncio.run(live_through(world, harm))
                told = ", ".join(sorted(outcome.codes)) or "nothing"
                sys.stdout.write(
                    f"seed {seed} {harm.__name__}: {outcome.acked} acknowledged, all well after "
                    f"{outcome.recovered_in:.1f} s, put off with {told}\n"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    main()
