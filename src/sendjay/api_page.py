"""REST as a page to read at /api/docs: plain HTML without scripts, made from the OpenAPI description.

The usual viewers load themselves from elsewhere, and a company's own server may have no way there.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

Schema = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 6rem }
h2 { margin-top: 3rem; border-bottom: 1px solid #8886 } h3 { margin: 2rem 0 .25rem; font-size: 1rem }
code { font: 13px/1.5 ui-monospace, monospace } a { color: light-dark(#1f4aa8, #9db8f5) }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
td { border-top: 1px solid #8884; padding: .25rem .75rem .25rem 0; vertical-align: top }
pre { background: #8881; padding: .75rem; border-radius: .5rem; overflow-x: auto }
td:first-child { width: 12rem } .method { display: inline-block; min-width: 4.25rem; font-weight: 600 }
nav a { margin-right: 1rem } .quiet { opacity: .7 }
"""
_INTRODUCTION = """
<p>JSON in and out. <code>Authorization: Bearer …</code> or the page's cookie says who you are.
What went wrong is told as <code>{"error": {"code", "message", "retry"}}</code>.</p>
"""


class ApiPage(OpenAPIRenderPlugin):
    """Renders the page; the description itself stays at `openapi.json` below it."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return render(openapi_schema, self.get_openapi_json_route(request)).encode()


def render(description: Schema, address: str) -> str:
    """The page for an OpenAPI description that is served at `address`."""
    title = escape(f"{description['info']['title']} {description['info']['version']}")
    groups = _by_tag(description["paths"])
    links = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in groups)
    parts = [f"<h1>{title}: REST</h1>", _INTRODUCTION, f'<nav>{links}<a href="#objects">objects</a></nav>']
    parts.append(f'<p>For programs: <a href="{escape(address)}">OpenAPI</a>.</p>')
    schemas: dict[str, Schema] = description.get("components", {}).get("schemas", {})
    for tag, operations in groups.items():
        parts.append(f'<h2 id="{escape(tag)}">{escape(tag)}</h2>')
        parts.extend(_operation(*operation, schemas) for operation in operations)
    parts.append('<h2 id="objects">objects</h2>')
    parts.extend(_object(name, schema) for name, schema in schemas.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>{"".join(parts)}</html>'
    )


def _by_tag(paths: dict[str, Schema]) -> dict[str, list[tuple[str, str, Schema]]]:
    groups: dict[str, list[tuple[str, str, Schema]]] = {}
    for path, methods in sorted(paths.items()):
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append((method, path, operation))
    return groups


def _operation(method: str, path: str, operation: Schema, schemas: dict[str, Schema]) -> str:
    said = operation.get("description") or operation.get("summary") or ""
    rows = [
        (parameter["name"], f"{parameter['in']}: {_type(parameter.get('schema', {}))}", "")
        for parameter in operation.get("parameters", [])
    ]
    body = _content(operation.get("requestBody", {}))
    rows += [("body", body, "")] if body else []
    for status, answer in operation.get("responses", {}).items():
        if status.startswith("2"):
            rows.append((f"answers {status}", _content(answer), ""))
    return (
        f'<h3><span class="method">{method.upper()}</span><code>{escape(path)}</code></h3>'
        f"<div>{escape(said)}</div>{_table(rows)}{_sample(operation.get('requestBody', {}), schemas)}"
    )


def _sample(holder: Schema, schemas: dict[str, Schema]) -> str:
    """A body as it could be sent, where its fields say what they could be."""
    for content in holder.get("content", {}).values():
        if value := _example(content.get("schema", {}), schemas):
            text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
            return f"<pre><code>{escape(text)}</code></pre>"
    return ""


def _example(schema: Schema, schemas: dict[str, Schema]) -> Any:
    """What a schema's own examples make up; None where they say nothing."""
    if schema.get("examples"):
        return schema["examples"][0]
    for several in ("oneOf", "anyOf"):
        for each in schema.get(several, ()):
            if (value := _example(each, schemas)) is not None:
                return value
    if "$ref" in schema:
        # An object does not hold itself: what hosts and people send is flat.
        return _example(schemas.get(schema["$ref"].rpartition("/")[2], {}), schemas)
    found = {name: _example(part, schemas) for name, part in schema.get("properties", {}).items()}
    return {name: value for name, value in found.items() if value is not None} or None


def _object(name: str, schema: Schema) -> str:
    required = set(schema.get("required", []))
    rows = [
        (field, _type(part), "" if field in required else "may be absent")
        for field, part in schema.get("properties", {}).items()
    ]
    said = escape(schema.get("description", ""))
    return f'<h3 id="{escape(name)}">{escape(name)}</h3><div>{said}</div>{_table(rows)}'


def _content(holder: Schema) -> str:
    return ", ".join(_type(each.get("schema", {})) for each in holder.get("content", {}).values())


def _table(rows: list[tuple[str, str, str]]) -> str:
    cells = (
        f'<tr><td><code>{escape(name)}</code></td><td>{kind}</td><td class="quiet">{note}</td></tr>'
        for name, kind, note in rows
    )
    return f"<table>{''.join(cells)}</table>" if rows else ""


def _type(schema: Schema) -> str:
    """What a value may be, as HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return " or ".join(_type(each) for each in schema[several])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("type", "anything")
    names = " or ".join(kind) if isinstance(kind, list) else kind
    return escape(names) + "".join(_bounds(schema))


def _bounds(schema: Schema) -> Iterator[str]:
    words = {"minimum": "≥", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤"}
    for key, word in words.items():
        if key in schema:
            yield f" <span class='quiet'>{word} {schema[key]:,.0f}</span>"
