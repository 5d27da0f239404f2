"""Times: whatever arrives, as epoch milliseconds; whatever leaves, as ``2024-12-10T00:01:29.378Z``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?)?)?)?"
    r" ?(?:([Zz])|([+-])([0-9]{2})(?::?([0-9]{2}))?)?"
)
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}  # noqa: SIM905
_LEAST, _MOST = -62_135_596_800_000, 253_402_300_799_999

EARLIEST = 946_684_800_000
"""2000-01-01: an event from before is a clock that was never set."""
AHEAD = 24 * 60 * 60 * 1000
"""A day: how far after its arrival an event may claim to have happened."""


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S").zfill(19)


@lru_cache(maxsize=4096)
def written(milliseconds: int) -> str:
    """Epoch milliseconds, of the years 1 to 9999, as the documents write them."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


def is_written(text: str) -> bool:
    """Whether a text already is what :func:`written` gives, and a real date."""
    if _WRITTEN.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text[:-1])
    except ValueError:
        return False
    return True


def parse(value: Any) -> int | None:
    """Epoch milliseconds of a time, or None if it is none.

    Takes what Elasticsearch's ``strict_date_optional_time||epoch_millis`` takes: ISO 8601 from a year to nanoseconds
    (a time without offset is UTC), or epoch milliseconds as a number or as digits.
    """
    if value.__class__ is int:
        return _bounded(value)
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return _bounded(int(value))
    except (OverflowError, ValueError):  # infinity, not a number
        return None


def _from_text(value: str) -> int | None:
    if match := _ISO.fullmatch(value.strip()):
        return _from_iso(match)
    if 5 <= len(value) <= 16 and value.isascii() and value.lstrip("-").isdigit():
        return _bounded(int(value))
    return None


def _bounded(milliseconds: int) -> int | None:
    return milliseconds if _LEAST <= milliseconds <= _MOST else None


def _from_iso(match: re.Match[str]) -> int | None:
    year, month, day, hour, minute, second, fraction, _, sign, offset_hours, offset_minutes = match.groups()
    milliseconds = int(((fraction or "0") + "00")[:3])
    try:
        moment = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=timezone.utc,
        )
    except ValueError:
        return None
    total = (moment - _EPOCH) // _MILLISECOND + milliseconds
    if sign:
        offset = (int(offset_hours) * 60 + int(offset_minutes or 0)) * 60_000
        total += -offset if sign == "+" else offset
    return _bounded(total)


@lru_cache(maxsize=4096)
def parse_access_log(text: str) -> int | None:
    """Epoch milliseconds of ``17/May/2015:10:05:03 +0000``, the time of an access log line."""
    try:
        moment = datetime(
            int(text[7:11]),
            _MONTHS[text[3:6]],
            int(text[0:2]),
            int(text[12:14]),
            int(text[15:17]),
            int(text[18:20]),
            tzinfo=timezone.utc,
        )
        offset = (int(text[22:24]) * 60 + int(text[24:26])) * 60_000
    except (ValueError, KeyError):
        return None
    total = (moment - _EPOCH) // _MILLISECOND
    return total - offset if text[21] == "+" else total + offset
