"""Times: whatever arrives, as epoch milliseconds; whatever leaves, as ``2024-12-10T00:01:29.378Z``.

Read are, whatever field they come in:

- numbers and digits: epoch seconds, milliseconds, microseconds or nanoseconds, told apart by their magnitude;
- ISO 8601 from a year to nanoseconds, with ``T`` or a space, a point or a comma, an offset, ``Z``, ``UTC`` or ``GMT``,
  and a zone in brackets behind the offset (Java), also in the basic form without hyphens and colons;
- RFC 1123 and RFC 850 dates, C's ``asctime``, JavaScript's ``Date.toString()``, ``Mar 12, 2025 8:00:01 AM``;
- ``17/May/2015:10:05:03 +0000`` of access logs; ``17.05.2015 10:05:03``; ``/Date(1431857103000)/`` of ASP.NET;
- ``{"$date": ...}`` (MongoDB), ``{"epochSecond": ..., "nanoOfSecond": ...}`` (log4j2), ``{"seconds": ..., "nanos":
  ...}`` (Protocol Buffers), ``[seconds, nanoseconds]`` (OpenTelemetry in JavaScript), ``[2025, 3, 12, 8, 0, 1]``
  (Jackson).

A time without an offset is UTC.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

_ISO = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?)?)?)?"
    r" ?(?:([Zz]|UTC|GMT)|([+-])([0-9]{2})(?::?([0-9]{2}))?(?: (?:UTC|GMT|[A-Z]{2,5}|[+-][0-9]{2,4}))?)?"
    r"(?: ?\[[A-Za-z0-9_/+:-]{1,50}\])?(?: m=[+-][0-9.]{1,30})?",
    re.ASCII,
)
_BASIC = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[Tt ]?([0-9]{2})([0-9]{2})(?:([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2})?)?",
    re.ASCII,
)
_SLASHES = re.compile(r"([0-9]{4})/([0-9]{2})/([0-9]{2})(?=$|[ T])", re.ASCII)
_POINTS = re.compile(
    r"([0-3][0-9])\.([01][0-9])\.([0-9]{4})(?:,? ([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?)?", re.ASCII
)
_MICROSOFT = re.compile(r"/Date\((-?[0-9]{1,16})(?:[+-][0-9]{4})?\)/", re.ASCII)
_DIGITS = re.compile(r"-?[0-9]{5,19}(?:\.[0-9]{1,9})?", re.ASCII)
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
_HALF = r"(?:[ \u202f]?([AaPp])\.?[Mm]\.?)?"
_ZONE = r"(?: ?(?:(?:UTC|GMT|Z)?([+-])([0-9]{2}):?([0-9]{2})|UTC|GMT|Z))?(?: ?\([^()]{1,60}\))?"
_DAY_FIRST = re.compile(
    rf"\[?(?:[A-Z][a-z]{{2,8}},? )?([0-9]{{1,2}})[ /-]{_MONTH}[ /-]([0-9]{{4}}|[0-9]{{2}})[ :]{_CLOCK}{_HALF}{_ZONE}\]?"
)
"""RFC 1123, RFC 850, access logs."""
_MONTH_FIRST = re.compile(
    rf"\[?(?:[A-Z][a-z]{{2,8}},? )?{_MONTH}  ?([0-9]{{1,2}})(?:,? ([0-9]{{4}}))?,? {_CLOCK}{_HALF}{_ZONE}"
    r"(?: ([0-9]{4}))?\]?"
)
"""``asctime``, ``date``, JavaScript."""
_WITHOUT_YEAR = re.compile(r"[A-Z][a-z]{2} [ 0-3][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}  # noqa: SIM905
_UTC = ("UTC", "Z", "+00:00", "Etc/UTC", "GMT")
_LEAST, _MOST = -62_135_596_800_000, 253_402_300_799_999
_LONGEST = 80
_SECONDS = 10**11
"""Below: epoch seconds, of which this many are the year 5138. A thousand times that many are milliseconds still, and so
on."""

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
    """Epoch milliseconds of a time in any form that the module names, or None if it is none."""
    if value.__class__ is int:
        return _of_number(value)
    if isinstance(value, str):
        return _of_text(value.strip()) if len(value) <= _LONGEST else None
    if isinstance(value, float):
        return _of_fraction(value)
    if isinstance(value, dict):
        return _of_mapping(value)
    if isinstance(value, list):
        return _of_list(value)
    return None


def _of_number(value: int) -> int | None:
    size = abs(value)
    if size < _SECONDS:
        return _bounded(value * 1000)
    if size < _SECONDS * 1000:
        return _bounded(value)
    if size < _SECONDS * 1_000_000:
        return _bounded(value // 1000)
    return _bounded(value // 1_000_000)


def _of_fraction(value: float) -> int | None:
    if not -1e20 < value < 1e20:  # not a number is neither
        return None
    # Seconds with a fraction are told to the millisecond, which a double holds.
    return _bounded(round(value * 1000)) if abs(value) < _SECONDS else _of_number(int(value))


@lru_cache(maxsize=4096)
def _of_text(value: str) -> int | None:
    if match := _ISO.fullmatch(_SLASHES.sub(r"\1-\2-\3", value)):
        return _of_iso(match)
    if _DIGITS.fullmatch(value) and not (len(value) in {8, 14} and value.startswith(("19", "20"))):
        return _of_digits(value)
    if match := _BASIC.fullmatch(value):
        return _of_iso(match)
    return _of_words(value)


def _of_digits(value: str) -> int | None:
    whole, _, fraction = value.partition(".")
    moment = _of_number(int(whole))
    if fraction and moment is not None and abs(int(whole)) < _SECONDS:
        part = int(fraction.ljust(3, "0")[:3])
        moment += -part if whole.startswith("-") else part
    return moment


def _of_words(value: str) -> int | None:
    """A date with a month's name, with points as only days first have them, or as ASP.NET writes one in JSON."""
    if match := _POINTS.fullmatch(value):
        day, month, year, hour, minute, second, fraction = match.groups()
        return _moment([year, month, day, hour or "00", minute, second, fraction, None, None, None])
    if match := _MICROSOFT.fullmatch(value):
        return _of_number(int(match[1]))
    if match := _DAY_FIRST.fullmatch(value):
        day, month, year, *rest = match.groups()
    elif match := _MONTH_FIRST.fullmatch(value):
        month, day, before, *rest = match.groups()
        year = before or rest.pop()
        rest = rest[:8]
    else:
        return None
    hour, minute, second, fraction, half, *offset = rest
    if year is None:  # syslog's: see near()
        return None
    if len(year) == 2:
        year = f"20{year}" if year < "70" else f"19{year}"
    if half is not None:
        hour = str(int(hour) % 12 + (12 if half in "Pp" else 0))
    return _moment([year, str(_MONTHS[month]), day, hour, minute, second, fraction, *offset])


