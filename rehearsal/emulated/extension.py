"""Adds or replaces a method of a moto class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])


def extends(owner: type) -> Callable[[Method], Method]:
    """Set the decorated function as an attribute of ``owner`` under its own name, replacing an existing one."""

    def put(method: Method) -> Method:
        setattr(owner, method.__name__, method)
        return method

    return put
