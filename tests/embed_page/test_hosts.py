"""Pages of other houses: under strict policies, over plain http, and where a browser refuses what it can."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.embed_page.colleague import Colleague
from tests.embed_page.conftest import INTRANET, TakeVisitor
from tests.embed_page.host_site import HostSite
from tests.embed_page.visitor import Visitor
from tests.serving import Office, eventually

pytestmark = pytest.mark.browser

NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"
NO_STORAGE = """
for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
  Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
"""


def come(host: HostSite, take_visitor: TakeVisitor, office: Office, name: str = "localhost") -> Visitor:
    """Somebody whom nobody has been yet, at the host's page."""
    host.person = office.some(1)[0].id
    visitor = take_visitor(f"http://{name}:{host.port}")
    visitor.go("/")
    return visitor


def talks_in_the_panel(visitor: Visitor, colleague: Colleague, person: str) -> None:
    room = colleague.room_with(person)
    colleague.say(room, "여기서도 되나요?")
    visitor.waits_for("unread", 1)
    visitor.press_button()
    panel = visitor.panel()
    panel.get_by_text("여기서도 되나요?").first.click()
    panel.locator("textarea.composer-field").fill("그럼요")
    panel.locator("textarea.composer-field").press("Enter")
    expect(panel.get_by_role("log").get_by_text("그럼요")).to_be_visible()
    assert eventually(lambda: "그럼요" in colleague.hears(room), 10)
    visitor.waits_for("unread", 0)


@pytest.mark.parametrize("policy", ["as_written_down", "by_nonce"])
def test_under_a_strict_policy_all_works_and_none_is_broken(
    host: HostSite, take_visitor: TakeVisitor, office: Office, colleague: Colleague, policy: str
) -> None:
    host.policy = getattr(host, policy)
    visitor = come(host, take_visitor, office)
    talks_in_the_panel(visitor, colleague, host.person)
    assert not visitor.warnings


def test_over_plain_http_without_locks_one_tab_talks_all_the_same(
    host: HostSite, take_visitor: TakeVisitor, office: Office, colleague: Colleague
) -> None:
    host.policy = host.as_written_down
    visitor = come(host, take_visitor, office, INTRANET)
    assert visitor.page.evaluate("[isSecureContext, navigator.locks === undefined]") == [False, True]
    second = visitor.context.new_page()
    visitor.go("/second", second)
    marked = [page.title().endswith("(with Talk)") for page in (visitor.page, second)]
    assert marked == [True, False]
    visitor.page.bring_to_front()
    talks_in_the_panel(visitor, colleague, host.person)
    visitor.page.close()
    expect(second).to_have_title("/second (with Talk)")


@pytest.mark.parametrize(
    "script", [NO_LOCKS, NO_STORAGE, NO_LOCKS + NO_STORAGE], ids=["locks", "storage", "both"]
)
def test_where_a_browser_refuses_locks_or_storage_the_portal_is_connected_all_the_same(
    host: HostSite, take_visitor: TakeVisitor, office: Office, colleague: Colleague, script: str
) -> None:
    host.policy = host.as_written_down
    host.person = office.some(1)[0].id
    visitor = take_visitor(f"http://localhost:{host.port}")
    visitor.context.add_init_script(f"if (window === top) {{ {script} }}")
    visitor.go("/")
    talks_in_the_panel(visitor, colleague, host.person)
    # Left open it would be there on the next page, and what is said there is read at once.
    visitor.page.evaluate("Sendjay.close()")
    visitor.go("/again")
    colleague.say(colleague.room_with(host.person), "아직 있나요?")
    visitor.waits_for("unread", 1)
