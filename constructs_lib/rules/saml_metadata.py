"""Reads SAML metadata as far as the rules need, without trusting it: no document type, no entities."""

from __future__ import annotations

import re
from xml.parsers import expat

_ROOTS = ("EntityDescriptor", "EntitiesDescriptor")
_LARGEST = 1024 * 1024


class MetadataError(ValueError):
    """The text is not SAML metadata; the message is a clause."""


def entity_of(text: str) -> str | None:
    """The entityID of the metadata's root; None where the root is a list of several.

    Raises:
        MetadataError: the text is a URL, a file name, no XML, or XML of something else.
    """
    stripped = text.strip()
    if text.startswith("\ufeff"):
        raise MetadataError("begins with a byte-order mark, which AWS refuses")
    if re.match(r"https?://", stripped):
        raise MetadataError("is a URL; AWS does not fetch it")
    if not stripped.startswith("<"):
        name = re.fullmatch(r"[\w ./\\:~-]{1,255}", stripped)
        raise MetadataError("is a file name, not the content of the file" if name else "is not XML")
    if len(text) > _LARGEST:
        return None  # the table of limits refuses it
    return _root(stripped)


def _root(text: str) -> str | None:
    found: list[tuple[str, str | None]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, attributes: dict[str, str]) -> None:
        if not found:
            found.append((name.rpartition(" ")[2], attributes.get("entityID")))

    def refuse(*_: object) -> None:
        raise MetadataError("has a document type (<!DOCTYPE>), which AWS refuses")

    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(re.sub(r"^<\?xml[^>]*\?>", "", text).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise MetadataError(f"is not XML: {expat.ErrorString(error.code)} in line {error.lineno}") from None
    root, entity = found[0]
    if root not in _ROOTS:
        raise MetadataError(f"is XML of another kind, <{root[:40]}>")
    return entity if root == _ROOTS[0] else None
