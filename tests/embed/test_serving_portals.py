"""What the messenger gives to the pages of portals: a script, and a page that they may frame."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from sendjay import web
from sendjay.rest import add_safe_headers
from tests.embed.portal import ORIGIN

SCRIPT = "window.Sendjay = '문의'"
OTHER_PAGES = ["/", "/people", "/chats", "/chats/some-room", "/settings", "/sign-in"]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    (tmp_path / "index.html").write_text("<!doctype html><title>Sendjay</title>")
    (tmp_path / "embed.js").write_text(SCRIPT, encoding="utf-8")
    async with served(tmp_path, [ORIGIN, "https://hr.example:8443"]) as opened:
        yield opened


def served(dist: Path, origins: list[str]) -> httpx.AsyncClient:
    app = Litestar([web.create_router(origins, dist)], before_send=[add_safe_headers], openapi_config=None)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://office.example")


def ancestors(answer: httpx.Response) -> list[str]:
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["script-src"] == "'self'"
    return policy["frame-ancestors"].split(" ")


async def test_the_script_may_be_loaded_by_any_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/embed.js")
    assert answer.status_code == 200
    assert answer.text == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_script_that_has_not_changed_is_not_sent_again(client: httpx.AsyncClient) -> None:
    tag = (await client.get("/embed.js")).headers["etag"]
    for held in (tag, f"W/{tag}", f'"older", {tag}'):
        answer = await client.get("/embed.js", headers={"If-None-Match": held})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["access-control-allow-origin"] == "*"
    for held in ('"older"', tag[:-2] + '"', ""):
        assert (await client.get("/embed.js", headers={"If-None-Match": held})).text == SCRIPT


async def test_a_changed_script_has_another_tag(client: httpx.AsyncClient, tmp_path: Path) -> None:
    tag = (await client.get("/embed.js")).headers["etag"]
    (tmp_path / "embed.js").write_text(SCRIPT + ";", encoding="utf-8")
    async with served(tmp_path, []) as again:
        assert (await again.get("/embed.js")).headers["etag"] != tag


async def test_a_script_that_was_not_built_is_missed_in_a_sentence(tmp_path: Path) -> None:
    async with served(tmp_path, []) as client:
        answer = await client.get("/embed.js")
        assert answer.status_code == 404
        assert "make setup" in answer.text
        assert (await client.get("/panel")).status_code == 503


async def test_portals_may_frame_the_panel_and_nothing_else(client: httpx.AsyncClient) -> None:
    panel = await client.get("/panel")
    assert panel.text == (await client.get("/")).text
    assert panel.headers["content-type"] == "text/html; charset=utf-8"
    assert ancestors(panel) == ["'self'", ORIGIN, "https://hr.example:8443"]
    assert "x-frame-options" not in panel.headers
    for path in OTHER_PAGES:
        assert ancestors(await client.get(path)) == ["'self'"], path


async def test_without_portals_nobody_else_may_frame_the_panel(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    async with served(tmp_path, []) as client:
        assert ancestors(await client.get("/panel")) == ["'self'"]
