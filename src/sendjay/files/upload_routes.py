"""Uploads over HTTP: tus 1.0, and what a client has to know before it begins one."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router, delete, get, head, patch, post, route
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT
from msgspec import Struct

from sendjay.actor import Actor
from sendjay.files import tus
from sendjay.files.uploads import Upload, Uploads
from sendjay.protocol.commands import Id
from sendjay.protocol.errors import Code, Refused
from sendjay.settings import Settings

ActorRequest = Request[Actor, Any, Any]
PATH = "/api/uploads"


class UploadRules(Struct):
    """What may be uploaded, and how."""

    bytes_max: int
    """The largest file."""
    part_bytes: int
    """The size of the parts that an upload is to come in."""
    types: list[str]
    """Media types that may be sent, such as image/*; empty: all."""


def create_router(uploads: Uploads, settings: Settings) -> Router:
    @get("/")
    async def rules() -> UploadRules:
        """How large a file may be, in which parts it is to come, and which kinds are taken."""
        return UploadRules(settings.file_bytes_max, settings.upload_part_bytes, settings.file_types)

    @route("/", http_method="OPTIONS", status_code=HTTP_204_NO_CONTENT, include_in_schema=False)
    async def abilities() -> Response[None]:
        headers = {
            "Tus-Resumable": tus.VERSION, "Tus-Version": tus.VERSION, "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(settings.file_bytes_max),
            "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
        }  # fmt: skip
        return Response(None, headers=headers)

    @post("/", status_code=HTTP_201_CREATED)
    async def begin(request: ActorRequest) -> Response[None]:
        """Begin an upload of Upload-Length bytes (tus 1.0); its address is in the header Location. The last
        part of the address is the file's id.
        """
        return _begun(await _begin(uploads, request))

    @head("/{upload_id:str}", include_in_schema=False)
    async def standing(request: ActorRequest, upload_id: Id) -> Response[None]:
        tus.check_version(request)
        upload = await uploads.standing(request.user, upload_id)
        return Response(None, headers=tus.standing_headers(upload))

    @patch("/{upload_id:str}", status_code=HTTP_204_NO_CONTENT)
    async def go_on(request: ActorRequest, upload_id: Id) -> Response[None]:
        """The next part of an upload (tus 1.0), beginning at Upload-Offset."""
        return _standing(await _go_on(uploads, request, upload_id))

    @delete("/{upload_id:str}", status_code=HTTP_204_NO_CONTENT)
    async def cancel(request: ActorRequest, upload_id: Id) -> Response[None]:
        """Give an upload up; also a finished one, as long as no message carries it."""
        tus.check_version(request)
        await uploads.cancel(request.user, upload_id)
        return Response(None, headers={"Tus-Resumable": tus.VERSION})

    @post("/{upload_id:str}", status_code=HTTP_204_NO_CONTENT, include_in_schema=False)
    async def overridden(request: ActorRequest, upload_id: Id) -> Response[None]:
        """For clients behind something that lets no PATCH through."""
        if request.headers.get("x-http-method-override", "").upper() != "PATCH":
            raise Refused(Code.UNKNOWN_COMMAND)
        return _standing(await _go_on(uploads, request, upload_id))

    # First: where a path is known without OPTIONS, the framework answers that by itself.
    handlers: list[Any] = [abilities, rules, begin, standing, go_on, cancel, overridden]
    return Router(
        PATH,
        route_handlers=handlers,
        exception_handlers=tus.HANDLERS,
        # A part is taken in as it comes, and bounded by what its upload was said to have.
        request_max_body_size=None,
        tags=["files"],
    )


async def _begin(uploads: Uploads, request: ActorRequest) -> Upload:
    tus.check_version(request)
    if "upload-defer-length" in request.headers:
        raise Refused(Code.INVALID, "Upload-Length has to be known from the beginning.")
    size, metadata = tus.needed(request, "Upload-Length"), request.headers.get("upload-metadata", "")
    upload = await uploads.begin(request.user, tus.name_in(metadata), size)
    if request.headers.get("content-type") != tus.PART_TYPE or upload.is_whole:
        return upload
    return await _append(uploads, request, upload.file_id, 0)


async def _go_on(uploads: Uploads, request: ActorRequest, upload_id: str) -> Upload:
    tus.check_version(request)
    if request.headers.get("content-type") != tus.PART_TYPE:
        raise Refused(Code.WRONG_KIND, f"A part comes as {tus.PART_TYPE}.")
    return await _append(uploads, request, upload_id, tus.needed(request, "Upload-Offset"))


async def _append(uploads: Uploads, request: ActorRequest, upload_id: str, offset: int) -> Upload:
    return await uploads.append(
        request.user,
        upload_id,
        offset,
        tus.body_of(request.receive),
        announced=tus.number(request, "Content-Length"),
        checksum=tus.checksum_of(request),
    )


def _standing(upload: Upload) -> Response[None]:
    return Response(None, status_code=HTTP_204_NO_CONTENT, headers=tus.standing_headers(upload))


def _begun(upload: Upload) -> Response[None]:
    headers = tus.standing_headers(upload) | {"Location": f"{PATH}/{upload.file_id}"}
    return Response(None, status_code=HTTP_201_CREATED, headers=headers)
