"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what takes a file's place when the block ends without an error.

    The path that is given lies in the same folder, which is made. After an error the file is as it was.

    Raises:
        OSError: the folder cannot be made, or the file not be replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        yield made
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
