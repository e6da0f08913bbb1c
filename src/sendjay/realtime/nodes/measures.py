"""How what comes from other nodes fits together, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

EARLY = Counter("sendjay_nodes_early", "Events of a room that came before those that belong before them")
OLD = Counter("sendjay_nodes_old", "Events of a room that had been told already, and were dropped")
HOLES = Counter("sendjay_nodes_holes", "Holes in what the bus brought, read from the database")
BEHIND = Counter("sendjay_nodes_behind", "Rooms and people asked to sync, where rows did not say enough")
ROOMS = Gauge("sendjay_nodes_rooms", "Rooms that somebody at this node is in")
SWEEPS = Counter("sendjay_nodes_sweeps", "Times the database was asked what the bus lost", ["result"])
LOST = Counter("sendjay_nodes_lost", "Other nodes of which nothing was heard any more")
