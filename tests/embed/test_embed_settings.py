"""Settings of a portal that cannot be meant are named in a sentence, and nothing starts with them."""

from __future__ import annotations

from typing import Any

import pytest

from sendjay.settings import SettingsError, load_settings

UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "a short secret": ({"embed_secret": "x" * 31}, "32 random bytes"),
    "a public key for a secret": ({"embed_secret": "-----BEGIN PUBLIC KEY-----\n" + "M" * 60}, "embed_jwks"),
    "a secret and keys": ({"embed_secret": "x" * 32, "embed_jwks": "https://portal.example/keys"}, "exclude"),
    "keys that are not there": ({"embed_jwks": "/nowhere/keys.json"}, "/nowhere/keys.json is not there"),
    "keys of another kind of address": ({"embed_jwks": "ftp://portal.example/keys"}, "is not there"),
    "no audience": ({"embed_audience": ""}, "embed_audience"),
    "an origin that uses the cookie": (
        {"embed_origins": ["https://a.example"], "allowed_origins": ["https://a.example/"]}, "https://a.example",
    ),
    "our own address": (
        {"embed_origins": ["https://a.example"], "public_url": "https://a.example"}, "https://a.example",
    ),
}  # fmt: skip
NO_ORIGINS = [
    "*", "https://*", "https://*.example.com", "null", "portal.example", "//portal.example", "ftp://portal.example",
    "https://portal.example/", "https://portal.example/app", "https://Portal.example", "https://포털.example",
    "https://portal.example:443", "http://portal.example:80", "https://portal.example:", "https://a@portal.example",
    "https://portal.example https://b.example", "https://portal.example;script-src *",
    "https://portal.example\r\nX: y", "https://", "'self'", "",
]  # fmt: skip
ORIGINS = [
    "https://portal.example",
    "http://localhost:8090",
    "http://127.0.0.1:8443",
    "https://xn--9i2b3g.example",
    "https://portal",
]


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_cannot_be_used_is_named(name: str) -> None:
    values, said = UNUSABLE[name]
    with pytest.raises(SettingsError, match=said):
        load_settings(environ={}, **values)


@pytest.mark.parametrize("origin", NO_ORIGINS)
def test_an_origin_that_no_browser_would_say_is_refused(origin: str) -> None:
    with pytest.raises(SettingsError, match="embed_origins"):
        load_settings(environ={}, embed_origins=[origin])


@pytest.mark.parametrize("origin", ORIGINS)
def test_an_origin_as_browsers_say_it_is_taken(origin: str) -> None:
    assert load_settings(environ={}, embed_origins=[origin]).embed_origins == [origin]


def test_nobody_may_embed_anything_by_default() -> None:
    settings = load_settings(environ={})
    assert (settings.embed_origins, settings.embed_secret, settings.embed_jwks) == ([], "", "")
    assert not settings.embed_creates_people
