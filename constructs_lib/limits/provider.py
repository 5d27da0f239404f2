"""Arguments that the oldest supported AWS provider does not know, and the version that brought them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from constructs_lib.limits.arguments import DELIVERY, DOMAIN, STREAM

LOWEST: Final = "5.100.0"
"""The oldest provider version; stacks require it unless they use newer arguments."""

BINDINGS: Final = "6.25.0"
"""The provider version of the bindings; newer arguments are written without them."""

ARGUMENT_SINCE: Final[dict[str, dict[str, str]]] = {
    DOMAIN: {
        "region": "6.0.0",
        "aiml_options": "6.15.0",
        "identity_center_options": "6.20.0",
        "aiml_options.serverless_vector_acceleration": "6.31.0",
        "advanced_security_options.jwt_options": "6.34.0",
    },
    STREAM: {
        "region": "6.0.0",
        "max_record_size_in_kib": "6.20.0",
        "warm_throughput_mib_ps": "6.48.0",
    },
    DELIVERY: {
        "region": "6.0.0",
    },
}
"""What the schema of 5.100.0 lacks and the bindings (6.25.0) or later versions have (sources.PROVIDER_CHANGELOG)."""


def provider_floor(resource_type: str, arguments: Mapping[str, object]) -> str:
    """The lowest provider version that knows all the arguments given; `LOWEST` if there is nothing new among them.

    Args:
        resource_type: such as ``aws_opensearch_domain``; any other type answers `LOWEST`.
        arguments: the resource's arguments in the provider's shape; absent and null arguments do not count.
    """
    since = ARGUMENT_SINCE.get(resource_type, {})
    needed = [since[path] for path in _paths(arguments, "") if path in since]
    return max([LOWEST, *needed], key=_order)


def split_beyond_bindings(resource_type: str, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments that the bindings know, and by dotted path those that only newer providers do."""
    known = deepcopy(dict(arguments))
    beyond: dict[str, Any] = {}
    for path, version in ARGUMENT_SINCE.get(resource_type, {}).items():
        *blocks, name = path.split(".")
        holder: Any = known
        for block in blocks:
            holder = holder.get(block) if isinstance(holder, dict) else None
        if _order(version) > _order(BINDINGS) and isinstance(holder, dict) and name in holder:
            beyond[path] = holder.pop(name)
    return known, beyond


def _paths(arguments: object, prefix: str) -> Iterator[str]:
    if isinstance(arguments, (list, tuple)):
        for item in arguments:
            yield from _paths(item, prefix)
    elif isinstance(arguments, Mapping):
        for name, value in arguments.items():
            # A block without arguments is a block.
            if value is not None and value != []:
                yield f"{prefix}{name}"
                yield from _paths(value, f"{prefix}{name}.")


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
