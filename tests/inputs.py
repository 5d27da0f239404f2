"""Real inputs for tests and benchmarks if they are beside this checkout, else a small sample of the project."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

_SAMPLES = Path(__file__).parent / "samples"


def lines(name: str) -> list[bytes]:
    """The lines of ``apache_access.log.gz`` or ``ubi_esci_sample.ndjson.gz``.

    They are looked for in the folder that ``BEHAVIOUR_DATA`` names, then in ``shared/data`` beside the checkout or
    above it; without them a sample of the same form is taken from ``tests/samples``.
    """
    for folder in _folders():
        if (folder / name).is_file():
            return gzip.decompress((folder / name).read_bytes()).splitlines()
    return (_SAMPLES / name.removesuffix(".gz")).read_bytes().splitlines()


def beside(name: str) -> Path | None:
    """A file of ``shared/data`` (``user_agents/isbot_browsers.txt.gz``), None where it is not there."""
    return next((folder / name for folder in _folders() if (folder / name).is_file()), None)


def _folders() -> list[Path]:
    given = os.environ.get("BEHAVIOUR_DATA")
    here = [Path(given)] if given else []
    return here + [parent / "shared" / "data" for parent in Path(__file__).resolve().parents]
