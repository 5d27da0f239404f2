"""How far a replay has come, in a file, so that another run goes on where one ended."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


class StateError(Exception):
    """The state file belongs to another replay or is none; the message says what to do."""


@dataclass
class State:
    """Objects and shards that are done, and how far the next is.

    Attributes:
        source: what is replayed to where; a state file of something else is refused.
        done: tags by keys: entity tags of objects, for shards always the same.
        key: the object or shard that is being sent.
        tag: the object's entity tag; the sequence number of the last of the shard's records that is sent.
        sent: how many records of the object are sent; how many parts of the shard's next record.
        until: epoch milliseconds of the end of a replay from a stream; where none was given, when its first run began.
    """

    path: Path
    source: Mapping[str, str]
    done: dict[str, str] = field(default_factory=dict)
    key: str = ""
    tag: str = ""
    sent: int = 0
    until: int | None = None

    @classmethod
    def load(cls, path: Path, source: Mapping[str, str]) -> State:
        """The state in a file, or a fresh one where there is no file.

        Raises:
            StateError: the file is no state of this replay.
        """
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            names = ("source", "done", "key", "tag", "sent")
            found = cls(path, **{name: value[name] for name in names}, until=value.get("until"))
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

    def progress(self, key: str, tag: str, sent: int) -> None:
        """So far an object's or a shard's records are on the stream."""
        self.key, self.tag, self.sent = key, tag, sent
        self._write()

    def finish(self, key: str, tag: str) -> None:
        """All records of an object or a shard are on the stream."""
        self.done[key] = tag
        self.key = self.tag = ""
        self.sent = 0
        self._write()

    def _write(self) -> None:
        """Whole or not at all: a run may be stopped at any time."""
        value = asdict(self) | {"source": dict(self.source)}
        del value["path"]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self.path.parent, delete=False, encoding="utf-8") as written:
            json.dump(value, written)
        Path(written.name).replace(self.path)
