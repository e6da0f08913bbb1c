"""Progress and tables are for people and go to stderr; stdout is for JSON lines alone."""

from __future__ import annotations

import sys


def say(sentence: str) -> None:
    print(f"· {sentence}", file=sys.stderr, flush=True)
