"""Real input for a rehearsal: a file of one's own, the public data beside the checkout, or the small sample."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "samples"

NAMES = ("apache_access.log.gz", "ubi_esci_sample.ndjson.gz")
"""A public web server's access log, and the queries and events of a shop's search (a bulk request's body)."""


class InputError(Exception):
    """A file that was named cannot be read; the message says which and why."""


@dataclass(frozen=True)
class Input:
    """One file of which each line is a record."""

    name: str
    path: Path

    def lines(self) -> Iterator[bytes]:
        """The lines without their ends; a gzip file is recognised by its first bytes.

        Raises:
            InputError: it cannot be read, or is no whole gzip file.
        """
        try:
            with self.path.open("rb") as file:
                packed = file.read(2) == b"\x1f\x8b"
            with gzip.open(self.path) if packed else self.path.open("rb") as file:
                for line in file:
                    yield line.rstrip(b"\r\n")
        except (OSError, EOFError) as error:
            raise InputError(f"{self.path}: {error.strerror if isinstance(error, OSError) else error}") from error


def data_folder() -> Path | None:
    """Where the public data is: the folder that ``BEHAVIOUR_DATA`` names, else ``shared/data`` beside the checkout or
    above it; nothing when there is none.
    """
    given = os.environ.get("BEHAVIOUR_DATA")
    places = [Path(given)] if given else [parent / "shared" / "data" for parent in ROOT.parents]
    return next((place for place in places if all((place / name).is_file() for name in NAMES)), None)


def find(given: list[Path]) -> list[Input]:
    """The files that were given, else the public data, else the sample.

    Raises:
        InputError: a file that was given is not there.
    """
    for path in given:
        if not path.is_file():
            raise InputError(f"{path}: no such file")
    if given:
        return [Input(path.name, path) for path in given]
    folder = data_folder()
    if folder is not None:
        return [Input(name, folder / name) for name in NAMES]
    return [Input(path.name, path) for path in sorted(SAMPLES.iterdir()) if path.is_file()]
