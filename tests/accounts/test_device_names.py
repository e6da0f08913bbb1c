"""A device that gives no name gets a readable one from its browser's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendjay.accounts.device_names import name_from_user_agent
from tests.accounts.office import Office

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/141.0.0.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = f"Mozilla/5.0 (Linux; Android 15; SM-S931N) {WEBKIT}"

NAMES = {
    f"{WINDOWS} Safari/537.36": "Chrome, Windows",
    f"{WINDOWS} Safari/537.36 Edg/141.0.0.0": "Edge, Windows",
    f"{WINDOWS} Whale/4.33.325.17 Safari/537.36": "Whale, Windows",
    f"{WINDOWS} Safari/537.36 OPR/122.0.0.0": "Opera, Windows",
    f"{MAC} Version/18.6 Safari/605.1.15": "Safari, macOS",
    f"{IPHONE} Version/18.6 Mobile/15E148 Safari/604.1": "Safari, iPhone",
    f"{IPHONE} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
    f"{IPHONE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15": "Firefox, iPhone",
    f"{ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36": "Chrome, Android",
    f"{ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": "Samsung Internet, Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0": "Firefox, Linux",
    f"Mozilla/5.0 (X11; CrOS x86_64 16328.55.0) {WEBKIT} Chrome/140.0.0.0 Safari/537.36": "Chrome, ChromeOS",
    "python-httpx/0.28.1": "",
    "Dalvik/2.1.0 (Linux; U; Android 14)": "",
    "": "",
}


@pytest.mark.parametrize(("user_agent", "name"), NAMES.items())
def test_a_browser_is_called_by_its_name_and_its_system(user_agent: str, name: str) -> None:
    assert name_from_user_agent(user_agent) == name


@given(st.text(max_size=2000))
def test_whatever_a_caller_says_the_name_is_short_and_made_of_known_words(user_agent: str) -> None:
    name = name_from_user_agent(user_agent)
    assert len(name) <= 40
    assert name.isascii()


async def test_a_device_keeps_the_name_it_gave_itself(office: Office) -> None:
    await office.hire("kim")
    chrome = next(iter(NAMES))
    async with office.client() as client:
        client.headers["User-Agent"] = chrome
        for device in ({"id": "a", "name": "회의실 PC"}, {"id": "b"}, {"id": "c", "name": " "}, None):
            body = {"login": "kim", "password": "correct horse", "device": device}
            assert (await client.post("/api/auth/sign-in", json=body)).status_code == 200
    names = office.query("SELECT device_name FROM sessions ORDER BY session_id")
    assert names == [("회의실 PC",), ("Chrome, Windows",), ("Chrome, Windows",), ("Chrome, Windows",)]
