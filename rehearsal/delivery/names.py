"""Names that Firehose makes from times: rotated indexes and objects in the bucket. All times are UTC.

https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html#es-index-rotation and
https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html.
"""

from __future__ import annotations

import re
import secrets
import string
from datetime import datetime, timezone

_ROTATIONS = {
    "NoRotation": "",
    "OneHour": "-%Y-%m-%d-%H",
    "OneDay": "-%Y-%m-%d",
    "OneWeek": "-%G-w%V",
    "OneMonth": "-%Y-%m",
}

_JAVA_PATTERN = re.compile(r"'([^']*)'|([a-zA-Z])\2*|[^a-zA-Z']+")
_JAVA = {"y": "%Y", "M": "%m", "d": "%d", "H": "%H", "m": "%M", "s": "%S", "w": "%V", "Y": "%G", "D": "%j", "S": "%f"}
_EXPRESSION = re.compile(r"!\{(\w+):([^}]*)\}")


def moment(milliseconds: int) -> datetime:
    """A time of the stream as a UTC date and time."""
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)


def index_name(name: str, rotation: str, arrival: int) -> str:
    """The index for a record with this arrival (milliseconds)."""
    return name + moment(arrival).strftime(_ROTATIONS[rotation])


def java_time(pattern: str, when: datetime) -> str:
    """A time in a pattern of Java's DateTimeFormatter; Firehose accepts only the letters listed here.

    Raises `ValueError` for a letter that is not.
    """

    def part(match: re.Match[str]) -> str:
        text = match.group(0)
        if match.group(1) is not None:
            return match.group(1) or "'"
        if match.group(2) is None:
            return text
        if text[0] not in _JAVA:
            raise ValueError(f"!{{timestamp:{pattern}}} has a letter that Firehose does not know: {text[0]}")
        formatted = when.strftime(_JAVA[text[0]])
        if text in {"yy", "YY"}:
            return formatted[-2:]
        return formatted if len(text) > 1 else formatted.lstrip("0") or "0"

    return _JAVA_PATTERN.sub(part, pattern)


def prefix(expression: str | None, when: datetime, error: str | None = None) -> str:
    """A prefix with its expressions evaluated.

    Without any expression the service adds ``YYYY/MM/dd/HH/``, after the error's name for a prefix of errors. With
    expressions, but none of a time, it adds that to a prefix of backups and nothing to one of errors. ``error`` is the
    error-output-type, for an error prefix.
    """
    hours = when.strftime("%Y/%m/%d/%H/")
    if expression is None or "!{" not in expression:
        return f"{expression or ''}{f'{error}/' if error else ''}{hours}"
    if error is None and "!{timestamp:" not in expression:
        expression += "!{timestamp:yyyy/MM/dd/HH/}"

    def value(match: re.Match[str]) -> str:
        namespace, name = match.groups()
        if namespace == "timestamp":
            return java_time(name, when)
        if name == "error-output-type" and error is not None:
            return error
        if name == "random-string":
            return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(11))
        raise ValueError(f"!{{{namespace}:{name}}} means nothing here")

    return _EXPRESSION.sub(value, expression)
