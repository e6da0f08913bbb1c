"""TLS, in the process and behind a proxy: who came by https keeps to it, and only trusted words count."""

from __future__ import annotations

import signal
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.clients import SocketClient
from tests.operations.certificates import shown_certificate, write_certificate
from tests.serving import PASSWORD, Office, eventually

BY_PROXY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


class SafeOffice(Office):
    """A server that speaks TLS itself, with a certificate of its own making."""

    def __init__(self, data: Path) -> None:
        self.chain, self.key = write_certificate(data)
        super().__init__(data, 4, ssl_certfile=self.chain, ssl_keyfile=self.key)

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.chain))

    @property
    def url(self) -> str:
        return super().url.replace("http://", "https://")

    @property
    def socket_url(self) -> str:
        return super().socket_url.replace("ws://", "wss://")

    def rest(self, token: str | None = None, **headers: str) -> httpx.Client:
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx.Client(base_url=self.url, headers=headers, verify=self.trusting(), trust_env=False)


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SafeOffice]:
    office = SafeOffice(tmp_path_factory.mktemp("safe"))
    office.start()
    yield office
    office.stop()


@pytest.fixture(scope="module", params=[True, False], ids=["trusted", "not trusted"])
def proxied(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Office, bool]]:
    trusted = "127.0.0.1" if request.param else "203.0.113.1"
    office = Office(tmp_path_factory.mktemp("proxied"), 4, trusted_proxies=trusted)
    office.start()
    yield office, request.param
    office.stop()


def sign_in(rest: httpx.Client, login: str, **headers: str) -> httpx.Response:
    answer = rest.post(
        "/api/auth/sign-in",
        json={"login": login, "password": PASSWORD, "cookies": True},
        headers={"Sec-Fetch-Site": "same-origin", **headers},
    )
    return answer.raise_for_status()


def cookies_of(answer: httpx.Response) -> list[str]:
    found = answer.headers.get_list("set-cookie")
    assert len(found) >= 1
    return found


async def test_people_talk_over_wss(safe: SafeOffice) -> None:
    one, two = safe.some(2)
    tls = {"ssl": safe.trusting()}
    async with await SocketClient.connect(safe, one, **tls) as client:
        room = await client.create(two)
        async with await SocketClient.connect(safe, two, **tls) as other:
            await client.send(room, "between us")
            await other.event("message.new", room=room)


def test_cookies_and_pages_over_https_never_go_back_to_http(safe: SafeOffice) -> None:
    (one,) = safe.some(1)
    with safe.rest() as rest:
        answer = sign_in(rest, one.id)
        assert all("secure" in cookie.lower() for cookie in cookies_of(answer))
        for path in ("/", "/readyz", "/api/people", "/nowhere"):
            assert rest.get(path).headers["Strict-Transport-Security"] == "max-age=15552000"


def test_a_renewed_certificate_is_shown_without_a_restart(safe: SafeOffice) -> None:
    (one,) = safe.some(1)
    before = shown_certificate(safe.port)
    write_certificate(safe.data, "renewed")
    safe.signal(signal.SIGHUP)
    assert eventually(lambda: shown_certificate(safe.port) == safe.chain.read_text() != before)
    good = safe.chain.read_text()
    safe.chain.write_text("half a cer")
    safe.signal(signal.SIGHUP)
    assert eventually(lambda: "stays as it was" in safe.said())
    assert shown_certificate(safe.port) == good
    safe.chain.write_text(good)
    with safe.rest(one.token) as rest:
        assert rest.get("/healthz").status_code == 200


def test_a_proxys_word_counts_only_where_it_is_trusted(proxied: tuple[Office, bool]) -> None:
    office, is_trusted = proxied
    (one,) = office.some(1)
    with office.rest() as rest:
        answer = sign_in(rest, one.id, **BY_PROXY)
        assert all(("secure" in each.lower()) is is_trusted for each in cookies_of(answer))
        page = rest.get("/", headers=BY_PROXY)
        assert ("Strict-Transport-Security" in page.headers) is is_trusted
        # Nobody's word: by http.
        assert "Strict-Transport-Security" not in rest.get("/").headers
        assert all("secure" not in each.lower() for each in cookies_of(sign_in(rest, one.id)))


def test_somebody_is_where_a_trusted_proxy_says_they_are(proxied: tuple[Office, bool]) -> None:
    office, is_trusted = proxied
    (one,) = office.some(1)
    with office.rest() as rest:
        sign_in(rest, one.id, **BY_PROXY)
    with office.rest(one.token) as rest:
        newest, *_ = rest.get("/api/me/sessions").raise_for_status().json()["sessions"]
    assert newest["address"] == ("203.0.113.9" if is_trusted else "127.0.0.1")
