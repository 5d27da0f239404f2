"""Quotas of an account and of its domains, streams and delivery streams."""

from __future__ import annotations

from typing import Final

DEFAULT_SHARDS_PER_ACCOUNT: Final = 1000
"""Provisioned shards in an account and region, where AWS starts lowest (sources.KINESIS_QUOTAS)."""
