"""What our server counts of itself."""

from __future__ import annotations

import urllib.request

from bench.runner.load import Target


def metric(target: Target, name: str) -> float:
    """The sum over all labels of one name in /metrics."""
    with urllib.request.urlopen(f"http://127.0.0.1:{target.port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    found = [float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name]
    if not found:
        raise RuntimeError(f"The server has no {name}.")
    return sum(found)
