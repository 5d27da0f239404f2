"""``stream``: consumers."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import REGISTRY
from constructs_lib.limits.limit_types import Limit, Pattern

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "stream.consumers[].name": (
        Pattern(r"[a-zA-Z0-9_.-]{1,128}", "1 to 128 letters, digits and _ . -", f"{REGISTRY}/kinesis_stream_consumer"),
    ),
}