def near(value: Any, latest: int) -> int | None:
    """Epoch milliseconds of a time without a year, as syslog writes it (``Mar 12 08:00:01``): the last one before a
    moment.
    """
    if value.__class__ is not str or len(value) > _LONGEST or _WITHOUT_YEAR.fullmatch(value) is None:
        return None
    year = int(written(latest)[:4])
    found = (_of_words(f"{value[:6]} {one} {value[7:]}") for one in range(year, year - 5, -1))
    return next((moment for moment in found if moment is not None and moment <= latest), None)


def _of_mapping(value: dict[str, Any]) -> int | None:
    if "$date" in value:
        inner = value["$date"]
        if isinstance(inner, dict):
            inner = inner.get("$numberLong")
        if isinstance(inner, (str, int)) and str(inner)[:20].lstrip("-").isdecimal():
            # MongoDB's are milliseconds, whatever their magnitude.
            return _bounded(int(str(inner)[:20]))
        return parse(inner) if isinstance(inner, str) else None
    if value.get("timezone") in _UTC and isinstance(value.get("date"), str):  # PHP's DateTime
        return parse(value["date"])
    for second, nanosecond in (("epochSecond", "nanoOfSecond"), ("seconds", "nanos"), ("_seconds", "_nanoseconds")):
        if second in value:
            return _of_parts(value[second], value.get(nanosecond, 0))
    return None


def _of_list(value: list[Any]) -> int | None:
    if not 2 <= len(value) <= 7 or any(part.__class__ is not int for part in value):
        return None
    if len(value) == 2:
        return _of_parts(*value)
    if len(value) < 5 or not 1 <= value[0] <= 9999 or any(not 0 <= part < 10**9 for part in value):
        return None
    year, month, day, hour, minute, second, nanosecond = (*value, 0, 0)[:7]
    return _moment([*map(str, (year, month, day, hour, minute, second)), f"{nanosecond:09d}", None, None, None])


def _of_parts(seconds: Any, nanoseconds: Any) -> int | None:
    if isinstance(seconds, str) and len(seconds) <= 20 and seconds.isascii() and seconds.isdecimal():
        seconds = int(seconds)
    if seconds.__class__ is not int or nanoseconds.__class__ is not int or not 0 <= nanoseconds < 10**9:
        return None
    return _bounded(seconds * 1000 + nanoseconds // 1_000_000)


def _bounded(milliseconds: int) -> int | None:
    return milliseconds if _LEAST <= milliseconds <= _MOST else None


def _of_iso(match: re.Match[str]) -> int | None:
    year, month, day, hour, minute, second, fraction, _, *offset = match.groups()
    return _moment([year, month or "1", day or "1", hour, minute, second, fraction, *offset])


def _moment(parts: list[str | None]) -> int | None:
    """Year, month, day, hour, minute, second, its fraction, and the offset's sign, hours and minutes."""
    year, month, day, hour, minute, second, fraction, sign, offset_hours, offset_minutes = parts
    try:
        moment = datetime(
            int(year or 0),
            int(month or 0),
            int(day or 0),
            int(hour or 0),
            int(minute or 0),
            59 if second == "60" else int(second or 0),  # a leap second
            tzinfo=timezone.utc,
        )
    except (ValueError, OverflowError):
        return None
    total = (moment - _EPOCH) // _MILLISECOND + int(((fraction or "0") + "00")[:3])
    if sign:
        offset = (int(offset_hours or 0) * 60 + int(offset_minutes or 0)) * 60_000
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
