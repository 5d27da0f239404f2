"""The JSON Schema of an environment file, for editors and for programs that write one."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from typing import Any

from constructs_lib import limits
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.section import Section, section_of

IDENTIFIER = "https://json-schema.org/draft/2020-12/schema"
RESOURCES = {"stream": limits.STREAM, "domain": limits.DOMAIN, "delivery": limits.DELIVERY}
"""The resource whose arguments a section of the file has."""
_SECTIONS = {resource: section for section, resource in RESOURCES.items()}


def environment_schema() -> dict[str, Any]:
    """The schema, with the descriptions of all keys and the limits of single values.

    Constraints between several values are left to the rules.
    """
    schema = Environment.model_json_schema()
    definitions = schema["$defs"]
    for model in _sections(Environment, {}).values():
        target = schema if model is Environment else definitions[model.__name__]
        for part in target["properties"].values():
            if isinstance(part.get("default"), dict | list):
                del part["default"]  # the section's description has its own defaults
        for field, part in target["properties"].items():
            part["description"] = description(model, field)
    for (resource_type, path), arguments in limits.ARGUMENTS.items():
        found = _key_of(schema, resource_type, path)
        if found is not None:
            for limit in arguments:
                _bound(found, limit)
    for resource_type, kinds in limits.ARNS.items():
        for path, kind in kinds.items():
            found = _key_of(schema, resource_type, path)
            if found is not None:
                found.setdefault("pattern", f"^(?:{kind.expression})$")
    return {"$schema": IDENTIFIER, "title": "Environment of the behaviour-analytics pipeline"} | schema


def _key_of(schema: dict[str, Any], resource_type: str, path: str) -> dict[str, Any] | None:
    """The key of a file that sets an argument; None if there is none."""
    if resource_type == limits.ENVIRONMENT:
        return _property(schema, path)
    section = _SECTIONS.get(resource_type)
    return None if section is None else _property(schema, f"{section}.{path}")


def _sections(model: type[Section], found: dict[str, type[Section]]) -> dict[str, type[Section]]:
    found[model.__name__] = model
    for field in model.model_fields.values():
        section = section_of(field.annotation)
        if section is not None and section.__name__ not in found:
            _sections(section, found)
    return found


def description(model: type[Section], name: str) -> str:
    """Description of a key: the docstring below its field, or that of the section it holds."""
    text = _descriptions(model).get(name)
    if text is None:
        section = section_of(model.model_fields[name].annotation)
        text = inspect.cleandoc(section.__doc__ or "").partition("\n\n")[0].replace("\n", " ") if section else ""
    return text


@cache
def _descriptions(model: type[Section]) -> dict[str, str]:
    """The text below each field in the source of the class, or of the section that it extends."""
    inherited = [base for base in model.__bases__ if issubclass(base, Section) and base is not Section]
    return {name: text for base in inherited for name, text in _descriptions(base).items()} | _own_descriptions(model)


def _own_descriptions(model: type[Section]) -> dict[str, str]:
    module = sys.modules[model.__module__]
    tree = ast.parse(inspect.getsource(module))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == model.__name__)
    return {
        field.target.id: inspect.cleandoc(text.value.value).replace("\n", " ")
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


def _property(schema: dict[str, Any], path: str) -> dict[str, Any] | None:
    """The part of the schema that describes a dotted path, or None where the file has no such key."""
    part = schema
    for name in path.replace("[]", ".[]").split("."):
        part = _plain(schema, part)
        part = part.get("items", {}) if name == "[]" else part.get("properties", {}).get(name, {})
        if not part:
            return None
    return _plain(schema, part)


def _plain(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part without the indirections of references and of ``null``."""
    while "$ref" in part or "anyOf" in part:
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rpartition("/")[2]]
        else:
            part = next(option for option in part["anyOf"] if option.get("type") != "null")
    return part


def _bound(part: dict[str, Any], limit: limits.Limit) -> None:
    if isinstance(limit, limits.Range):
        low, high = {
            limits.Length: ("minLength", "maxLength"),
            limits.Count: ("minItems", "maxItems"),
        }.get(type(limit), ("minimum", "maximum"))
        for key, value in ((low, limit.minimum), (high, limit.maximum)):
            if value is not None:
                part.setdefault(key, value)
    elif isinstance(limit, limits.Choice):
        if "enum" not in part and part.get("type") in {"string", "integer"}:
            part["enum"] = list(limit.values)
    else:
        part.setdefault("pattern", f"^(?:{limit.expression})$")
