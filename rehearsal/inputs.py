"""Input for a rehearsal: given files, the public data beside the checkout, or the small sample.

A file has records in the formats of producers: one a line, a JSON array of them, JSON objects over several lines, or
lines under the header that names their fields (W3C, CloudFront).
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "samples"

NAMES = ("apache_access.log.gz", "ubi_esci_sample.ndjson.gz")
"""A public web server's access log, and the queries and events of a shop's search (a bulk request's body)."""


class InputError(Exception):
    """A given file cannot be read; the message has the file and the reason."""


@dataclass(frozen=True)
class Input:
    """One file of records."""

    name: str
    path: Path

    def lines(self) -> Iterator[bytes]:
        """The lines without their ends; a gzip file is recognised by its first bytes.

        Raises:
            InputError: it cannot be read, or is an incomplete gzip file.
        """
        try:
            with self.path.open("rb") as file:
                packed = file.read(2) == b"\x1f\x8b"
            with gzip.open(self.path) if packed else self.path.open("rb") as file:
                for line in file:
                    yield line.rstrip(b"\r\n")
        except (OSError, EOFError) as error:
            raise InputError(f"{self.path}: {error.strerror if isinstance(error, OSError) else error}") from error

    def records(self) -> Iterator[bytes]:
        """The records, each as its producer would send it.

        Raises:
            InputError: as of :meth:`lines`.
        """
        lines = self.lines()
        begun = []
        for line in lines:
            begun.append(line)
            if line.strip():
                break
        first = begun[-1].strip() if begun else b""
        whole = itertools.chain(begun, lines)
        if first.startswith(b"#"):
            yield from _under_headers(whole)
        elif _begins_json(first):
            yield from _json_records(list(whole))
        else:
            yield from whole


def _under_headers(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Each line with the current header before it, as an agent for the format sends it."""
    headers: dict[bytes, bytes] = {}
    for line in lines:
        if line.startswith(b"#"):
            name = line.partition(b":")[0]
            if name in {b"#Fields", b"#Date"}:
                headers[name] = line
        elif line.strip():
            yield b"\n".join([*headers.values(), line])


def _begins_json(first: bytes) -> bool:
    """Whether a JSON object continues after the first line, or the file is a list of events."""
    if first[:1] == b"[":
        return first[1:].lstrip()[:1] in {b"", b"{"}
    if first[:1] != b"{":
        return False
    try:
        json.loads(first)
    except ValueError:
        return True
    return False


def _json_records(lines: list[bytes]) -> Iterator[bytes]:
    """The objects of a file that is one array, or that has an object over several lines; lines where it is neither."""
    decoder = json.JSONDecoder()
    found: list[object] = []
    try:
        text = b"\n".join(lines).decode("utf-8-sig").strip()
        at = 0
        while at < len(text):
            value, at = decoder.raw_decode(text, at)
            found += value if isinstance(value, list) else [value]
            while at < len(text) and text[at].isspace():
                at += 1
    except (ValueError, RecursionError):
        yield from lines
        return
    for value in found:
        yield json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def data_folder() -> Path | None:
    """The folder of the public data: ``BEHAVIOUR_DATA``, else ``shared/data`` beside the checkout or above it; None if
    there is none.
    """
    given = os.environ.get("BEHAVIOUR_DATA")
    places = [Path(given)] if given else [parent / "shared" / "data" for parent in ROOT.parents]
    return next((place for place in places if all((place / name).is_file() for name in NAMES)), None)


def find(given: list[Path]) -> list[Input]:
    """The given files, else the public data, else the sample.

    Raises:
        InputError: a given file does not exist.
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
