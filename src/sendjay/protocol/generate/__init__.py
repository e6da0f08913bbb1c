"""From the Structs to what programs and people read: TypeScript, JSON Schema, AsyncAPI and the reference."""

from __future__ import annotations

from sendjay.protocol.generate import asyncapi, reference, schema, typescript
from sendjay.protocol.generate.contract import read_contract

TYPESCRIPT = "web/protocol/wire.gen.ts"
JSON_SCHEMA = "docs/protocol/schema.json"
ASYNCAPI = "docs/protocol/asyncapi.json"
REFERENCE = "docs/protocol.md"


def generate() -> dict[str, str]:
    """Every generated file's text, by its path from the top of the source."""
    contract = read_contract()
    return {
        TYPESCRIPT: typescript.render(contract),
        JSON_SCHEMA: schema.render(contract),
        ASYNCAPI: asyncapi.render(contract),
        REFERENCE: reference.render(contract),
    }
