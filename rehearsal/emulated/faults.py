"""What goes wrong next, on demand: a service that is busy, an answer that is lost on its way.

`PUT /_rehearsal/faults` sets them (``{"throttled": 2, "lost": 1, "stream": 3}``), each counted down as it happens.
"""

from __future__ import annotations

import threading

NAMES = ("throttled", "lost", "stream")
"""``throttled``: the gateway answers 429. ``lost``: the gateway hangs up after the function ran. ``stream``: a
PutRecords of which every record is refused."""

_LOCK = threading.Lock()
_left: dict[str, int] = dict.fromkeys(NAMES, 0)


def set_faults(given: dict[str, int]) -> None:
    """How often each is still to happen; those that are not named happen no more."""
    with _LOCK:
        _left.update({name: int(given.get(name, 0)) for name in NAMES})


def happens(name: str) -> bool:
    """Whether this is to go wrong now; counts it."""
    with _LOCK:
        if _left[name] <= 0:
            return False
        _left[name] -= 1
        return True
