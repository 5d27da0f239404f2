"""Formats numbers for people."""

from __future__ import annotations

import math

_YEAR_DAYS = 365
_TIMES = 10


def shown(value: float) -> str:
    """A number with thousands separators: whole from 100 on, three significant digits below; infinity is ``any``.

    >>> [shown(value) for value in (150000, 187.5, 4.7368, 0.2903, 3.0, 0)]
    ['150,000', '188', '4.74', '0.29', '3', '0']
    """
    if math.isinf(value):
        return "any"
    if value == 0:
        return "0"
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def share(value: float) -> str:
    """A share as a percentage, or how many times: ``75 %``, ``0.3 %``, ``21 x``."""
    if value >= _TIMES:
        return f"{value:,.0f} x"
    percent = value * 100
    return f"{percent:,.0f} %" if percent >= 1 or percent == 0 else f"{percent:.1g} %"


def duration(seconds: float) -> str:
    """A duration in the largest unit that leaves a number from 2 on: ``45 s``, ``90 min``, ``3 h``, ``12 days``."""
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{shown(round(seconds / size, 1))} {unit}"
    return f"{seconds:,.0f} s"


def days(value: float | None) -> str:
    """A number of days, ``never``, or ``over 10 years``."""
    if value is None:
        return "never"
    if value > 10 * _YEAR_DAYS:
        return "over 10 years"
    return "now" if value <= 0 else "1 day" if round(value) == 1 else f"{value:,.0f} days"
