"""W3C extended logs (IIS, Azure, AWS CloudFront): fields with names of their own, in lines or in JSON.

A line is read by the names in front of it (``#Fields:``), by ``w3c_fields`` of the settings, or, of IIS, by the layout
that it has unless somebody changes it.

https://www.w3.org/TR/WD-logfile.html, https://learn.microsoft.com/windows/win32/http/w3c-logging
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from .. import address, redact
from ..cache import remembered
from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import request
from .draft import Draft, text_of, without_placeholder
from .format import Format

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})? ", re.ASCII)
_HEADER = re.compile(
    r"#(?:(?:Fields|Version|Software|Date|Start-Date|End-Date|Remark|GMT-Offset|System-Id)\b"
    r"|(?:separator|set_separator|empty_field|unset_field|path|open|close|fields|types)\s)",
    re.IGNORECASE,
)
"""Directives of W3C logs, and of Zeek's. Other lines that begin so belong to other texts, such as a stack or a
script."""
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_MOST_FIELDS = 80
_LONGEST = 65_536
SIGNS = frozenset({"cs-method", "cs_method", "csMethod", "CsMethod", "sc-status", "sc_status", "scStatus", "ScStatus"})


@remembered(1024, longest=100)
def plain(name: str) -> str:
    """A field's name without case and punctuation: ``cs(User-Agent)`` and ``cs_user_agent`` are one."""
    return _PUNCTUATION.sub("", name.lower())


def line(given: str, settings: Settings) -> Draft | None:
    """A line's draft: one with its header in front, or alone."""
    if given.startswith("#"):
        return _with_header(given, settings)
    names = settings.w3c_fields
    if names:
        values = split(given)
        if len(values) == len(names):
            return named(dict(zip(map(plain, names), values, strict=True)), settings)
    return _of_iis(given, settings) if _DATE.match(given) else None


def fields(value: dict[str, Any], settings: Settings) -> Draft | None:
    """The same fields as an agent or CloudFront writes them in JSON."""
    return named({plain(name[:64]): item for name, item in value.items()}, settings)


def split(given: str) -> list[str]:
    """A line's values, between tabs or spaces."""
    return given.split("\t" if "\t" in given else " ") if len(given) <= _LONGEST else []


def _with_header(given: str, settings: Settings) -> Draft | None:
    names: Sequence[str] = ()
    day = ""
    lines: list[str] = []
    for one in given.splitlines():
        if one.startswith("#Fields:"):
            names = one[8:].split()
        elif one.startswith("#Date:"):
            day = one[6:].split()[0] if one[6:].split() else ""
        elif one.strip() and not one.startswith("#"):
            lines.append(one)
    if not lines:
        if _HEADER.match(given):
            raise Unwanted("header")
        return None
    if len(lines) > 1:
        raise Broken("several_events")
    values = split(lines[0])
    if not names or len(values) != len(names) or len(names) > _MOST_FIELDS:
        return None
    found = dict(zip(map(plain, names), values, strict=True))
    if day:
        found.setdefault("date", day)
    return named(found, settings)


def _of_iis(given: str, settings: Settings) -> Draft | None:
    values = split(given)
    at = next((place for place, value in enumerate(values[2:5], 2) if address.read(value) is not None), None)
    if at is None or len(values) < at + 10 or not request.is_method(values[at + 1]):
        return None
    names = ["sip", "csmethod", "csuristem", "csuriquery", "sport", "csusername", "cip", "csuseragent"]
    found = {"date": values[0], "time": values[1]} | dict(zip(names, values[at:], strict=False))
    rest = values[at + len(names) :]
    if not request.status_of(rest[0]):
        found["csreferer"] = rest.pop(0)
    if not rest or request.status_of(rest[0]) is None:
        return None
    found["scstatus"] = rest[0]
    return named(found, settings)


def named(value: Mapping[str, Any], settings: Settings) -> Draft | None:
    """The draft of fields by their plain names; None where no request is among them."""
    get = value.get
    stem = get("csuristem") or get("csuri")
    if get("csmethod") is None or stem is None or get("scstatus") is None:
        return None
    draft = request.of_parts(
        settings, get("csmethod"), stem, get("scstatus"), size=get("scbytes"), query=get("csuriquery")
    )
    return request.described(
        draft,
        time=_time(value),
        hops=[get("xforwardedfor") or get("csxforwardedfor"), get("cip")],
        host=_first(get("xhostheader"), get("cshost"), get("ssitename") if "." in text_of(get("ssitename")) else None),
        scheme=get("csprotocol"),
        referrer=_decoded(get("csreferer") or get("csreferrer"), spaces=False),
        user_agent=_decoded(get("csuseragent") or get("useragent"), spaces=True),
        user=get("csusername"),
    )


def _time(value: Mapping[str, Any]) -> Any:
    """CloudFront's epoch time, or date and time, which are UTC."""
    if (epoch := _first(value.get("timestampms"), value.get("timestamp"))) is not None:
        return epoch
    day, time = text_of(value.get("date") or value.get("logdate")), text_of(value.get("time") or value.get("logtime"))
    if day and time and len(day) <= 10:
        return f"{day} {time}"
    return day or time or None


def _first(*values: Any) -> Any:
    return next((value for value in values if value and without_placeholder(value) is not None), None)


def _decoded(given: Any, *, spaces: bool) -> str | None:
    """A header without the encoding of these logs: percent, perhaps twice, or a plus for each space."""
    if given is None:
        return None
    text = text_of(given)[: redact.WINDOW]
    if spaces and "+" in text and " " not in text and "%20" not in text:
        text = text.replace("+", " ")
    if spaces and "%" in text:
        text = unquote(text)
        text = unquote(text) if "%20" in text else text
    return text


FORMAT = Format("w3c", fields, line, SIGNS)
