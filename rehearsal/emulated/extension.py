"""How a moto class gets a method that it lacks, or another one in the place of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])


def extends(owner: type) -> Callable[[Method], Method]:
    """Put the decorated function into ``owner`` under its own name, in the place of what was there."""

    def put(method: Method) -> Method:
        setattr(owner, method.__name__, method)
        return method

    return put
