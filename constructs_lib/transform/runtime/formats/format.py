"""What a format is to the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..settings import Settings
from .draft import Draft


class Format(NamedTuple):
    """One format that a producer sends.

    A reader gives a draft, or None for what is of another format. It raises ``Unwanted`` or ``Broken`` for what is of
    its format and becomes no document.
    """

    name: str
    """What metrics and ``ingest.format`` call it."""
    fields: Callable[[dict[str, Any], Settings], Draft | None] | None = None
    """Reads a JSON object."""
    line: Callable[[str, Settings], Draft | None] | None = None
    """Reads a line of text."""
    signs: frozenset[str] = frozenset()
    """An object is read only if it has one of these names on its first level; none: every object is."""
    certain: bool = True
    """False: this format accepts anything that looks like an event; the meaning of its fields is not verified."""


class Found(NamedTuple):
    """A draft and the format that it was read as."""

    format: Format
    draft: Draft
