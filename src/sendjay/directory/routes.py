"""The directory over REST."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, Router, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta, Struct

from sendjay.actor import Actor
from sendjay.directory.model import IDS_LIMIT, Me, ProfileEdit
from sendjay.directory.service import DirectoryService
from sendjay.protocol.errors import Code, Refused
from sendjay.protocol.objects import Org, Person
from sendjay.rest import is_held

Caller = Request[Actor, Any, Any]
Directory = NamedDependency[DirectoryService]


PHOTO_UPLOAD_BYTES = 5_000_000


class OrgsAnswer(Struct):
    orgs: list[Org]


class PeopleAnswer(Struct):
    people: list[Person]


class PeopleRequest(Struct, forbid_unknown_fields=True):
    ids: Annotated[list[Annotated[str, Meta(max_length=64)]], Meta(max_length=IDS_LIMIT)]


@get("/me")
async def me(request: Caller, directory: Directory) -> Me:
    """Myself, as colleagues see me, and my settings."""
    return await directory.me(request.user)


@patch("/me")
async def edit_me(data: JSONBody[ProfileEdit], request: Caller, directory: Directory) -> Me:
    """Change what people change about themselves; what is left out stays."""
    return await directory.edit_me(request.user, data)


@put("/me/photo", request_max_body_size=PHOTO_UPLOAD_BYTES)
async def put_my_photo(request: Caller, directory: Directory) -> Me:
    """The body is an image (JPEG, PNG, GIF, WebP, AVIF) of 5 MB at most; it is made square and small."""
    return await directory.put_my_photo(request.user, await request.body())


@delete("/me/photo", status_code=200)
async def drop_my_photo(request: Caller, directory: Directory) -> Me:
    """No photo any more."""
    return await directory.drop_my_photo(request.user)


@get("/directory/orgs")
async def orgs(request: Caller, directory: Directory) -> OrgsAnswer:
    """The org tree in display order."""
    return OrgsAnswer(await directory.orgs_shown_to(request.user))


@get("/directory/people")
async def people(
    request: Caller,
    directory: Directory,
    org: Annotated[str | None, QueryParameter(max_length=64)] = None,
    q: Annotated[str | None, QueryParameter(max_length=200)] = None,
    ids: Annotated[str | None, QueryParameter(max_length=65 * IDS_LIMIT)] = None,
) -> PeopleAnswer:
    """Direct members of an org, people found by words, or people by comma-separated ids."""
    match (org, q, ids):
        case (str(), None, None):
            return PeopleAnswer(await directory.people_of_org(request.user, org))
        case (None, str(), None):
            return PeopleAnswer(await directory.search(request.user, q))
        case (None, None, str()):
            return PeopleAnswer(
                await directory.people(request.user, [each for each in ids.split(",") if each])
            )
        case _:
            raise Refused(Code.INVALID, "Give one of `org`, `q` and `ids`.")


@post("/directory/people", status_code=200)
async def people_by_ids(data: JSONBody[PeopleRequest], request: Caller, directory: Directory) -> PeopleAnswer:
    """People by ids, disabled ones included; ids that nobody has are left out."""
    return PeopleAnswer(await directory.people(request.user, data.ids))


@get("/directory/team")
async def team(request: Caller, directory: Directory) -> PeopleAnswer:
    """The people of my org, me first."""
    return PeopleAnswer(await directory.team(request.user))


@get("/directory/people/{person:str}/photo", media_type="application/octet-stream")
async def photo(
    person: FromPath[str], request: Caller, directory: Directory, v: FromQuery[str | None] = None
) -> Response[bytes]:
    """Somebody's photo, at the version that their entry names."""
    found = await directory.photo(request.user, person)
    if found is None:
        raise Refused(Code.NOT_FOUND)
    tag = f'"{found.version}"'
    headers = {
        "ETag": tag,
        # A photo never changes under its version; without one it has to be asked again.
        "Cache-Control": "private, max-age=31536000, immutable"
        if v == found.version
        else "private, no-cache",
        # What somebody uploaded is an image and nothing that a browser would run.
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if is_held(tag, request.headers.get("if-none-match", "")):
        return Response(b"", status_code=304, headers=headers, media_type=found.media_type)
    return Response(found.image, headers=headers, media_type=found.media_type)


def create_router(directory: DirectoryService) -> Router:
    return Router(
        "/api",
        route_handlers=[
            me,
            edit_me,
            put_my_photo,
            drop_my_photo,
            orgs,
            people,
            people_by_ids,
            team,
            photo,
        ],
        dependencies={"directory": Provide(lambda: directory, sync_to_thread=False)},
        request_max_body_size=262_144,
        tags=["directory"],
    )
