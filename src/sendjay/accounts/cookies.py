"""The two cookies of a signed-in page. Scripts cannot read them, other sites cannot send them."""

from __future__ import annotations

from litestar.datastructures import Cookie

ACCESS = "sendjay_access"
REFRESH = "sendjay_refresh"
_REFRESH_PATH = "/api/auth"


def tokens(
    access: str, access_seconds: int, refresh: str, session_seconds: int, *, secure: bool
) -> list[Cookie]:
    return [
        _cookie(ACCESS, "/", access, access_seconds, secure=secure),
        _cookie(REFRESH, _REFRESH_PATH, refresh, session_seconds, secure=secure),
    ]


def none(*, secure: bool) -> list[Cookie]:
    """Takes both away."""
    return [_cookie(ACCESS, "/", "", 0, secure=secure), _cookie(REFRESH, _REFRESH_PATH, "", 0, secure=secure)]


def _cookie(name: str, path: str, value: str, seconds: int, *, secure: bool) -> Cookie:
    return Cookie(
        key=name, path=path, value=value, max_age=seconds, httponly=True, samesite="strict", secure=secure
    )
