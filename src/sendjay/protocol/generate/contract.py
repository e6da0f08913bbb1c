"""Reads the protocol's modules into one description: every shape with its fields and what is said about them.

msgspec knows the types; what stands under an attribute in quotes is read from the source.
"""

from __future__ import annotations

import ast
import inspect
import typing
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

import msgspec
from msgspec.inspect import StructType, Type, type_info

from sendjay.protocol import commands, errors, events, objects, replies


class Field(NamedTuple):
    """One field as it is named on the wire."""

    name: str
    type: Type
    required: bool
    default: object
    """What an absent field means; `msgspec.NODEFAULT` where it may not be absent."""
    doc: str


class Shape(NamedTuple):
    """One Struct."""

    name: str
    struct: type[msgspec.Struct]
    tag_field: str | None
    tag: str
    doc: str
    fields: list[Field]


class CloseCode(NamedTuple):
    name: str
    value: int
    doc: str


class Contract(NamedTuple):
    """All that travels."""

    commands: list[Shape]
    answers: dict[str, str]
    """The name of the answer's Struct, by command."""
    requests: list[Shape]
    """Structs that are parts of commands."""
    replies: list[Shape]
    events: list[Shape]
    objects: list[Shape]
    literals: dict[str, tuple[str, ...]]
    """Named choices, such as RoomKind."""
    codes: dict[str, str]
    """Every error code and its sentence."""
    retryable: frozenset[str]
    closes: list[CloseCode]


def read_contract() -> Contract:
    tagged = set(typing.get_args(commands.AnyCommand)) | set(typing.get_args(events.AnyEvent))
    return Contract(
        commands=[_shape(struct) for struct in typing.get_args(commands.AnyCommand)],
        answers={command: struct.__name__ for command, struct in replies.ANSWERS.items()},
        requests=[
            shape
            for shape in _shapes(commands)
            if shape.struct not in tagged and shape.struct is not commands.Command
        ],
        replies=_shapes(replies),
        events=[_shape(struct) for struct in typing.get_args(events.AnyEvent)],
        objects=[shape for shape in _shapes(objects) if shape.struct is not objects.Wire],
        literals=_literals(objects),
        codes={code.value: errors.SENTENCES[code] for code in errors.Code},
        retryable=frozenset(code.value for code in errors.RETRYABLE),
        closes=_closes(),
    )


def _shapes(module: ModuleType) -> list[Shape]:
    """The Structs that a module defines itself, or a package in its modules, in the order they stand in."""
    parts = [part for part in vars(module).values() if _is_in(getattr(part, "__name__", ""), module)]
    found = [
        each
        for part in (module, *parts)
        for each in vars(part).values()
        if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__module__ == part.__name__
    ]
    return [_shape(struct) for struct in found]


def _is_in(name: str, package: ModuleType) -> bool:
    return name.startswith(f"{package.__name__}.")


def _shape(struct: type[msgspec.Struct]) -> Shape:
    info = type_info(struct)
    assert isinstance(info, StructType)
    said = _attribute_docs(struct)
    fields = [
        Field(field.encode_name, field.type, field.required, _default(field), said.get(field.name, ""))
        for field in info.fields
    ]
    doc = inspect.cleandoc(struct.__dict__.get("__doc__") or "")
    return Shape(struct.__name__, struct, info.tag_field, str(info.tag or ""), doc, fields)


def _default(field: msgspec.inspect.Field) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _attribute_docs(struct: type[Any]) -> dict[str, str]:
    """What stands in quotes under each attribute, of the class and those it inherits from."""
    said: dict[str, str] = {}
    for each in reversed(struct.__mro__):
        if each.__module__.startswith("sendjay."):
            module = inspect.getmodule(each)
            assert module is not None
            said |= _class_docs(module).get(each.__name__, {})
    return said


def _class_docs(module: ModuleType) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: _docs_in(node.body) for node in tree.body if isinstance(node, ast.ClassDef)}


def _docs_in(body: list[ast.stmt]) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement, following in pairwise(body):
        match statement, following:
            case (
                ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = inspect.cleandoc(text)
            case _:
                pass
    return found


def _literals(module: ModuleType) -> dict[str, tuple[str, ...]]:
    return {
        name: typing.get_args(value)
        for name, value in vars(module).items()
        if typing.get_origin(value) is typing.Literal
    }


def _closes() -> list[CloseCode]:
    said = _class_docs(errors)["Close"]
    return [CloseCode(each.name, each.value, said.get(each.name, "")) for each in errors.Close]
