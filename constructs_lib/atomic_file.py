"""Atomic replacement of files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path whose file replaces ``path`` when the block ends without an error.

    The temporary path is in the same folder, which is created. After an error the old file is unchanged.

    Raises:
        OSError: the folder cannot be created, or the file cannot be replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        yield made
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
