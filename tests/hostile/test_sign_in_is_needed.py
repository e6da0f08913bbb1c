"""Every route of the whole application, tried by somebody who is not signed in."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from sendjay.app import Messenger, create_rest
from sendjay.settings import Settings

OPEN = {
    "/api/auth/sign-in", "/api/auth/sign-up", "/api/auth/refresh", "/api/auth/handoff", "/api/embed/session",
    "/panel", "/embed.js", "/api/server", "/healthz", "/readyz",
    "/metrics",
    "/ws", "/", "/people", "/chats", "/chats/{room:str}", "/settings", "/sign-in", "/assets/{path:path}",
}  # fmt: skip
"""What strangers may see: the way in, the empty web client, and how the server is doing."""


async def test_only_the_routes_named_here_are_open_to_strangers(tmp_path: Path) -> None:
    messenger = Messenger(Settings(data_dir=str(tmp_path)))
    app = create_rest(messenger)
    open_routes: set[str] = set()
    closed = 0
    async with messenger.writing():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://office.example") as client:
            for route in app.routes:
                path = re.sub(r"\{[^}]+\}", "1", route.path)
                for method in getattr(route, "methods", {"GET"}) - {"OPTIONS"}:
                    answer = await client.request(method, path, json={})
                    if answer.status_code == 401:
                        assert method == "HEAD" or answer.json()["error"]["code"] == "unauthorized"
                        closed += 1
                    else:
                        open_routes.add(route.path)
    assert open_routes <= OPEN
    assert closed >= 20
