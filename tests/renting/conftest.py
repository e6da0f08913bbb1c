"""The example market with a messenger of its own, and browsers on phones."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.conftest import CHROMIUM
from tests.embed_page.portal_site import free_port
from tests.embed_page.visitor import Visitor
from tests.items.shop import make_token
from tests.serving import Office, run_office

PROGRAM = Path(__file__).parents[2] / "examples" / "market" / "market.py"
SECRET = "what the market and its messenger share, and nobody else"
READY_SECONDS = 20
PHONE = {"width": 390, "height": 844}

TakeVisitor = Callable[[], Visitor]


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def office(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(
        tmp_path_factory.mktemp("office"),
        people=4,
        embed_origins=f"http://localhost:{port}",
        embed_secret=SECRET,
        embed_creates_people="true",
        several_connections="false",
        item_warning="앱 밖에서 돈을 보내지 마세요.",
        item_warning_words="계좌",
        # As the market should be run: its people are strangers to each other.
        directory_shows="met",
    )


@pytest.fixture(scope="module")
def market(office: Office, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    folder = tmp_path_factory.mktemp("market")
    (folder / "secret.txt").write_text(SECRET)
    (folder / "token.txt").write_text(make_token(office, "items", "deals"))
    command = [sys.executable, str(PROGRAM), "--port", str(port), "--messenger", office.url]
    command += ["--secret", str(folder / "secret.txt"), "--token", str(folder / "token.txt")]
    command += ["--database", str(folder / "market.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], READY_SECONDS)
    line = process.stdout.readline() if readable else ""
    assert f"http://localhost:{port}" in line, line
    yield f"http://localhost:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, "--test-third-party-cookie-phaseout"]
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def take_visitor(browser: Browser, market: str) -> Iterator[TakeVisitor]:
    """Somebody with a phone of their own."""
    taken: list[Visitor] = []

    def take() -> Visitor:
        options = {"locale": "ko-KR", "viewport": PHONE, "has_touch": True, "reduced_motion": "reduce"}
        visitor = Visitor(browser.new_context(**options), market)
        taken.append(visitor)
        return visitor

    yield take
    for visitor in taken:
        visitor.leave()
