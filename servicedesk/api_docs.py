"""The OpenAPI description as sections, operations and fields, ready to be printed on a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FIRST = ("Requests", "Handoffs", "Figures", "Catalogue", "Agreements", "Organisation", "Tokens")
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Field:
    """A parameter, or a field of a body or an answer; `path` is dotted, with [] for the rows of a list."""

    path: str
    type: str
    required: bool
    help: str
    where: str = ""


@dataclass(frozen=True)
class Operation:
    """One thing that a program can do."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    body: list[Field]
    answer: list[Field]
    refusals: list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    name: str
    operations: list[Operation]


def sections_of(schema: dict[str, Any]) -> list[Section]:
    """Operations by tag: what most people look for comes first."""
    found: dict[str, list[Operation]] = {}
    for path, item in schema["paths"].items():
        for method in METHODS:
            if method in item:
                operation = item[method]
                found.setdefault(operation["tags"][0], []).append(_operation(schema, path, method, operation))
    return [Section(name, found[name]) for name in sorted(found, key=_place)]


def _place(name: str) -> tuple[int, str]:
    return FIRST.index(name) if name in FIRST else len(FIRST), name


def _operation(schema: dict, path: str, method: str, given: dict) -> Operation:
    answers = given["responses"]
    good = next((answer for code, answer in answers.items() if code.startswith("2")), {})
    return Operation(
        id=given["operationId"],
        method=method.upper(),
        path=path,
        summary=given.get("summary", ""),
        description=given.get("description", ""),
        parameters=[_parameter(schema, one) for one in given.get("parameters", [])],
        body=list(_fields_of_content(schema, given.get("requestBody", {}))),
        answer=list(_fields_of_content(schema, good)),
        refusals=[(code, answer["description"]) for code, answer in answers.items() if not code.startswith("2")],
    )


def _parameter(schema: dict, given: dict) -> Field:
    return Field(
        path=given["name"],
        type=_type(schema, _resolved(schema, given["schema"])),
        required=given.get("required", False),
        help=given.get("description", ""),
        where=given["in"],
    )


def _fields_of_content(schema: dict, given: dict) -> Iterator[Field]:
    content = given.get("content", {})
    if content:
        yield from _fields(schema, next(iter(content.values())).get("schema", {}), "")


def _fields(schema: dict, shape: dict, prefix: str) -> Iterator[Field]:
    """Depth first. Shapes here do not contain themselves, so this ends."""
    shape = _resolved(schema, shape)
    required = set(shape.get("required", ()))
    for name, given in shape.get("properties", {}).items():
        inner = _resolved(schema, given)
        path = f"{prefix}{name}"
        words = given.get("description") or inner.get("description", "")
        yield Field(path, _type(schema, inner), name in required, words)
        rows = _resolved(schema, inner.get("items", {}))
        if inner.get("properties"):
            yield from _fields(schema, inner, f"{path}.")
        elif rows.get("properties"):
            yield from _fields(schema, rows, f"{path}[].")


def _resolved(schema: dict, shape: dict) -> dict:
    """References followed. One that is described or may be null comes as a choice, of which the first counts."""
    for key in ("allOf", "oneOf"):
        if key in shape:
            rest = {name: shape[name] for name in shape if name != key}
            return _resolved(schema, shape[key][0]) | rest | {"nullable": {"type": "null"} in shape[key]}
    if "$ref" in shape:
        return schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
    return shape


def _type(schema: dict, shape: dict) -> str:
    kinds = shape.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    plain = next(kind for kind in kinds if kind != "null")
    if "enum" in shape:
        words = " | ".join(str(value) for value in shape["enum"] if value not in ("", None))
    elif plain == "array":
        words = f"list of {_type(schema, _resolved(schema, shape['items']))}"
    else:
        words = shape.get("format", plain)
    return f"{words} or null" if "null" in kinds or shape.get("nullable") else words
