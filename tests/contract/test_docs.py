"""What the documentation names is there: settings, commands, routes, make's targets, files and links."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from litestar import Litestar

from sendjay.app import SOCKET_PATH, Messenger, create_rest
from sendjay.cli import build
from sendjay.settings import Settings

CHECKOUT = Path(__file__).parents[2]
PAGES = [
    CHECKOUT / "README.md",
    CHECKOUT / "README.ko.md",
    *sorted(CHECKOUT.glob("docs/**/*.md")),
    CHECKOUT / "bench/README.md",
    CHECKOUT / "web/core/README.md",
    CHECKOUT / "deploy/README.md",
]
MADE = ("bench/build", "src/sendjay/web_dist")
"""Folders that are made when they are needed."""
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(CHECKOUT)))


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def table_rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table after a heading, without its head."""
    lines = text.partition(f"\n{heading}\n")[2].splitlines()
    table = itertools.takewhile(
        lambda line: line.startswith("|"), itertools.dropwhile(lambda line: not line.startswith("|"), lines)
    )
    return [[cell.strip("` ") for cell in line.strip("|").split("|")] for line in table][2:]


def test_the_settings_are_those_of_the_code_with_the_same_defaults() -> None:
    rows = table_rows(read(CHECKOUT / "docs/running.md"), "## Settings")
    documented = {name: json.loads(default) for name, default, _ in rows}
    assert documented == msgspec.to_builtins(Settings())


def test_the_example_of_a_settings_file_is_accepted() -> None:
    example = re.search(r"```toml\n(.*?)```", read(CHECKOUT / "docs/running.md"), re.DOTALL)
    assert example
    msgspec.convert(tomllib.loads(example[1]), Settings)


def test_every_environment_variable_named_is_a_setting() -> None:
    known = {f"SENDJAY_{name.upper()}" for name in Settings.__struct_fields__}
    known |= {"SENDJAY_CONFIG", "SENDJAY_TEST_NO_SKIP"}
    for page in PAGES:
        found = set(re.findall(r"\bSENDJAY_[A-Z_]+[A-Z]\b", read(page)))
        assert found <= known, page


def program() -> Any:
    return typer.main.get_command(build())


@EVERY_PAGE
def test_every_command_named_exists_with_its_options(page: Path) -> None:
    for line in re.findall(r"\bsendjay ([a-z][^`\n]*)", in_code(read(page))):
        check_command(program(), line.split())


def in_code(text: str) -> str:
    """Only what stands in code, joined by lines."""
    fenced = re.findall(r"```(?:sh|ini)\n(.*?)```", text, re.DOTALL)
    fenced = [re.sub(r"#.*", "", block) for block in fenced]
    return "\n".join([*fenced, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))])


def check_command(command: Any, words: list[str]) -> None:
    shown = " ".join(words)
    while words and hasattr(command, "commands"):
        name = words.pop(0).rstrip(".,;:)")
        assert name in command.commands, f"sendjay {shown}"
        command = command.commands[name]
    options = {option for parameter in command.params for option in parameter.opts}
    named = {word for word in words if word.startswith("--")}
    assert named <= options | {"--help"}, f"sendjay {shown}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    return create_rest(Messenger(Settings(data_dir=str(tmp_path_factory.mktemp("data")))))


@EVERY_PAGE
def test_every_address_named_is_served(page: Path, app: Litestar) -> None:
    served = {re.sub(r"{[^}]+}", "{}", path) for path in app.openapi_schema.paths or {}}
    served |= {re.sub(r"{[^}]+}", "{}", route.path) for route in app.routes} | {SOCKET_PATH}
    for path in re.findall(r"`(?:GET |POST |PUT |PATCH |DELETE )?(/[a-z][a-z/{}_-]*)[^`]*`", read(page)):
        if (path + "/").startswith(("/api/", "/ws/", "/healthz/", "/readyz/", "/metrics/")):
            wanted = re.sub(r"{[^}]+}", "{}", path.rstrip("/"))
            assert any(each == wanted or each.startswith(f"{wanted}/") for each in served), path


@EVERY_PAGE
def test_every_target_of_make_named_exists(page: Path) -> None:
    makefile = read(CHECKOUT / "Makefile")
    for target in re.findall(r"\bmake ([a-z][a-z-]*)", in_code(read(page))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@EVERY_PAGE
def test_every_file_named_is_there(page: Path) -> None:
    """Paths in code from the top of the source, such as `src/sendjay/app.py`."""
    for path in re.findall(r"`((?:src|web|tests|bench|docs|scripts|deploy)/[\w./*-]+)`", read(page)):
        assert path.startswith(MADE) or list(CHECKOUT.glob(path.rstrip("/"))), path


@EVERY_PAGE
def test_every_link_leads_somewhere(page: Path) -> None:
    pictures = re.findall(r'<img src="([^"]+)"', read(page))
    for target in re.findall(r"\]\(([^)\s]+)\)", read(page)) + pictures:
        path, _, anchor = target.partition("#")
        if not path.startswith(("http://", "https://")):
            aim = (page.parent / path).resolve() if path else page
            assert aim.exists(), target
            if anchor:
                assert anchor in anchors(read(aim)), target


def anchors(text: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_figure_that_can_be_measured_is_told_of_and_none_else() -> None:
    rows = table_rows(read(CHECKOUT / "bench/README.md"), "## The figures and their yardsticks")
    told = {name.strip("` ") for row in rows for name in row[0].split(",")}
    command = [sys.executable, "-m", "bench.runner", "--list"]
    listed = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout
    assert told == set(listed.split())
