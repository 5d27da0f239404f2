"""Faults on demand: a busy service, a lost answer.

`PUT /_rehearsal/faults` sets them (``{"throttled": 2, "lost": 1, "stream": 3}``), and each is counted down when it
occurs.
"""

from __future__ import annotations

import threading

NAMES = ("throttled", "lost", "stream")
"""``throttled``: the gateway answers 429. ``lost``: the gateway hangs up after the function ran. ``stream``: a
PutRecords of which every record is refused."""

_LOCK = threading.Lock()
_left: dict[str, int] = dict.fromkeys(NAMES, 0)


def set_faults(given: dict[str, int]) -> None:
    """Set the remaining number of each fault; others are cleared."""
    with _LOCK:
        _left.update({name: int(given.get(name, 0)) for name in NAMES})


def happens(name: str) -> bool:
    """Whether a fault is due now; counts it down."""
    with _LOCK:
        if _left[name] <= 0:
            return False
        _left[name] -= 1
        return True
