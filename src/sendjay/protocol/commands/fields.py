"""What fields of commands are made of, and what every command carries."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[!-~]+$(?!\n)")]
"""The client's idempotency key: printable ASCII, unique per sender for ever. Any random UUID will do; one
that rises with time (UUID version 7) is cheaper to keep."""
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
RequestId = Annotated[int, Meta(ge=0, le=2**53 - 1)]
People = Annotated[list[Id], Meta(max_length=2000)]
Mentions = Annotated[list[Id], Meta(max_length=50)]
Files = Annotated[list[Id], Meta(max_length=20)]
SearchKind = Literal["image", "video", "file", "link"]
SearchKinds = Annotated[list[SearchKind], Meta(max_length=4)]
SearchText = Annotated[str, Meta(max_length=200)]
RoomName = Annotated[str, Meta(max_length=200)]


class Command(Struct, tag_field="cmd", forbid_unknown_fields=True, frozen=True, gc=False):
    """What every command carries: the id its reply will name."""

    id: RequestId
