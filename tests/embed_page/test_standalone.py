"""Who wants so gets the messenger in a tab of its own at sign-in: once, and not again while they work."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.embed_page.colleague import Colleague
from tests.embed_page.conftest import TakeVisitor
from tests.embed_page.host_site import HostSite
from tests.embed_page.test_hosts import NO_STORAGE
from tests.embed_page.visitor import Visitor
from tests.serving import Office

pytestmark = pytest.mark.browser

A_NIGHT_MS = 12 * 3_600_000


@pytest.fixture
def visitor(host: HostSite, take_visitor: TakeVisitor, office: Office) -> Visitor:
    """Somebody who chose a tab of its own, at no page yet."""
    person = office.some(1)[0]
    Colleague(office, person).choose(standalone=True)
    host.person = person.id
    host.policy = host.as_written_down
    return take_visitor(f"http://localhost:{host.port}")


def comes_and_gets_a_tab(visitor: Visitor) -> Page:
    with visitor.context.expect_page() as opening:
        visitor.go("/")
        # Where a browser lets no page open a tab by itself, the person's next press does.
        visitor.page.mouse.click(400, 400)
    opening.value.get_by_role("heading", name="대화", exact=True).wait_for()
    return opening.value


def close(tab: Page, visitor: Visitor) -> None:
    """The person closes it; the portal's page is connected again."""
    visitor.waits_for("connection", "elsewhere")
    visitor.page.evaluate("window.heard.length = 0")
    tab.close(run_before_unload=True)
    visitor.waits_for("connection", "connected")


def goes_on_alone(visitor: Visitor, path: str) -> None:
    """To another page, and works there: no tab comes."""
    before = len(visitor.context.pages)
    visitor.page.goto(visitor.url + path)
    visitor.until("window.Sendjay !== undefined")
    visitor.page.evaluate("Sendjay.on('connection', (how) => { document.title = how; }); null")
    expect(visitor.page).to_have_title("connected (with Talk)")
    visitor.page.mouse.click(400, 400)
    visitor.page.wait_for_timeout(400)
    assert len(visitor.context.pages) == before


def test_a_tab_opens_once_for_a_sign_in(visitor: Visitor) -> None:
    tab = comes_and_gets_a_tab(visitor)
    # Closed by hand: that is what the person wants for now, on this page and the next.
    close(tab, visitor)
    visitor.page.mouse.click(400, 400)
    goes_on_alone(visitor, "/orders")
    goes_on_alone(visitor, "/people")


def test_after_signing_out_the_next_sign_in_opens_it_again(visitor: Visitor) -> None:
    close(comes_and_gets_a_tab(visitor), visitor)
    visitor.page.evaluate("Sendjay.signOut()")
    comes_and_gets_a_tab(visitor)


def test_who_closes_the_browser_in_the_evening_gets_it_in_the_morning(visitor: Visitor) -> None:
    close(comes_and_gets_a_tab(visitor), visitor)
    # An address of the host's without the script.
    visitor.page.goto(f"{visitor.url}/ticket")
    a_night_passes(visitor.page)
    comes_and_gets_a_tab(visitor)


def test_another_tab_of_a_portal_that_is_open_all_day_brings_no_other_one(visitor: Visitor) -> None:
    close(comes_and_gets_a_tab(visitor), visitor)
    a_night_passes(visitor.page)
    second = visitor.context.new_page()
    visitor.go("/orders", second)
    second.mouse.click(400, 400)
    second.wait_for_timeout(400)
    assert len(visitor.context.pages) == 2


def a_night_passes(page: Page) -> None:
    """What the browser keeps of the last page's time is twelve hours older."""
    page.evaluate(f"""() => {{
      const [session, left] = localStorage.getItem('sendjay.embed.session').split(' ');
      localStorage.setItem('sendjay.embed.session', `${{session}} ${{left - {A_NIGHT_MS}}}`);
    }}""")


def test_where_a_browser_keeps_nothing_no_page_opens_it_by_itself(visitor: Visitor) -> None:
    visitor.context.add_init_script(f"if (window === top) {{ {NO_STORAGE} }}")
    goes_on_alone(visitor, "/")
    goes_on_alone(visitor, "/orders")
