"""Reads files that may be plans, in any encoding, as UTF-8."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

LARGEST = 256 * 1024 * 1024
"""Most bytes of a file; a plan of 10,000 resources has a fifth of it."""


class PlanError(Exception):
    """The file is not a plan that can be used; the message is one line without the file's name."""


def content(path: Path) -> bytes:
    """A file as UTF-8, whatever encoding it was written in (see `as_utf8`); a pipe is read once.

    Raises:
        PlanError: as for `raw_content`.
    """
    return as_utf8(raw_content(path))


def raw_content(path: Path) -> bytes:
    """The bytes of a file that may be a plan.

    Raises:
        PlanError: it cannot be read, is larger than `LARGEST`, or is a binary plan.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise PlanError(getattr(error, "strerror", None) or str(error)) from None
    if len(raw) > LARGEST:
        raise PlanError(f"is too large (allowed: {LARGEST} bytes)")
    if raw[:2] == b"PK":
        raise PlanError(f"is a binary plan; turn it into JSON first: terraform show -json {path.name} > plan.json")
    return raw


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def as_utf8(raw: bytes) -> bytes:
    """The text as UTF-8: PowerShell's ``>`` writes UTF-16, its ``Set-Content`` the Windows code page.

    The encoding follows from a byte-order mark, or from the zero bytes of ASCII in UTF-16 and UTF-32. Other bytes are
    UTF-8, or else Windows-1252.
    """
    encoding = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    encoding = encoding or json.detect_encoding(raw[:4])
    try:
        if encoding in ("utf-8", "utf-8-sig"):
            text = raw[3:] if encoding == "utf-8-sig" else raw
            text.decode()
            return text
        return raw.decode(encoding).encode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace").encode()
    except UnicodeEncodeError as error:
        raise PlanError(f"has an incomplete character: {error.reason}") from None


def is_plan(text: bytes) -> bool:
    """Whether a text looks like a plan, even a truncated one; environment files have no such member."""
    head = text[:4096].lstrip()
    if head[:1] == b"{":
        return head.startswith(MESSAGE) or b'"format_version"' in text or b'"lineage"' in head
    return head[:1] == b"[" or is_wrapped(head)


MESSAGE = b'{"@level"'
"""How each line of ``terraform plan -json`` begins."""


def is_wrapped(head: bytes) -> bool:
    """Whether a text begins with the output of setup-terraform's wrapper."""
    return head.startswith(b"[command]")
