"""Figures of the bus, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

BUS_UP = Gauge("sendjay_bus_up", "1 while what this node says on the bus comes back to it")
BUS_LAG = Histogram(
    "sendjay_bus_lag_seconds",
    "From saying something on the bus to hearing it, once a second",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2),
)
BUS_SAID = Counter("sendjay_bus_said", "What this node published on the bus")
BUS_HEARD = Counter("sendjay_bus_heard", "What other nodes said and this one heard")
BUS_DROPPED = Counter("sendjay_bus_dropped", "Not published: the bus was down, or its queue full", ["why"])
BUS_BREAKS = Counter("sendjay_bus_breaks", "Times the bus went down")
BUS_CHANNELS = Gauge("sendjay_bus_channels", "Channels this node listens to")
