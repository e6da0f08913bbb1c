"""What waits for one thread, taken from so many lanes in turn that no lane makes the others wait."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

Job = TypeVar("Job")

AT_ONE_TURN = 8
"""Jobs that a lane gives before the next one has its turn."""


class Lanes(Generic[Job]):
    """First in, first out within a lane; between lanes, turn by turn."""

    def __init__(self) -> None:
        self._lanes: dict[str, deque[Job]] = {}
        self._turns: deque[str] = deque()

    def __bool__(self) -> bool:
        return bool(self._turns)

    def put(self, lane: str, job: Job) -> None:
        waiting = self._lanes.get(lane)
        if waiting is None:
            waiting = self._lanes[lane] = deque()
            self._turns.append(lane)
        waiting.append(job)

    def take(self, most: int, of_one_lane: int) -> list[Job]:
        """Up to `most` jobs, and of each lane about `of_one_lane`."""
        taken: list[Job] = []
        for _ in range(max(1, of_one_lane // AT_ONE_TURN)):
            for _ in range(len(self._turns)):
                if len(taken) >= most:
                    return taken
                self._take_turn(taken, most)
        return taken

    def _take_turn(self, taken: list[Job], most: int) -> None:
        lane = self._turns.popleft()
        waiting = self._lanes[lane]
        count = min(AT_ONE_TURN, len(waiting), most - len(taken))
        taken.extend(waiting.popleft() for _ in range(count))
        if waiting:
            self._turns.append(lane)
        else:
            del self._lanes[lane]
