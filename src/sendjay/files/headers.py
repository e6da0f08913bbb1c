"""What a file's answer says beside its bytes, so that nothing of what people send runs anywhere."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sendjay.files.kinds import IMAGES, UNKNOWN, VIDEOS

SAFE = IMAGES | VIDEOS
"""Shown by the browser; all else is only saved."""

_NO_TOKEN = re.compile(r"[^A-Za-z0-9 ._()\[\]+=,;@&!#$-]")


def headers_of(row: Any, *, as_download: bool) -> dict[str, str]:
    """For a row of `files`."""
    is_shown = row.media_type in SAFE and not as_download
    return {
        "Content-Type": _media_type(row.media_type),
        "Content-Disposition": disposition("inline" if is_shown else "attachment", row.name),
        # A browser never takes it for something else than we say.
        "X-Content-Type-Options": "nosniff",
        # Opened by its address, even a page or an SVG runs nothing and knows nothing of us.
        "Content-Security-Policy": "sandbox; default-src 'none'",
        # Other sites' pages cannot put it in, and learn from its size or shape who may see it.
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "ETag": tag_of(row),
        # Kept by the browser, but asked about at each use: who may see it no longer gets it no longer.
        "Cache-Control": "private, no-cache",
    }


def tag_of(row: Any) -> str:
    """What is under an id never changes."""
    return f'"{row.file_id}-{row.size:x}"'


def disposition(how: str, name: str) -> str:
    """With the name as it is, and one in ASCII for who does not know that form."""
    plain = _NO_TOKEN.sub("_", name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _media_type(media_type: str) -> str:
    # A text is shown by nobody here, so nobody need guess at its encoding.
    return media_type if media_type in SAFE or not media_type.startswith("text/") else UNKNOWN
