"""What a page of a portal may do here with its token, and what it may not with somebody's cookie."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import websockets

from tests.clients import LostError, RefusedError, SocketClient
from tests.embed.portal import ORIGIN, OTHER_ORIGIN, SECRET, code_of, enter
from tests.serving import PASSWORD, Office, Person, run_office

MESSENGER = {"Sec-Fetch-Site": "same-origin"}
PREFLIGHT = {
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, content-type",
}
METHODS = {"GET", "POST", "PATCH", "PUT", "DELETE"}
PATHS = ["/api/embed/session", "/api/me", "/api/rooms", "/api/nothing", "/api/auth/sign-in", "/api/docs"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    origins = f"{ORIGIN},https://hr.example:8443"
    yield from run_office(tmp_path_factory.mktemp("office"), embed_origins=origins, embed_secret=SECRET)


def cors(answer: httpx.Response) -> dict[str, str]:
    return {
        name: value for name, value in answer.headers.items() if name.startswith("access-control")
    }  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", [ORIGIN, "https://hr.example:8443"])
def test_a_portals_page_is_told_that_it_may_call(office: Office, path: str, origin: str) -> None:
    with office.rest(Origin=origin) as client:
        answer = client.options(path, headers=PREFLIGHT)
        assert answer.status_code == 204
        said = cors(answer)
        assert said["access-control-allow-origin"] == origin
        assert set(said["access-control-allow-methods"].split(", ")) >= {
            "GET",
            "POST",
            "PATCH",
            "PUT",
            "DELETE",
        }
        assert said["access-control-allow-headers"] == "authorization, content-type"
        assert "access-control-allow-credentials" not in said
        assert "origin" in answer.headers["vary"].lower()
        # What goes wrong can be read by it as well.
        for answer in (client.get(path), client.post(path, json={}), client.put(path, content=b"{")):
            assert cors(answer) == {"access-control-allow-origin": origin}
            assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin",
    [OTHER_ORIGIN, "null", "", "*", f"{ORIGIN}.evil.example", "http://portal.example", f"{ORIGIN}:443", "https://PORTAL.example",
     f"{ORIGIN}/", f"{ORIGIN}, {OTHER_ORIGIN}", "https://hr.example"],
)  # fmt: skip
def test_no_other_page_is(office: Office, origin: str) -> None:
    (kim,) = office.some(1)
    with office.rest(kim.token, Origin=origin) as client:
        for path in PATHS:
            for answer in (
                client.options(path, headers=PREFLIGHT),
                client.get(path),
                client.post(path, json={}),
            ):
                assert cors(answer) == {}
                assert "origin" in answer.headers["vary"].lower(), "no cache may mix the two"


def test_beside_the_api_nothing_is_shared(office: Office) -> None:
    with office.rest(Origin=ORIGIN) as client:
        for path in ("/", "/chats", "/panel", "/healthz", "/metrics"):
            assert cors(client.get(path)) == {}


def signed_in(office: Office, person: Person) -> dict[str, str]:
    """The cookies of a page of the messenger itself."""
    with office.rest(**MESSENGER) as client:
        word = {"login": person.id, "password": PASSWORD, "cookies": True}
        return dict(client.post("/api/auth/sign-in", json=word).cookies)


FROM_A_PORTAL: list[dict[str, str]] = [
    {"Origin": ORIGIN},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.parametrize("headers", FROM_A_PORTAL)
def test_a_portals_page_has_nothing_from_a_cookie(office: Office, headers: dict[str, str]) -> None:
    (kim,) = office.some(1)
    jar = signed_in(office, kim)
    with office.rest(**headers) as client:
        client.cookies.update(jar)
        for method, path, body in (
            ("GET", "/api/me", None), ("GET", "/api/rooms", None), ("PATCH", "/api/me", {}),
            ("POST", "/api/auth/sign-out", {}), ("POST", "/api/embed/handoff", {}),
        ):  # fmt: skip
            answer = client.request(method, path, json=body)
            assert answer.status_code == 401, f"{method} {path}"
        for path, body in (
            ("/api/auth/refresh", {}),
            ("/api/auth/sign-in", {"login": kim.id, "password": PASSWORD, "cookies": True}),
            ("/api/auth/handoff", {"code": "x", "origin": ORIGIN, "cookies": True}),
        ):
            assert code_of(client.post(path, json=body)) == "not_allowed"
    with office.rest(**MESSENGER) as client:
        client.cookies.update(jar)
        assert client.get("/api/me").status_code == 200, "our own page has"


async def test_a_portals_page_opens_a_socket_with_its_token_only(office: Office) -> None:
    (kim,) = office.some(1)
    jar = "; ".join(f"{name}={value}" for name, value in signed_in(office, kim).items())
    token = enter(office, kim.id)["access_token"]
    cookie = {"additional_headers": {"Cookie": jar}}
    async with await SocketClient.open(office, origin=ORIGIN, **cookie) as socket:
        with pytest.raises((RefusedError, LostError)) as refused:
            await socket.ask("hello")
        assert getattr(refused.value, "code", "unauthorized") == "unauthorized"
        assert await socket.close_code() == 4001
    async with await SocketClient.connect(office, token, origin=ORIGIN, **cookie) as socket:
        assert socket.welcome["user"] == kim.id
    async with await SocketClient.open(office, origin=office.url, **cookie) as socket:
        assert (await socket.ask("hello"))["user"] == kim.id, "a page of our own needs no other word"
    with pytest.raises(websockets.InvalidStatus):
        await SocketClient.open(office, origin=OTHER_ORIGIN)
