"""What the disk itself takes: 4 KB appended and fdatasync'ed over and over, in a directory given.

python fdatasync.py DIRECTORY SECONDS     prints {"p50_ms": …, "p99_ms": …, "p999_ms": …}
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time


def quantile(values: list[float], share: float) -> float:
    return round(values[min(len(values) - 1, int(share * len(values)))] * 1000, 3)


def main(directory: str, seconds: float) -> None:
    page, times = b"x" * 4096, []
    with tempfile.NamedTemporaryFile(dir=directory) as file:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            started = time.perf_counter()
            os.write(file.fileno(), page)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    times.sort()
    print(json.dumps({name: quantile(times, share) for name, share in
                      (("p50_ms", 0.5), ("p99_ms", 0.99), ("p999_ms", 0.999))}))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
