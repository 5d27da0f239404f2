"""A stand-in for Kinesis for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.collector.standin import Kinesis, kinesis


@pytest.fixture
def there() -> Iterator[Kinesis]:
    """The stand-in."""
    with kinesis() as seen:
        yield seen
