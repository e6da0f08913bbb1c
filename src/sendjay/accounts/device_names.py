"""A readable name for a device that gave none, from what its browser says of itself."""

from __future__ import annotations

import msgspec

from sendjay.accounts.model import Device

_BROWSERS = (
    ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""The first that fits: each one also claims to be those after it."""
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Macintosh", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
_LOOKED_AT = 512
"""Characters: what comes after is nobody's own browser."""


def named(device: Device, user_agent: str) -> Device:
    """The device with a name, where one can be told."""
    if device.name.strip():
        return device
    return msgspec.structs.replace(device, name=name_from_user_agent(user_agent))


def name_from_user_agent(user_agent: str) -> str:
    """Such as "Chrome, Windows"; empty for what is no known browser."""
    text = user_agent[:_LOOKED_AT]
    browser = next((name for sign, name in _BROWSERS if sign in text), "")
    system = next((name for sign, name in _SYSTEMS if sign in text), "")
    return ", ".join(part for part in (browser, system) if part) if browser else ""
