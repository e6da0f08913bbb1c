"""Keys of a portal: nobody signs with a published one, and no page of keys is trusted to be well."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from sendjay.embed.fetching import FETCH_BYTES, fetch
from sendjay.embed.portal_keys import PublicKeys, read_keys
from tests.embed.portal import KeyPage, claims_of, code_of, exchange, sign, sign_with
from tests.serving import Office, Person, run_office

KINDS: dict[str, tuple[type[Any], Any]] = {
    "RS256": (RSAKey, 2048),
    "ES256": (ECKey, "P-256"),
    "EdDSA": (OKPKey, "Ed25519"),
}


def make(kid: str | None, algorithm: str = "ES256") -> Key:
    kind, size = KINDS[algorithm]
    return kind.generate_key(size, {"kid": kid} if kid else None)


def tried(office: Office, person: Person, key: Key, algorithm: str = "ES256") -> int:
    return exchange(office, sign_with(key, claims_of(person.id), algorithm)).status_code


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize("algorithm", KINDS)
def test_a_portal_may_sign_with_a_key_of_its_own(tmp_path: Path, algorithm: str) -> None:
    key = make("one", algorithm)
    page = KeyPage(key)
    with page.serve() as address:
        for office in run_office(tmp_path, people=1, embed_jwks=address):
            (kim,) = office.some(1)
            assert tried(office, kim, key, algorithm) == 200
            assert tried(office, kim, make("one", algorithm), algorithm) == 403
            assert page.asked == 1, "keys are asked for once"


def test_keys_may_lie_in_a_file(tmp_path: Path) -> None:
    key = make(None)
    file = tmp_path / "keys.json"
    file.write_bytes(KeyPage(key).body)
    for office in run_office(tmp_path, people=1, embed_jwks=str(file)):
        (kim,) = office.some(1)
        assert tried(office, kim, key) == 200, "without a name, the only key is meant"


def test_new_keys_are_asked_for_once_and_old_ones_stay_when_nobody_answers(tmp_path: Path) -> None:
    old, new, newer = make("old"), make("new"), make("newer")
    page = KeyPage(old)
    with page.serve() as address:
        for office in run_office(tmp_path, people=1, embed_jwks=address):
            (kim,) = office.some(1)
            assert tried(office, kim, old) == 200
            page.publish(old, new)
            assert tried(office, kim, new) == 200
            page.publish(old, new, newer)
            assert [tried(office, kim, newer) for _ in range(5)] == [403] * 5
            assert page.asked == 2, "not again within the minute, however often somebody tries"
            page.status = 500
            assert tried(office, kim, new) == 200


@pytest.mark.parametrize(
    "trouble", ["500", "redirect", "large", "no JSON", "deep", "another thing", "nobody"]
)
def test_keys_that_are_not_well_let_nobody_in_and_stop_nothing(tmp_path: Path, trouble: str) -> None:
    key = make("one")
    page = KeyPage(key)
    page.status = {"500": 500, "redirect": 302}.get(trouble, 200)
    page.body = {
        "large": page.body[:-1] + b" " * FETCH_BYTES + b"}",
        "no JSON": b"<html>",
        "deep": b"[" * 100_000,
        "another thing": b'{"keys": [7]}',
    }.get(trouble, page.body)
    with page.serve() as address:
        where = "http://127.0.0.1:9/keys.json" if trouble == "nobody" else address
        for office in run_office(tmp_path, people=1, embed_jwks=where):
            (kim,) = office.some(1)
            assert [tried(office, kim, key) for _ in range(3)] == [403] * 3
            assert page.asked <= 1, "nobody is asked faster because people try"
            with office.rest(kim.token) as client:
                assert client.get("/api/me").status_code == 200


async def test_a_page_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendjay.embed.fetching.FETCH_SECONDS", 0.3)

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(b"HTTP/1.1 200 OK\r\nX: ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            pass

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(TimeoutError):
        await fetch(f"http://127.0.0.1:{port}/keys.json")
    server.close()


def test_a_published_key_is_no_secret_to_sign_with(tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048, {"kid": "one"})
    page = KeyPage(key)
    with page.serve() as address:
        for office in run_office(tmp_path, people=1, embed_jwks=address):
            (kim,) = office.some(1)
            claims = claims_of(kim.id)
            published = page.body
            for secret in (
                key.as_pem(private=False), key.as_der(private=False), published, b"", b"one",
                json.dumps(key.as_dict(private=False)).encode(),
            ):  # fmt: skip
                for header in ({"alg": "HS256", "kid": "one"}, {"alg": "HS256"}):
                    assert code_of(exchange(office, sign(claims, secret, header))) == "bad_ticket"
            own = RSAKey.generate_key(2048, {"kid": "one"})
            embedded = {"jwk": own.as_dict(private=False), "jku": address}
            assert code_of(exchange(office, sign_with(own, claims, "RS256", **embedded))) == "bad_ticket"
            assert code_of(exchange(office, sign_with(key, claims, "RS512"))) == "bad_ticket"
            assert code_of(exchange(office, sign_with(key, claims, "PS256"))) == "bad_ticket"
            none = sign(claims, b"", {"alg": "none", "kid": "one"}).rpartition(".")[0] + "."
            assert code_of(exchange(office, none)) == "bad_ticket"
            assert exchange(office, sign_with(key, claims, "RS256")).status_code == 200


@pytest.mark.filterwarnings("ignore:Key size")
def test_only_keys_that_sign_tickets_are_taken() -> None:
    head = {"kid": "x"}
    good = make("good").as_dict(private=False)
    refused: list[Any] = [
        OctKey.generate_key(256, head).as_dict(),
        RSAKey.generate_key(1024, head).as_dict(private=False),
        ECKey.generate_key("P-384", head).as_dict(private=False),
        OKPKey.generate_key("X25519", head).as_dict(private=False),
        {**good, "kid": "x", "use": "enc"},
        {**good, "kid": "x", "alg": "HS256"},
        {**good, "kid": "x", "alg": ["ES256"]},
        {**good, "kid": "x", "x": "AAAA"},
        {**good, "kid": "x", "x": 7},
        {**good, "kid": ["x"]},
        {"kid": "x", "kty": ["EC"]}, {"kid": "x", "kty": "EC", "crv": {}}, {"kid": "x"}, {},
    ]  # fmt: skip
    found = read_keys(json.dumps({"keys": [*refused, good]}).encode())
    assert list(found) == ["good"]
    assert len(read_keys(json.dumps({"keys": [{**good, "kid": str(n)} for n in range(500)]}).encode())) == 50


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1.0, 4.0, 30.0, 61.0, 3601.0])),
        st.tuples(st.just("publish"), st.sets(st.sampled_from("abc"), min_size=1)),
        st.tuples(st.just("break"), st.booleans()),
        st.tuples(st.just("find"), st.sampled_from("abc")),
    ),
    max_size=40,
)


@given(STEPS)
@settings(deadline=None)
def test_whatever_happens_keys_are_had_and_asked_for_rarely(
    steps: list[tuple[str, Any]],
) -> None:
    entries = {kid: make(kid).as_dict(private=False) for kid in "abc"}
    now, published, broken = 0.0, {"a"}, False
    asked: list[float] = []
    last_good: set[str] = set()

    async def get() -> bytes:
        nonlocal last_good
        asked.append(now)
        if broken:
            raise OSError
        last_good = set(published)
        return json.dumps({"keys": [entries[kid] for kid in published]}).encode()

    async def play() -> None:
        nonlocal now, published, broken
        keys = PublicKeys(get, lambda: now)
        for what, value in steps:
            if what == "wait":
                now += value
            elif what == "publish":
                published = value
            elif what == "break":
                broken = value
            else:
                found = await keys.find(value)
                assert (found is not None) == (value in last_good), (
                    "what was had last counts, and nothing else"
                )
                is_due = not asked or now - asked[-1] >= 60
                assert not (is_due and value in published and not broken) or found is not None

    asyncio.run(play())
    for third, first in zip(asked[2:], asked, strict=False):
        assert third - first >= 5, "never three times in a row"
