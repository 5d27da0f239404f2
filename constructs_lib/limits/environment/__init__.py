"""Limits of an environment file's own keys, one module for each part of the file."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment import (
    collector,
    deployment,
    functions,
    identity,
    network,
    operations,
    recommender,
    storage,
    stream,
    traffic,
)
from constructs_lib.limits.limit_types import Limit

ENVIRONMENT: Final = "environment"
"""Key of the environment file itself in the tables, in place of a resource type."""

KEYS: Final[dict[str, tuple[Limit, ...]]] = {
    **identity.LIMITS,
    **stream.LIMITS,
    **collector.LIMITS,
    **functions.LIMITS,
    **recommender.LIMITS,
    **storage.LIMITS,
    **network.LIMITS,
    **operations.LIMITS,
    **deployment.LIMITS,
    **traffic.LIMITS,
}
"""Limits by dotted path in the file; ``[]`` is every item of a list."""
