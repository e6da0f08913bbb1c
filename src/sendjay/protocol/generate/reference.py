"""The contract as a page to read: docs/protocol.md."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import inspect

from sendjay.protocol.generate import examples, prose
from sendjay.protocol.generate.contract import Contract, Field, Shape

_PLAIN: dict[type, str] = {
    inspect.IntType: "integer",
    inspect.FloatType: "number",
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.AnyType: "anything",
}
_LINE = 100
_LARGEST = 2**53 - 1


def render(contract: Contract) -> str:
    sections = [
        prose.INTRODUCTION,
        "## Commands\n",
        *(_command(shape, contract) for shape in contract.commands),
        "## Events\n",
        *(_event(shape) for shape in contract.events),
        "## Objects\n",
        *(_object(shape, contract) for shape in contract.objects),
        "## Answers\n",
        *(_object(shape, contract) for shape in contract.replies if shape.name != "Reply"),
        "## Parts of commands\n",
        *(_object(shape, contract) for shape in contract.requests),
        "## Error codes\n",
        f"A refusal looks like this:\n\n{_frame(examples.encode(examples.REFUSED))}",
        _codes(contract),
        "## Close codes\n",
        prose.CLOSES,
        _closes(contract),
    ]
    return "\n".join(sections)


def _command(shape: Shape, contract: Contract) -> str:
    fields = [field for field in shape.fields if field.name != "id"]
    example = examples.COMMANDS[shape.tag]
    answer = contract.answers[shape.tag]
    return "\n".join(
        (
            f"### {shape.tag}\n",
            f"{shape.doc}\n" if shape.doc else "",
            _table(fields),
            f"Answered with [{answer}](#{answer.lower()}).\n",
            _frame(examples.encode(example)),
        )
    )


def _event(shape: Shape) -> str:
    example = examples.encode(examples.EVENTS[shape.tag])
    return "\n".join((f"### Event {shape.tag}\n", f"{shape.doc}\n", _table(shape.fields), _frame(example)))


def _object(shape: Shape, contract: Contract) -> str:
    """An answer is shown once, as the reply to the first command that has it."""
    asked = next((command for command, answer in contract.answers.items() if answer == shape.name), None)
    example = _frame(examples.encode_reply(examples.COMMANDS[asked])) if asked else ""
    doc = f"{shape.doc}\n" if shape.doc else ""
    return "\n".join((f"### {shape.name}\n", doc, _table(shape.fields), example))


def _table(fields: list[Field]) -> str:
    if not fields:
        return "It has no fields of its own.\n"
    rows = [
        f"| `{field.name}` | {_type(field.type)} | {_absent(field)} | {_cell(field.doc)} |"
        for field in fields
    ]
    return "\n".join(("| field | type | when absent | |", "|---|---|---|---|", *rows, ""))


def _absent(field: Field) -> str:
    return "must be there" if field.required else f"`{json.dumps(field.default)}`"


def _type(wanted: inspect.Type) -> str:
    match wanted:
        case inspect.StructType(cls=struct):
            return f"[{struct.__name__}](#{struct.__name__.lower()})"
        case inspect.LiteralType(values=values):
            return " or ".join(f"`{json.dumps(value)}`" for value in values)
        case inspect.UnionType(types=types):
            return " or ".join(_type(each) for each in types)
        case inspect.ListType(item_type=item):
            return f"list{_bounds(wanted, 'entries')} of {_type(item)}"
        case inspect.TupleType(item_types=items):
            return f"[{', '.join(_type(item) for item in items)}]"
        case inspect.DictType(key_type=key, value_type=value):
            return f"object{_bounds(wanted, 'entries')}: {_type(key)} to {_type(value)}"
        case inspect.StrType():
            return f"string{_bounds(wanted, 'characters')}"
        case inspect.IntType(ge=least, le=most) if most is not None and most < _LARGEST:
            return f"integer ({least} to {most})"
        case _:
            return _PLAIN[type(wanted)]


def _bounds(wanted: Any, what: str) -> str:
    least, most = wanted.min_length, wanted.max_length
    if least is None and most is None:
        return ""
    if least is None:
        return f" (at most {most:,} {what})"
    return f" ({least:,} to {most:,} {what})" if most is not None else f" (at least {least:,} {what})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _frame(text: str) -> str:
    return f"```json\n{_spread(json.loads(text))}\n```\n"


def _spread(value: Any, indent: str = "", taken: int = 0) -> str:
    """JSON on one line where it fits, its parts on lines of their own otherwise."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + taken + len(line) <= _LINE or not isinstance(value, dict | list):
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        named = ((f"{json.dumps(name)}: ", part) for name, part in value.items())
        inner = [f"{deeper}{name}{_spread(part, deeper, len(name))}" for name, part in named]
        return "{\n" + ",\n".join(inner) + f"\n{indent}}}"
    inner = [f"{deeper}{_spread(part, deeper)}" for part in value]
    return "[\n" + ",\n".join(inner) + f"\n{indent}]"


def _codes(contract: Contract) -> str:
    rows: Iterable[str] = (
        f"| `{code}` | {sentence} | {'yes' if code in contract.retryable else 'no'} |"
        for code, sentence in contract.codes.items()
    )
    return "\n".join(("| code | says | may help to try again |", "|---|---|---|", *rows, ""))


def _closes(contract: Contract) -> str:
    rows = (f"| {each.value} | {each.name} | {_cell(each.doc)} |" for each in contract.closes)
    return "\n".join(("| code | name | what to do |", "|---|---|---|", *rows, ""))
