"""The words of tus 1.0 (resumable uploads): headers in, headers out. https://tus.io/protocols/resumable-upload"""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

import structlog
from litestar import Request, Response
from litestar.types import ExceptionHandlersMap, Receive

from sendjay.files.depot import Unreachable
from sendjay.files.parts import Checksum, UploadInUse, WrongChecksum
from sendjay.files.uploads import Upload
from sendjay.protocol.errors import Code, Refused
from sendjay.rest import refused_to_response

log = structlog.get_logger(__name__)

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS = ("sha256", "sha1", "md5")
PART_TYPE = "application/offset+octet-stream"
_METADATA_LENGTH = 8_192
_SIZE_DIGITS = 16

AnyRequest = Request[Any, Any, Any]


class HungUp(ConnectionError):
    """The client is gone in the middle of a part."""


def check_version(request: AnyRequest) -> None:
    """Raises OtherVersion."""
    if request.headers.get("tus-resumable") != VERSION:
        raise OtherVersion


class OtherVersion(Exception):
    """It does not speak our version."""


def number(request: AnyRequest, name: str) -> int | None:
    """A header that is a whole number; None where it was not sent. Raises Refused(INVALID)."""
    said = request.headers.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= _SIZE_DIGITS):
        raise Refused(Code.INVALID, f"{name} is a whole number.")
    return int(said)


def needed(request: AnyRequest, name: str) -> int:
    """Raises Refused(INVALID)."""
    found = number(request, name)
    if found is None:
        raise Refused(Code.INVALID, f"{name} is missing.")
    return found


def name_in(metadata: str) -> str:
    """The file's name, of all that a client says about it. Raises Refused(INVALID)."""
    if len(metadata) > _METADATA_LENGTH:
        raise Refused(Code.INVALID, "Upload-Metadata is too long.")
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError, ValueError):
                raise Refused(
                    Code.INVALID, "The filename in Upload-Metadata is no Base64 of UTF-8."
                ) from None
    return ""


def checksum_of(request: AnyRequest) -> Checksum | None:
    """Raises Refused(INVALID)."""
    said = request.headers.get("upload-checksum")
    if said is None:
        return None
    algorithm, _, value = said.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ALGORITHMS or not digest:
        raise Refused(Code.INVALID, f"Upload-Checksum is one of {', '.join(ALGORITHMS)}, and Base64.")
    return Checksum(algorithm, digest)


async def body_of(receive: Receive) -> AsyncIterator[bytes]:
    """The request's body as it comes; the network waits while a piece is being taken in. Raises HungUp."""
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


def standing_headers(upload: Upload) -> dict[str, str]:
    headers = {
        "Tus-Resumable": VERSION, "Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size),
        "Cache-Control": "no-store",
    }  # fmt: skip
    if upload.expires_at:
        headers["Upload-Expires"] = formatdate(upload.expires_at / 1000, usegmt=True)
    return headers


# What goes wrong, in this protocol's own numbers


def refused(request: AnyRequest, error: Refused) -> Response[Any]:
    answer = refused_to_response(request, error)
    answer.headers["Tus-Resumable"] = VERSION
    return answer


def in_use(request: AnyRequest, _error: UploadInUse) -> Response[Any]:
    answer = refused(request, Refused(Code.CONFLICT, "This upload is being continued elsewhere."))
    answer.status_code = 423
    return answer


def wrong_checksum(request: AnyRequest, _error: WrongChecksum) -> Response[Any]:
    answer = refused(request, Refused(Code.INVALID, "It did not arrive as it was sent. Send it again."))
    answer.status_code = 460
    return answer


def other_version(request: AnyRequest, _error: OtherVersion) -> Response[Any]:
    answer = refused(request, Refused(Code.INVALID, f"Tus-Resumable: {VERSION} is what is spoken here."))
    answer.status_code = 412
    answer.headers["Tus-Version"] = VERSION
    return answer


def hung_up(request: AnyRequest, _error: HungUp) -> Response[Any]:
    """Nobody hears it."""
    return refused(request, Refused(Code.MALFORMED))


def unreachable(request: AnyRequest, error: Unreachable) -> Response[Any]:
    log.warning("files.unreachable", error=str(error))
    return refused(request, Refused(Code.BUSY, retry_after_ms=3000))


HANDLERS: ExceptionHandlersMap = {
    Refused: refused,
    UploadInUse: in_use,
    WrongChecksum: wrong_checksum,
    OtherVersion: other_version,
    HungUp: hung_up,
    Unreachable: unreachable,
}
