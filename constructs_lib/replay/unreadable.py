"""Keeps unreadable parts in a file beside the state: one JSON object a line, with the bytes as text or base64."""

from __future__ import annotations

import base64
import json
import os
from typing import BinaryIO

from constructs_lib.replay.splitting import Part
from constructs_lib.replay.state import State, StateError


class Kept:
    """The file. Bytes after the length in the state were written by a run that was stopped, and are removed.

    Remove the file after handling its content: then the state counts no unreadable parts.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._file: BinaryIO | None = None
        self.path = state.path.with_name(f"{state.path.name}.unreadable.ndjson")

    def begin(self) -> None:
        """Make the file match the state.

        Raises:
            StateError: the file cannot be written.
        """
        try:
            size = self.path.stat().st_size
            if size > self._state.kept:
                os.truncate(self.path, self._state.kept)
        except FileNotFoundError:
            self._state.unreadable = size = 0
        except OSError as error:
            raise self._unwritable(error) from None
        self._state.kept = min(size, self._state.kept)

    def add(self, unit: str, part: Part) -> None:
        """Add an unreadable part of an object or shard, or a further piece of it."""
        line = {"from": unit, "offset": part.offset, "bytes": len(part.data), "reason": part.reason}
        if not part.first:
            line["continues"] = True
        try:
            line["text"] = part.data.decode("utf-8")
        except UnicodeDecodeError:
            line["base64"] = base64.b64encode(part.data).decode("ascii")
        content = json.dumps(line).encode() + b"\n"
        try:
            if self._file is None:
                # The file has personal data, so only its owner may read it.
                self._file = open(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb", buffering=0)  # noqa: PTH123, SIM115
            self._file.write(content)
        except OSError as error:
            raise self._unwritable(error) from None
        self._state.kept += len(content)
        self._state.unreadable += part.first

    def _unwritable(self, error: OSError) -> StateError:
        return StateError(
            f"{self.path}: cannot be written ({error.strerror or error}); name another place with --state"
        )
