"""A host as its server sees the messenger: items, deals, tickets that name an item."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.embed.portal import SECRET, claims_of, sign
from tests.nursery import run_program
from tests.serving import Office

Json = dict[str, Any]


class Shop:
    """Calls with a token of its own."""

    def __init__(self, office: Office, *scopes: str) -> None:
        self._office = office
        self.token = make_token(office, *(scopes or ("items", "deals")))
        self._numbers = iter(range(1, 1_000_000))

    def call(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self._office.url}/api/integration/items/{path}"
        return httpx.request(method, url, json=body, headers=headers, trust_env=False, timeout=30)

    def register(self, owner: str, **said: object) -> Json:
        """A new item; its reference."""
        ref = {"kind": "tool", "id": f"{time.time_ns()}-{next(self._numbers)}"}
        self.put(ref, owner={"id": owner}, **{"title": "Drill", "price": "12,000", **said})
        return ref

    def put(self, ref: Json, **said: object) -> Json:
        answer = self.call("PUT", f"{ref['kind']}/{ref['id']}", said)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def deal(self, ref: Json, asker: str, state: str, **said: object) -> httpx.Response:
        body = {"asker": {"id": asker}, "state": state, **said}
        return self.call("POST", f"{ref['kind']}/{ref['id']}/deal", body)


def make_token(office: Office, *scopes: str) -> str:
    words = [word for scope in scopes for word in ("--scope", scope)]
    environment = {
        "SENDJAY_DATA_DIR": str(office.data),
        "SENDJAY_PORT": "0",
        "SENDJAY_DATABASE_URL": office.database_url,
    }
    made = run_program("token", "add", "shop", *words, env=environment, cwd=office.data)
    made.check_returncode()
    return made.stdout.strip()


def item_ticket(person: str, ref: Json, **changed: object) -> str:
    """What a host's page gives to somebody who sees the item there."""
    item = {**ref, **changed.pop("item", {})}  # type: ignore[dict-item]
    return sign({**claims_of(person), "item": item, **changed}, SECRET)
