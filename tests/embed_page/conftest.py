"""A messenger, a portal on another origin, and a browser that gives no cookies to third parties."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.conftest import CHROMIUM
from tests.embed_page.colleague import Colleague
from tests.embed_page.host_site import HostSite
from tests.embed_page.portal_site import PortalSite, free_port
from tests.embed_page.visitor import Visitor
from tests.serving import Office, run_office

SECRET = "what the portal and the messenger share, and nobody else"

INTRANET = "intranet.test"
"""A name that pages over plain http have no locks and no notifications under; at `localhost` they would."""

TakeVisitor = Callable[..., Visitor]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = [
            *ARGUMENTS,
            "--test-third-party-cookie-phaseout",
            f"--host-resolver-rules=MAP {INTRANET} 127.0.0.1",
        ]
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def portal_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def host_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def office(portal_port: int, host_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """It takes in whom the portal vouches for."""
    yield from run_office(
        tmp_path_factory.mktemp("office"),
        people=24,
        embed_origins=",".join(
            (
                f"http://localhost:{portal_port}",
                f"http://localhost:{host_port}",
                f"http://{INTRANET}:{host_port}",
            )
        ),
        embed_secret=SECRET,
        embed_creates_people="true",
        several_connections="false",
    )


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portal") / "secret.txt"
    path.write_text(SECRET)
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def portal(office: Office, portal_port: int, secret: Path) -> Iterator[PortalSite]:
    site = PortalSite(portal_port, office.url, secret)
    yield site
    site.stop()


@pytest.fixture(scope="module")
def host(office: Office, host_port: int) -> Iterator[HostSite]:
    site = HostSite(host_port, office.url, SECRET)
    yield site
    site.stop()


@pytest.fixture
def colleague(office: Office) -> Colleague:
    return Colleague(office, office.some(1)[0])


@pytest.fixture
def take_visitor(browser: Browser, portal: PortalSite) -> Iterator[TakeVisitor]:
    """A browser of somebody's own, before the portal."""
    taken: list[Visitor] = []

    def take(url: str | None = None, **options: object) -> Visitor:
        size = {"width": 1280, "height": 800}
        settings = {"locale": "ko-KR", "viewport": size, "reduced_motion": "reduce"} | options
        visitor = Visitor(browser.new_context(**settings), url or portal.url)
        taken.append(visitor)
        return visitor

    yield take
    for visitor in taken:
        visitor.leave()


@pytest.fixture
def visitor(take_visitor: TakeVisitor) -> Visitor:
    return take_visitor()


def pictures() -> Path | None:
    """Where to leave pictures of what was seen, for a person to look at: $SENDJAY_PICTURES."""
    folder = os.environ.get("SENDJAY_PICTURES")
    return Path(folder) if folder else None
