"""Figures of the live connections, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

CONNECTIONS = Gauge("sendjay_connections", "Open connections that are live", ["device"])
PARKED = Gauge("sendjay_parked", "Open connections that wait until their person comes back to them")
COMMANDS = Counter(
    "sendjay_commands", "Commands by result; cmd is empty for what was none", ["cmd", "result"]
)
COMMAND_SECONDS = Histogram(
    "sendjay_command_seconds",
    "Time from a command to its answer",
    ["cmd"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
DELIVERIES = Counter("sendjay_deliveries", "Frames handed to connections by fan-out")
CLOSES = Counter("sendjay_closes", "Connections closed by the server", ["code"])
