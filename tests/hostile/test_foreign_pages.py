"""Web sites that are no portals of ours, and what they try with the messenger's pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.desk import SECONDS, Desk
from tests.conftest import CHROMIUM
from tests.hostile.foreign_site import foreign_site
from tests.serving import Office, run_office

pytestmark = pytest.mark.browser

OPENER = """<!doctype html><meta charset=utf-8><title>Win a prize</title><script>
  const heard = [];
  const answer = { sendjay: "handoff", code: "x", user: "WHO", browser: "x".repeat(500), room: "nowhere" };
  addEventListener("message", (event) => {
    heard.push(event.data?.sendjay);
    event.source.postMessage(answer, "*");
  });
  const goOn = () => { window.opened = open("MESSENGER"); };
</script><button onclick="goOn()">Go on</button>"""
FRAMES = """<!doctype html><meta charset=utf-8><title>Win a prize</title>
<iframe src="MESSENGER/panel"></iframe><iframe src="MESSENGER/"></iframe><script>
  const heard = [];
  addEventListener("message", (event) => heard.push(event.data));
</script>"""
HOST = """<!doctype html><meta charset=utf-8><title>A portal</title>
<script src="OTHER/embed.js"></script>
<script type="module" src="MESSENGER/embed.js" data-ticket-url="/ticket"></script>"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    portal = {"embed_origins": "https://portal.example", "embed_secret": "nobody in these tests has this one"}
    yield from run_office(tmp_path_factory.mktemp("office"), people=10, **portal)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def desk(browser: Browser, office: Office) -> Iterator[Desk]:
    """Somebody who is signed in, and may stray to other sites."""
    context = browser.new_context(locale="ko-KR")
    person = office.some(1)[0].id
    yield Desk(context.new_page(), office.url, person).sign_in()
    context.close()


def opened_by(page: Page, site: str) -> Page:
    page.goto(site)
    with page.context.expect_page() as opening:
        page.get_by_role("button", name="Go on").click()
    return opening.value


@pytest.mark.parametrize("guess", ["right", "wrong"])
def test_a_foreign_page_that_opens_the_messenger_learns_nothing_and_changes_nothing(
    office: Office, desk: Desk, guess: str
) -> None:
    who = desk.person if guess == "right" else "somebody else"
    with foreign_site({"/": OPENER.replace("MESSENGER", office.url).replace("WHO", who)}) as site:
        window = opened_by(desk.page, site.url)
        window.set_default_timeout(SECONDS)
        window.get_by_role("heading", name="대화", exact=True).or_(
            window.get_by_role("heading", name="사람", exact=True)
        ).first.wait_for()
        # Said to whoever opened it, before anything is known of them; whether this is the person they
        # think of is said to nobody.
        expect(window.get_by_text("연결")).to_have_count(0)
        window.wait_for_timeout(1000)
        assert desk.page.evaluate("heard") == ["window-ready"]
        assert "nowhere" not in window.url
        assert window.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_foreign_page_frames_nothing(office: Office, desk: Desk) -> None:
    with foreign_site({"/": FRAMES.replace("MESSENGER", office.url)}) as site:
        desk.page.goto(site.url)
        desk.page.wait_for_timeout(1000)
        assert desk.page.evaluate("heard") == []
        shown = [frame.url for frame in desk.page.frames[1:]]
        assert not [url for url in shown if url.startswith(office.url)], shown


def test_a_ticket_goes_to_no_other_script_that_is_called_embed(office: Office, browser: Browser) -> None:
    context = browser.new_context(locale="ko-KR")
    with foreign_site({"/embed.js": ""}) as other:
        page = HOST.replace("MESSENGER", office.url).replace("OTHER", other.url)
        with foreign_site({"/": page, "/ticket": '{"ticket": "secret.secret.secret"}'}) as host:
            portal = context.new_page()
            with portal.expect_request(lambda request: "/api/embed/session" in request.url) as sent:
                portal.goto(host.url)
            assert sent.value.url.startswith(office.url)
            assert [asked for asked in other.asked if "/embed.js" not in asked] == []
    context.close()
