"""The keys of a file: where each belongs, and suggestions for misspelt ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from functools import cache

from constructs_lib.configuration.section import Section, section_of

MOST_PLACES = 3
"""Most sections that a message lists when a key could belong to several."""


def known_keys(section: type[Section], prefix: str = "") -> Iterator[tuple[str, type[Section], str]]:
    """Every key as dotted path (``[]`` for list items), section that has it, and name in that section."""
    for name, field in section.model_fields.items():
        path = f"{prefix}{name}"
        yield path, section, name
        inner = section_of(field.annotation)
        if inner is not None:
            listed = "list[" in str(field.annotation)
            yield from known_keys(inner, f"{path}[]." if listed else f"{path}.")


def unknown_key(root: type[Section], section: type[Section] | None, path: str, name: str) -> str:
    """The message about a key that a section does not have.

    Args:
        root: the section that describes the whole file.
        section: the section that has the key; None where it is unknown.
        path: dotted path of the section; empty for the file itself.
        name: the key.
    """
    said = "is not a known key"
    if section is None:
        return said
    known = list(section.model_fields)
    places = _places(root, path, name)
    if places:
        where = " or ".join(f"under {place}" if place else "at the top of the file" for place in places)
        return f"{said} here; {name} belongs {where}"
    near = difflib.get_close_matches(name, known, n=1) or [
        each for each in known if each.endswith(f"_{name}") or each.startswith(f"{name}_")
    ]
    return f"{said}; did you mean {near[0]}?" if near else f"{said} (allowed: {', '.join(known)})"


def _places(root: type[Section], path: str, name: str) -> list[str]:
    """Sections that have the key, if they are few; those in the same part of the file come first."""
    found = [place.rpartition(".")[0] for place in _by_name(root).get(name, ()) if "[]" not in place]
    part = path.partition(".")[0]
    near = [place for place in found if part and place.partition(".")[0] == part]
    chosen = near or found
    return chosen if len(chosen) <= MOST_PLACES else []


@cache
def _by_name(root: type[Section]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, _, name in known_keys(root):
        found.setdefault(name, []).append(path)
    return found
