"""Times and schedules as texts: ``rate(1 day)``, ``cron(0 4 * * ? *)``, RFC 3339, ``30s``."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

SOURCE: Final = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)(s?)\)")
_CRON = re.compile(r"cron\(([^()]*)\)")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of week", 1, 7, _DAYS),
    ("year", 1970, 2199, ()),
)


def schedule_complaint(expression: str) -> str | None:
    """What is wrong with an EventBridge schedule; None if nothing is."""
    if expression.startswith("rate("):
        rate = _RATE.fullmatch(expression)
        if rate is None:
            return "is not a rate"
        if int(rate[1]) < 1 or (rate[1] == "1") is bool(rate[3]):
            return "has the wrong number or unit: write 1 day, or 2 days and more"
        return None
    return cron_complaint(expression)


def cron_complaint(expression: str) -> str | None:
    """What is wrong with an AWS cron expression of six fields; None if nothing is."""
    match = _CRON.fullmatch(expression)
    if match is None:
        return "is not a cron expression"
    fields = match[1].split()
    if len(fields) != len(_FIELDS):
        return f"has {len(fields)} fields instead of six"
    for field, (name, least, most, names) in zip(fields, _FIELDS, strict=True):
        if not _is_field(field, name, least, most, names):
            return f"has a wrong {name} field, {field}"
    if (fields[2] == "?") is (fields[4] == "?"):
        return "needs ? in exactly one of the fields day of month and day of week"
    return None


def _is_field(field: str, name: str, least: int, most: int, names: tuple[str, ...]) -> bool:
    if field in ("*", "?"):
        return field == "*" or name.startswith("day")
    return all(_is_part(part, name, least, most, names) for part in field.split(","))


def _is_part(part: str, name: str, least: int, most: int, names: tuple[str, ...]) -> bool:
    if name == "day of month" and re.fullmatch(r"L|(\d{1,2})W|LW", part):
        return True
    if name == "day of week" and re.fullmatch(r"L|[1-7]L|[1-7]#[1-5]", part):
        return True
    base, slash, step = part.partition("/")
    if slash and (not step.isdigit() or int(step) < 1):
        return False
    first, dash, last = base.partition("-")
    if base == "*":
        return bool(slash)
    ends = [_value(first, names), _value(last, names)] if dash else [_value(first, names)]
    return all(end is not None and least <= end <= most for end in ends)


def _value(text: str, names: tuple[str, ...]) -> int | None:
    if text.upper() in names:
        return names.index(text.upper()) + 1
    return int(text) if text.isdigit() and len(text) <= 4 else None


def read_time(text: str) -> datetime | None:
    """An RFC 3339 time; None if the text is not one, or names a day that does not exist."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})", text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\.\d+", "", text).replace("Z", "+00:00"))
    except ValueError:
        return None


def seconds_of(text: str) -> float | None:
    """Seconds of an engine's time such as ``30s`` or ``500ms``; None for anything else."""
    match = re.fullmatch(r"(\d{1,9})(ms|s|m|h)", text)
    return int(match[1]) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[match[2]] if match else None
