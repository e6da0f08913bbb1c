"""The Grafana dashboard shows only figures that /metrics has, and all that the promises are watched by."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.parser import text_string_to_metric_families

import sendjay

CHECKOUT = Path(__file__).parents[2]
DASHBOARD = json.loads((CHECKOUT / "deploy/grafana/sendjay.json").read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
OF_THE_PROCESS = {
    "process_cpu_seconds",
    "process_resident_memory_bytes",
    "process_open_fds",
    "process_max_fds",
}
"""prometheus_client's own."""
WATCHED = (
    "sendjay_connections",
    "sendjay_closes",
    "sendjay_commands",
    "sendjay_command_seconds",
    "sendjay_refusals",
    "sendjay_sync_rooms",
    "sendjay_sync_failures",
    "sendjay_commit_seconds",
    "sendjay_commit_group_size",
    "sendjay_writer_queue",
    "sendjay_read_wait_seconds",
    "sendjay_database_errors",
    "sendjay_bus_up",
    "sendjay_bus_lag_seconds",
    "sendjay_bus_dropped",
    "sendjay_event_loop_lag_seconds",
)


def families() -> dict[str, set[str]]:
    """All that this version can tell: family -> names of its samples."""
    source = Path(sendjay.__file__).parent
    for file in source.rglob("measures.py"):
        importlib.import_module("sendjay." + ".".join(file.relative_to(source).with_suffix("").parts))
    text = generate_latest(REGISTRY).decode()
    suffixes = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("_total",)}
    return {
        family.name: {family.name + suffix for suffix in suffixes.get(family.type, ("",))}
        for family in text_string_to_metric_families(text)
        if family.name.startswith("sendjay_") or family.name in OF_THE_PROCESS
    }


def asked() -> set[str]:
    expressions = [target["expr"] for panel in PANELS for target in panel["targets"]]
    return {name for each in expressions for name in re.findall(r"\b(?:sendjay|process)_\w+", each)}


def test_every_figure_of_the_dashboard_is_told_by_the_server() -> None:
    known = {sample for samples in families().values() for sample in samples}
    assert asked() <= known


def test_what_the_promises_are_watched_by_is_on_the_dashboard() -> None:
    known = families()
    for name in WATCHED:
        assert known[name] & asked(), name


def test_every_figure_that_the_pages_name_is_told() -> None:
    known = {sample for samples in families().values() for sample in samples} | set(families())
    known |= {name.removesuffix("_total") for name in known}
    for page in sorted((CHECKOUT / "docs").glob("operations*.md")):
        named = set(re.findall(r"`((?:sendjay|process)_[a-z_]+)`", page.read_text(encoding="utf-8")))
        assert named
        assert named <= known, page


def test_the_dashboard_is_one_that_grafana_can_load() -> None:
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(identifiers)) == len(identifiers)
    variables = {variable["name"] for variable in DASHBOARD["templating"]["list"]}
    for panel in PANELS:
        assert panel["targets"], panel["title"]
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        for target in panel["targets"]:
            used = set(re.findall(r"\$(\w+)", target["expr"])) - {"__rate_interval"}
            assert used <= variables, panel["title"]
            assert target["expr"].count("(") == target["expr"].count(")"), panel["title"]
