"""Results that are kept, of short texts only: what a record says must not fill a container's memory.

A cache of 8,192 texts of half a megabyte each would be four gigabytes. So a text longer than a cache takes is worked on
again each time; real traffic does not repeat such texts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST = 256
"""Characters of a text whose result is kept, where a cache says nothing else."""

T = TypeVar("T")


def remembered(
    most: int, longest: int = LONGEST, *, cut: int | None = None
) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Keep a function's results for the last ``most`` texts of at most ``longest`` characters.

    Args:
        cut: characters of a longer text that the function is given; None: all of them.
    """

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        kept = lru_cache(maxsize=most)(function)

        @wraps(function)
        def remembering(text: str) -> T:
            return kept(text) if len(text) <= longest else function(text[:cut])

        return remembering

    return decorate
