"""Figures of the writer, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

COMMIT_SECONDS = Histogram(
    "sendjay_commit_seconds",
    "Time to write and commit one group",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
CHECKPOINT_SECONDS = Histogram(
    "sendjay_checkpoint_seconds",
    "Time to write SQLite's log back into the database, beside the writer",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
GROUP_SIZE = Histogram(
    "sendjay_commit_group_size",
    "Commands in one committed group",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
WRITER_QUEUE = Gauge("sendjay_writer_queue", "Commands handed to the writer and not yet answered")
WRITER_QUEUE_BYTES = Gauge("sendjay_writer_queue_bytes", "Memory that these commands take, roughly")
STATEMENTS = Counter(
    "sendjay_database_statements", "Statements given to the database, BEGIN and COMMIT aside"
)
READ_WAIT_SECONDS = Histogram(
    "sendjay_read_wait_seconds",
    "Time from asking to a reader that begins: all of them are busy where it grows",
    buckets=(0.0005, 0.002, 0.005, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
DATABASE_ERRORS = Counter(
    "sendjay_database_errors", "Failures that the database told of, retried ones included", ["work"]
)
REFUSALS = Counter("sendjay_refusals", "Work sent away for later, to protect the rest, by reason", ["reason"])
