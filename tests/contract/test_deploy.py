"""The files for running it for real name only what there is, and leave a stop the time it needs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sendjay.settings import Settings
from sendjay.workers.supervisor import STOP_SECONDS
from tests.contract.test_docs import check_command, program

CHECKOUT = Path(__file__).parents[2]
DEPLOY = CHECKOUT / "deploy"
UNIT = (DEPLOY / "systemd/sendjay.service").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
NODES = [service for service in COMPOSE["services"].values() if service["image"] == "sendjay"]


@pytest.mark.parametrize("file", ["systemd/sendjay.service", "Dockerfile", "compose.yaml"])
def test_every_setting_named_exists(file: str) -> None:
    text = (DEPLOY / file).read_text(encoding="utf-8")
    known = {f"SENDJAY_{name.upper()}" for name in Settings.__struct_fields__} | {"SENDJAY_CONFIG"}
    assert set(re.findall(r"(?<!\{)\bSENDJAY_[A-Z_]+(?=[=:])", text)) <= known


def test_the_commands_exist() -> None:
    for line in re.findall(r"sendjay (serve.*|user add.*)", UNIT + DOCKERFILE.replace('", "', " ")):
        check_command(program(), re.sub(r'["\]]', "", line).split())


def test_a_stop_has_the_time_that_it_may_take() -> None:
    for node in NODES:
        notice = float(node["environment"]["SENDJAY_DRAIN_SECONDS"])
        assert int(node["stop_grace_period"].rstrip("s")) > notice + STOP_SECONDS
    given = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert given
    assert int(given[1]) > Settings().drain_seconds + STOP_SECONDS


def test_nodes_have_what_they_share_and_only_what_is_their_own() -> None:
    assert len(NODES) > 1
    assert len({str(node["volumes"]) for node in NODES}) == len(NODES)
    assert len({str(node["environment"]) for node in NODES}) == 1
    proxy = COMPOSE["services"]["nginx"]["networks"]["inside"]["ipv4_address"]
    assert NODES[0]["environment"]["SENDJAY_TRUSTED_PROXIES"] == proxy
    named = set(re.findall(r"server (\w+):8080", (DEPLOY / "nginx/sendjay.conf").read_text()))
    assert named == {name for name, service in COMPOSE["services"].items() if service in NODES}


def test_what_must_be_told_stands_in_the_example() -> None:
    wanted = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    given = set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE))
    assert wanted <= given


def test_the_image_runs_as_nobody_in_particular_and_copies_what_is_there() -> None:
    assert re.findall(r"^USER (\w+)", DOCKERFILE, re.MULTILINE) == ["sendjay"]
    assert "HEALTHCHECK" in DOCKERFILE
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (CHECKOUT / source).exists(), source
            let_in = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
            assert f"!{source.split('/')[0]}" in let_in, source


def test_the_unit_is_closed_to_the_rest_of_the_machine() -> None:
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateDevices=yes"):
        assert f"\n{line}\n" in UNIT
    assert "\nKillMode=mixed\n" in UNIT, "the supervisor tells its workers, once"
