"""What stands in front of a line: a syslog header, containerd's; and lines of names and values: logfmt, CEF, LEEF."""

from __future__ import annotations

import re
from typing import Any

from . import security_events
from .envelopes import Envelope

_CONTAINER = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(?:Z|[+-][0-9:]{5,6})) (?:stdout|stderr) ([FP]) (.*)", re.DOTALL
)
_SYSLOG_NEW = re.compile(
    r"<[0-9]{1,3}>1 ([^ ]{1,48}) [^ ]{1,255} [^ ]{1,48} [^ ]{1,128} [^ ]{1,32} "
    r"(?:(?:-|(?:\[(?:[^\]\"\\]|\"(?:[^\"\\]|\\.)*\"){0,2000}\])+)(?= |$))? ?\ufeff?(.*)",
    re.DOTALL,
)
"""RFC 5424, and Heroku's, which has no structured data."""
_SYSLOG_OLD = re.compile(
    r"(?:<[0-9]{1,3}>)?"
    r"([A-Z][a-z]{2} [ 0-3][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,20}(?:Z|[+-][0-9:]{5,6})) "
    r"[^ ]{1,255} ([A-Za-z0-9_./()-]{1,64})(?:\[[0-9]{1,10}\])?: (.*)",
    re.DOTALL,
)
"""RFC 3164, whose time has no year, and the same with a whole one."""
_PAIR = re.compile(r'([A-Za-z_@][A-Za-z0-9_.@/-]{0,63})(?:=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^ "]*)))?(?: {1,8}|$)')
_LONGEST = 65_536
_LEAST_PAIRS = 3
_MOST_PAIRS = 100
_MOST_WORDS = 3
"""Names without a value that logfmt may have, each of which is true."""


def opened(given: str) -> Envelope | None:
    """What is behind a header, or a line's names and values as an object."""
    if len(given) > _LONGEST:
        return None
    if match := _CONTAINER.fullmatch(given):
        return Envelope(match.group(3), match.group(1))
    if match := _SYSLOG_NEW.fullmatch(given):
        return Envelope(match.group(2), None if match.group(1) == "-" else match.group(1))
    if match := _SYSLOG_OLD.fullmatch(given):
        return Envelope(match.group(3), match.group(1))
    pairs = security_events.pairs_of(given) or (pairs_of(given) if "=" in given[:128] else None)
    return None if pairs is None else Envelope(pairs)


def pairs_of(given: str) -> dict[str, Any] | None:
    """The names and values of a line that has nothing else: ``level=info msg="signed in" user_id=42``."""
    found: dict[str, Any] = {}
    at = words = 0
    while at < len(given):
        match = _PAIR.match(given, at)
        if match is None or len(found) >= _MOST_PAIRS:
            return None
        name, quoted, bare = match.groups()
        if quoted is None and bare is None:
            words += 1
            if not at or words > _MOST_WORDS:  # prose
                return None
            found[name] = True
        else:
            found[name] = bare if quoted is None else quoted.replace('\\"', '"').replace("\\\\", "\\")
        at = match.end()
    return found if len(found) - words >= _LEAST_PAIRS else None
