"""Checks that a stack keeps the resources of an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def addresses(stack: Mapping[str, Any]) -> set[str]:
    """Addresses of a stack's resources."""
    return {f"{kind}.{id_}" for kind, members in stack.get("resource", {}).items() for id_ in members}


def lost(earlier: Iterable[str], stack: Mapping[str, Any]) -> set[str]:
    """Addresses that Terraform would destroy: gone, and no ``moved`` block says where to."""
    now = addresses(stack)
    moved = {block["from"] for block in stack.get("moved", []) if block["to"] in now}
    return set(earlier) - now - moved
