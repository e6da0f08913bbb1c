from __future__ import annotations

from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
BUILD = BENCH / "build"
LOAD_SOURCES = BENCH / "load"
YARDSTICKS = BENCH / "yardsticks"
