"""Chromium, and people in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.desk import Desk
from tests.conftest import CHROMIUM
from tests.serving import Office, run_office

FEATURES_OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "TcpPortRandomizationWin",
    "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
)  # fmt: skip
"""The last such list counts: Playwright's own, and pages of the address bar that cost more than ours."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
]

TakeDesk = Callable[..., Desk]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with its module: while Playwright runs, it holds the thread's event loop from all other tests."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("office"), people=40)


@pytest.fixture
def take_desk(browser: Browser, office: Office) -> Iterator[TakeDesk]:
    """Sits somebody down before a browser of their own: `take_desk(person, phone=True, port=…)`."""
    taken: list[Desk] = []

    def take(person: str, *, phone: bool = False, port: int | None = None, **options: object) -> Desk:
        size = {"width": 390, "height": 780} if phone else {"width": 1280, "height": 800}
        settings = {"locale": "ko-KR", "viewport": size, "reduced_motion": "reduce"} | options
        context = browser.new_context(**settings)
        desk = Desk(context.new_page(), f"http://127.0.0.1:{port or office.port}", person)
        taken.append(desk)
        return desk

    yield take
    for desk in taken:
        desk.leave()
