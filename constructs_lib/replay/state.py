"""How far a replay has come, in a file, so that another run goes on where one ended."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class StateError(Exception):
    """The state file belongs to another replay or is none; the message says what to do."""


@dataclass
class State:
    """Objects that are done, by key and entity tag, and how many records of the next are.

    Attributes:
        source: what is replayed to where; a state file of something else is refused.
    """

    path: Path
    source: Mapping[str, str]
    done: dict[str, str] = field(default_factory=dict)
    key: str = ""
    tag: str = ""
    sent: int = 0

    @classmethod
    def load(cls, path: Path, source: Mapping[str, str]) -> State:
        """The state in a file, or a fresh one where there is no file.

        Raises:
            StateError: the file is no state of this replay.
        """
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            found = cls(path, value["source"], value["done"], value["key"], value["tag"], value["sent"])
        except FileNotFoundError:
            return cls(path, dict(source))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StateError(
                f"{path}: is no state of a replay ({type(error).__name__}); name another by --state"
            ) from None
        if found.source != dict(source):
            given = ", ".join(f"{name} {value}" for name, value in found.source.items())
            raise StateError(f"{path}: is the state of another replay ({given}); name another by --state")
        return found

    def skip(self, key: str, tag: str) -> int | None:
        """How many records of an object are sent already; None where all are."""
        if self.done.get(key) == tag:
            return None
        return self.sent if (key, tag) == (self.key, self.tag) else 0

    def progress(self, key: str, tag: str, sent: int) -> None:
        """So many records of an object are on the stream."""
        self.key, self.tag, self.sent = key, tag, sent
        self._write()

    def finish(self, key: str, tag: str) -> None:
        """All records of an object are on the stream."""
        self.done[key] = tag
        self.key = self.tag = ""
        self.sent = 0
        self._write()

    def _write(self) -> None:
        """Whole or not at all: a run may be stopped at any time."""
        value = {"source": dict(self.source), "done": self.done, "key": self.key, "tag": self.tag, "sent": self.sent}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.path.parent, delete=False, encoding="utf-8") as written:
            json.dump(value, written)
        Path(written.name).replace(self.path)
