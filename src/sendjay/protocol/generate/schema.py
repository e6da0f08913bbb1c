"""The contract as JSON Schema (2020-12), with what is said about each field."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from sendjay.protocol.generate.contract import Contract, Shape

Schema = dict[str, Any]


def render(contract: Contract) -> str:
    """One document: a frame is what either side may send; `$defs` names everything."""
    template = "#/$defs/{name}"
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Sendjay wire contract",
        "description": "Made by `sendjay protocol`. One text frame is one JSON object.",
        "anyOf": [{"$ref": "#/$defs/ClientFrame"}, {"$ref": "#/$defs/ServerFrame"}],
        "$defs": {
            "ClientFrame": _one_of("cmd", contract.commands, template),
            "ServerFrame": {
                "anyOf": [
                    *({"$ref": template.format(name=reply_name(shape))} for shape in contract.commands),
                    {"$ref": template.format(name="ErrorReply")},
                    {"$ref": template.format(name="AnyEvent")},
                ]
            },
            "AnyEvent": _one_of("ev", contract.events, template),
            **definitions(contract, template),
        },
    }
    return to_text(document)


def definitions(contract: Contract, template: str) -> dict[str, Schema]:
    """Every shape's schema by name, and a reply for each command; `template` makes the references."""
    shapes = [*contract.objects, *contract.requests, *contract.replies, *contract.commands, *contract.events]
    described = [shape for shape in shapes if shape.name != "Reply"]
    _, components = msgspec.json.schema_components(
        [shape.struct for shape in described], ref_template=template
    )
    for shape in described:
        _describe(components[shape.name], shape)
    components["Refusal"]["properties"]["code"] |= {"examples": list(contract.codes)}
    components |= {
        reply_name(shape): _reply(template.format(name=contract.answers[shape.tag]), shape.tag)
        for shape in contract.commands
    }
    return components


def reply_name(command: Shape) -> str:
    """The name of a command's whole answer frame."""
    return f"{command.name}Reply"


def to_text(document: Schema) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _describe(schema: Schema, shape: Shape) -> None:
    for field in shape.fields:
        if field.doc:
            schema["properties"][field.name]["description"] = field.doc


def _reply(answer: str, tag: str) -> Schema:
    return {
        "title": f"Reply to {tag}",
        "type": "object",
        "properties": {"re": {"type": "integer"}, "ok": {"$ref": answer}},
        "required": ["re", "ok"],
    }


def _one_of(tag_field: str, shapes: list[Shape], template: str) -> Schema:
    refs = {shape.tag: template.format(name=shape.name) for shape in shapes}
    return {
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": tag_field, "mapping": refs},
    }
