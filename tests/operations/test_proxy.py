"""Through the real nginx, as deploy/ sets it up: pages, sockets, streams, and who is behind them."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.clients import SocketClient
from tests.files.uploading import Uploader
from tests.operations.certificates import write_certificate
from tests.operations.proxy import PROGRAM, Proxy
from tests.serving import PASSWORD, Office


class Front(Office):
    """A server that people reach through nginx."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, 8, trusted_proxies="127.0.0.1", file_accel="/_files")
        self.chain, self.key = write_certificate(folder)
        self.start()
        self.proxy = Proxy(folder, self.chain, self.key, (self.port, self.port), folder / "files")

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.chain))

    def stop(self) -> None:
        self.proxy.stop()
        super().stop()

    @property
    def socket_url(self) -> str:
        return self.proxy.socket_url

    def client(self, **headers: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.proxy.url, headers=headers, verify=self.trusting(), trust_env=False, timeout=30
        )


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    if not PROGRAM.exists():
        pytest.skip("nginx is not installed")
    front = Front(tmp_path_factory.mktemp("front"))
    yield front
    front.stop()


def test_nginx_has_nothing_to_complain_of(front: Front) -> None:
    assert front.proxy.complaints.returncode == 0
    assert "warn" not in front.proxy.complaints.stderr


def test_plain_http_leads_to_https_and_stays_there(front: Front) -> None:
    plain = httpx.get(f"http://127.0.0.1:{front.proxy.plain_port}/room?a=1", trust_env=False)
    assert plain.status_code == 301
    assert plain.headers["Location"] == "https://127.0.0.1/room?a=1"
    with front.client() as client:
        page = client.get("/")
        assert page.status_code == 200
        assert page.headers["Strict-Transport-Security"].startswith("max-age=")


async def test_people_talk_over_sockets(front: Front) -> None:
    one, two = front.some(2)
    options = {"ssl": front.trusting(), "origin": front.proxy.url}
    async with await SocketClient.connect(front, one, **options) as client:
        room = await client.create(two)
        async with await SocketClient.connect(front, two, **options) as other:
            await client.send(room, "through nginx")
            await other.event("message.new", room=room)


def test_a_streams_answer_comes_before_its_end(front: Front) -> None:
    (one,) = front.some(1)
    with (
        front.client(Authorization=f"Bearer {one.token}") as client,
        client.stream("POST", "/stream", json={"id": 1, "cmd": "hello"}) as answer,
    ):
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        seen = ""
        for piece in answer.iter_text():
            seen += piece
            if '"re":1' in seen:
                break
        assert "event: open" in seen


def test_what_a_client_claims_of_itself_goes_no_further(front: Front) -> None:
    (one,) = front.some(1)
    claims = {"X-Forwarded-For": "203.0.113.66", "X-Forwarded-Proto": "http", "Sec-Fetch-Site": "same-origin"}
    with front.client() as client:
        credentials = {"login": one.id, "password": PASSWORD, "cookies": True}
        answer = client.post("/api/auth/sign-in", json=credentials, headers=claims).raise_for_status()
        assert all("secure" in each.lower() for each in answer.headers.get_list("set-cookie"))
        newest, *_ = client.get("/api/me/sessions").raise_for_status().json()["sessions"]
    assert newest["address"] == "127.0.0.1"


def test_nginx_sends_files_itself_to_those_who_may_have_them(front: Front) -> None:
    one, two = front.some(2)
    content = bytes(range(256)) * 4000
    with front.rest(one.token) as direct:
        file_id = Uploader(direct).whole(content, "보고서.bin")
        assert direct.get(f"/api/files/{file_id}").content == b"", "the node itself sends nothing"
    with front.client(Authorization=f"Bearer {one.token}") as client:
        answer = client.get(f"/api/files/{file_id}")
        assert answer.content == content
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "filename*=UTF-8''%EB" in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "X-Accel-Redirect" not in answer.headers
        part = client.get(f"/api/files/{file_id}", headers={"Range": "bytes=10-19"})
        assert (part.status_code, part.content) == (206, content[10:20])
        again = client.get(f"/api/files/{file_id}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        assert client.get(f"/_files/{file_id[-2:]}/{file_id}").status_code == 404
    with front.client(Authorization=f"Bearer {two.token}") as stranger:
        assert stranger.get(f"/api/files/{file_id}").status_code == 404


def test_uploads_pass(front: Front) -> None:
    (one,) = front.some(1)
    with front.client(Authorization=f"Bearer {one.token}") as client:
        mine = Uploader(client)
        address = mine.begun(10_000_000)
        for start in range(0, 10_000_000, 4_000_000):
            answer = mine.part(address, start, b"x" * min(4_000_000, 10_000_000 - start))
            assert answer.status_code == 204
        assert mine.offset(address) == 10_000_000


def test_figures_are_not_for_everybody(front: Front) -> None:
    with front.client() as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/readyz").status_code == 200
