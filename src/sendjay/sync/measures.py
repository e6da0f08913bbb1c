"""How resuming went, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter

SYNC_OUTCOMES = Counter("sendjay_sync_rooms", "Rooms answered by sync", ["outcome"])
SYNC_FAILURES = Counter("sendjay_sync_failures", "Resumes that had no answer, to be tried again")
