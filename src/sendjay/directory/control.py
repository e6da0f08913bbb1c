"""What the command line asks of the directory."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from sendjay.control import Arguments, Handler
from sendjay.directory.entries import OrgEntry, UserEntry
from sendjay.directory.service import DirectoryService
from sendjay.protocol.objects import Org


class ImportOrgs(Struct, forbid_unknown_fields=True):
    orgs: list[OrgEntry]


class ImportUsers(Struct, forbid_unknown_fields=True):
    users: list[UserEntry]


class Overview(Struct):
    orgs: list[Org]
    people: dict[str, int]
    """How many people each org has directly; "" counts those without an org."""


def handlers(directory: DirectoryService) -> Mapping[str, Handler]:
    async def import_orgs(arguments: Arguments) -> object:
        asked = msgspec.convert(arguments, ImportOrgs)
        return msgspec.to_builtins(await directory.upsert_orgs(asked.orgs))

    async def import_users(arguments: Arguments) -> object:
        asked = msgspec.convert(arguments, ImportUsers)
        return msgspec.to_builtins(await directory.upsert_users(asked.users, "import"))

    async def overview(_arguments: Arguments) -> object:
        return msgspec.to_builtins(Overview(await directory.orgs(), await directory.head_counts()))

    return {"directory.orgs": import_orgs, "directory.users": import_users, "directory.overview": overview}
