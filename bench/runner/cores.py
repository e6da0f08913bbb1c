"""The server (with its database) has one core to itself, the load generator another."""

from __future__ import annotations

import os
import resource
from collections.abc import Callable

AVAILABLE = sorted(os.sched_getaffinity(0))
SERVER = AVAILABLE[0]
LOAD = AVAILABLE[-1]
APART = SERVER != LOAD


def pin(core: int) -> Callable[[], None]:
    """For `preexec_fn`: the started process and its children stay on this core; they may open many files."""

    def prepare() -> None:
        os.sched_setaffinity(0, {core})
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    return prepare
