"""Checks the form of a file: known keys, values of the right type, required keys."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from constructs_lib.configuration.errors import Problem, dotted
from constructs_lib.configuration.keys import unknown_key
from constructs_lib.configuration.section import Section, section_of
from constructs_lib.configuration.yaml_file import Document
from constructs_lib.rules.finding import Severity, sentence

TYPES = {
    "string_type": "text (in quotes where it looks like a number)",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of keys",
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
}
"""Allowed values, by pydantic's error type."""


FORM = (
    "A file that cannot be read, is larger than 1 MiB, or is not UTF-8 text.",
    "Anything but plain YAML: tabs for indentation, unclosed quotes and brackets, tags, merge keys, a second document.",
    "Nesting deeper than 50 levels, or aliases that expand to too many values.",
    "A repeated key, or a key that is not text.",
    "An unknown key; the message suggests a similar key, or says where the key belongs.",
    "A required key that is missing.",
    "A value of the wrong type: a number in quotes is text.",
    "A value that is not in a key's list of values.",
    "An override of an unknown resource or argument, or with a value of the wrong type.",
)
"""Errors in a file's form, for docs/rules.md."""


def form_problems(
    error: ValidationError, model: type[Section], document: Mapping[str, Any], shown: str
) -> list[Problem]:
    """All mistakes in a file's form, each with its key and line.

    Args:
        error: pydantic's error for the whole document.
        model: the section that describes the file.
        document: the file's content.
        shown: the file's name in messages.
    """
    details = error.errors(include_url=False, include_context=True)
    found: dict[str, list[Any]] = {}
    for item in details:
        found.setdefault(dotted(location(item)), []).append(item)
    return [
        placed(document, shown, path, message) for path, items in found.items() for message in _sentences(items, model)
    ]


def placed(document: object, shown: str, path: str, message: str, severity: Severity = "error") -> Problem:
    """A problem with the line of its key, if the document has lines."""
    return Problem(shown, path, message, severity, document.line(path) if isinstance(document, Document) else None)


def location(item: Any) -> tuple[str | int, ...]:
    """Where a pydantic error is, without the names of a union's members."""
    if not item["loc"]:
        return ()
    *above, last = item["loc"]
    own = [last] if item["type"] == "extra_forbidden" or not _is_member(last) else []
    return (*(part for part in above if not _is_member(part)), *own)


def _is_member(part: str | int) -> bool:
    return isinstance(part, str) and ("[" in part or part in {"str", "dict", "int"})


def _sentences(items: Sequence[Any], model: type[Section]) -> list[str]:
    """The sentences about one key; one that takes several types has one sentence for all of them."""
    kinds = [TYPES.get(item["type"]) for item in items]
    if len(items) > 1 and None not in kinds:
        allowed = ", or ".join(dict.fromkeys(str(kind) for kind in kinds))
        return [sentence("has the wrong type", as_given(items[0].get("input")), allowed)]
    return [_sentence(item, model) for item in items]


def _sentence(item: Any, model: type[Section]) -> str:
    """One pydantic error in the project's own words."""
    kind = item["type"]
    if kind == "missing":
        return "is required"
    if kind == "extra_forbidden":
        *above, name = location(item)
        return unknown_key(model, _section_at(model, above), dotted(above), str(name))
    message, allowed = _wrong_value(kind, item)
    return sentence(message, as_given(item.get("input")), allowed)


def _wrong_value(kind: str, item: Any) -> tuple[str, str]:
    """What is wrong with a value, and what is allowed."""
    context = item.get("ctx", {})
    if kind in TYPES:
        return "has the wrong type", TYPES[kind]
    if kind == "literal_error":
        expected = context["expected"].replace("'", "").replace(" or ", ", ")
        near = difflib.get_close_matches(str(item.get("input")), expected.split(", "), n=1)
        return f"is not a known value; did you mean {near[0]}?" if near else "is not a known value", expected
    if kind in ("string_too_short", "too_short"):
        least, unit = context["min_length"], "character" if kind == "string_too_short" else "item"
        return "is too short", f"{least} {unit}{'' if least == 1 else 's'} or more"
    if kind == "string_pattern_mismatch":
        return "has the wrong form", f"text that matches {context['pattern']}"
    if kind == "json_invalid":
        return f"is not JSON: {context['error']}", ""
    message = item["msg"].removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]}", ""


def _section_at(model: type[Section], path: Sequence[str | int]) -> type[Section] | None:
    found: type[Section] | None = model
    for part in path:
        if isinstance(part, str) and found is not None:
            field = found.model_fields.get(part)
            found = section_of(field.annotation) if field is not None else None
    return found


def as_given(value: object) -> object:
    """A value as in the file; for lists and mappings, which may be long, only their kind."""
    if isinstance(value, float):
        return _Word(repr(value))
    if isinstance(value, (str, bool, int)):
        return value
    return _Word("null" if value is None else "a list" if isinstance(value, list) else "a mapping of keys")


class _Word:
    """A word that messages show without quotes."""

    def __init__(self, word: str) -> None:
        self._word = word

    def __repr__(self) -> str:
        return self._word
