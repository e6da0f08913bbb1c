"""What the command line asks of safety."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from sendjay.control import Arguments, Handler
from sendjay.safety.service import SafetyService


class ListReports(Struct, forbid_unknown_fields=True):
    before: str
    limit: Annotated[int, Meta(ge=1, le=100)]


def handlers(safety: SafetyService) -> Mapping[str, Handler]:
    async def all_reports(arguments: Arguments) -> object:
        asked = msgspec.convert(arguments, ListReports)
        return msgspec.to_builtins(await safety.all_reports(asked.before, asked.limit))

    return {"report.list": all_reports}
