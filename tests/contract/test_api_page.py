"""REST tells of itself: an OpenAPI description for programs, a page for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import msgspec
import pytest

from sendjay.items.model import DealState, ItemState
from tests.serving import Office, run_office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from run_office(tmp_path_factory.mktemp("data"), people=2)


def page_of(office: Office) -> str:
    with office.rest(office.people[0].token) as client:
        answer = client.get("/api/docs").raise_for_status()
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def test_the_page_names_every_route_and_every_object(office: Office) -> None:
    with office.rest(office.people[0].token) as client:
        description = client.get("/api/docs/openapi.json").raise_for_status().json()
    page = page_of(office)
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert f'<span class="method">{method.upper()}</span><code>{path}</code>' in page
            assert operation["description"], f"{method} {path} says nothing about itself"
    for name in description["components"]["schemas"]:
        assert f'<h3 id="{name}">' in page


def test_the_page_needs_nothing_from_elsewhere(office: Office) -> None:
    # Addresses in the samples are text.
    page = re.sub(r"<pre>.*?</pre>", "", page_of(office), flags=re.DOTALL)
    assert not re.search(r"<script|\bsrc=|@import|url\(|https?://", page)


def test_every_link_on_the_page_leads_somewhere(office: Office) -> None:
    page = page_of(office)
    targets = set(re.findall(r'\bid="([^"]+)"', page))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= targets


def test_what_a_host_says_of_an_item_can_be_copied_from_the_page(office: Office) -> None:
    page = page_of(office)
    bodies = [unescape(each) for each in re.findall(r"<pre><code>(.*?)</code></pre>", page, re.DOTALL)]
    items = [json.loads(each) for each in bodies if "title" in each]
    deals = [json.loads(each) for each in bodies if "reserved" in each]
    assert msgspec.convert(items[0], ItemState).title
    assert msgspec.convert(deals[0], DealState).state == "reserved"


def test_a_stranger_does_not_read_it(office: Office) -> None:
    with office.rest() as client:
        assert client.get("/api/docs").status_code == 401
        assert client.get("/api/docs/openapi.json").status_code == 401
