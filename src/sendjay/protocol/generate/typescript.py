"""The contract as TypeScript types, for web/core and for whoever else writes a client."""

from __future__ import annotations

import json
from collections.abc import Iterable

from msgspec import inspect

from sendjay.protocol.generate.contract import Contract, Field, Shape

_HEAD = """\
// Made by `sendjay protocol` from src/sendjay/protocol. Do not edit: change it there.
// An absent field has its default; fields that you do not know may come, and are to be passed over.
"""
_PLAIN: dict[type, str] = {
    inspect.IntType: "number",
    inspect.FloatType: "number",
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.AnyType: "unknown",
}


def render(contract: Contract) -> str:
    """The whole module."""
    names = {frozenset(values): name for name, values in contract.literals.items()}
    writer = _Writer(names)
    parts = [
        _HEAD,
        *(f"export type {name} = {_choices(values)};\n" for name, values in contract.literals.items()),
        _codes(contract),
        *(writer.interface(shape) for shape in contract.objects),
        *(writer.interface(shape) for shape in contract.requests),
        *(writer.interface(shape) for shape in contract.replies if shape.name != "Reply"),
        "export interface Reply<Answer = unknown> {\n  re: number;\n  ok: Answer;\n}\n",
        *(writer.interface(shape, leave_out="id") for shape in contract.commands),
        _commands(contract),
        *(writer.interface(shape) for shape in contract.events),
        _union("AnyEvent", (shape.name for shape in contract.events)),
    ]
    return "\n".join(parts)


class _Writer:
    def __init__(self, names: dict[frozenset[str], str]) -> None:
        self._names = names

    def interface(self, shape: Shape, leave_out: str = "") -> str:
        """A command is described without its id and name, which the sender adds."""
        fields = [field for field in shape.fields if field.name != leave_out]
        doc = _comment(shape.doc)
        is_event = shape.tag_field == "ev"
        if not fields and not is_event:
            return f"{doc}export type {shape.name} = Record<string, never>;\n"
        lines = [f'  ev: "{shape.tag}";\n'] if is_event else []
        lines += [self._field(field) for field in fields]
        return f"{doc}export interface {shape.name} {{\n{''.join(lines)}}}\n"

    def _field(self, field: Field) -> str:
        mark = "" if field.required else "?"
        return f"{_comment(field.doc, '  ')}  {field.name}{mark}: {self.type(field.type)};\n"

    def type(self, wanted: inspect.Type) -> str:
        """One type in TypeScript's words."""
        match wanted:
            case inspect.StructType(cls=struct):
                return struct.__name__
            case inspect.LiteralType(values=values):
                return self._names.get(frozenset(map(str, values)), _choices(values))
            case inspect.UnionType(types=types):
                return " | ".join(self.type(each) for each in types)
            case inspect.ListType(item_type=item):
                inner = self.type(item)
                return f"({inner})[]" if " " in inner else f"{inner}[]"
            case inspect.TupleType(item_types=items):
                return f"[{', '.join(self.type(item) for item in items)}]"
            case inspect.DictType(value_type=value):
                return f"Record<string, {self.type(value)}>"
            case _:
                return _PLAIN[type(wanted)]


def _commands(contract: Contract) -> str:
    lines = [
        f'  "{shape.tag}": {{ request: {shape.name}; answer: {contract.answers[shape.tag]} }};\n'
        for shape in contract.commands
    ]
    doc = _comment("Every command: its fields beside `id` and `cmd`, and what it is answered with.")
    return f"{doc}export interface Commands {{\n{''.join(lines)}}}\n"


def _codes(contract: Contract) -> str:
    # One by one, and not as an object: a page that uses four of them loads four.
    closes = (
        f"{_comment(each.doc)}export const CLOSE_{each.name} = {each.value};\n" for each in contract.closes
    )
    return "\n".join(
        (
            _union("ErrorCode", (json.dumps(code) for code in contract.codes)),
            "// How the server closes a connection: what the client does next.\n",
            *closes,
        )
    )


def _union(name: str, members: Iterable[str]) -> str:
    return f"export type {name} =\n" + "\n".join(f"  | {member}" for member in members) + ";\n"


def _choices(values: Iterable[object]) -> str:
    return " | ".join(json.dumps(value) for value in values)


def _comment(text: str, indent: str = "") -> str:
    if not text:
        return ""
    lines = text.splitlines()
    if len(lines) == 1:
        return f"{indent}/** {text} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"
