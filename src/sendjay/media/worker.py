"""The worker process: one task at a time from its input; who started it kills it when that takes too long.

`python -m sendjay.media.worker`. Its limits stand before anything is opened: memory, open files, the size of
what it writes.
"""

from __future__ import annotations

import json
import os
import resource
import sys

MEMORY_BYTES = 2_000_000_000
FILE_BYTES = 50_000_000
OPEN_FILES = 64


def limit_myself() -> None:
    # Talk goes first.
    os.nice(10)
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    limit_myself()
    # Only now: what they load counts as well.
    from sendjay.media.pictures import Unfit, look_at_picture, look_at_video, make_card, make_photo

    tasks = {"picture": look_at_picture, "video": look_at_video, "photo": make_photo, "card": make_card}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            told = tasks[asked["task"]](asked["source"], asked["target"])
        except Unfit:
            told = {}
        except Exception as error:
            told = {"error": type(error).__name__}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
