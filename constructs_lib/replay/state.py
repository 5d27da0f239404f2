"""The progress of a replay, in a file, so that another run can continue.

The file's first line is the state at the start of a run; each further line records one step. An incomplete last line
is ignored: its step was not done.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from constructs_lib.atomic_file import replacing


class StateError(Exception):
    """The state file cannot be used; the message says what to do."""


@dataclass
class State:
    """Finished objects and shards, and the progress of the current one.

    Attributes:
        source: source and target of the replay; a state file of another replay is refused.
        done: tags by key: entity tags of objects, a constant for shards.
        key: the object or shard that is being sent.
        tag: the object's entity tag, or the sequence number of the shard's last record sent.
        sent: number of finished records and unreadable pieces of the object, or of parts of the shard's next record.
        until: epoch milliseconds of the end of a replay from a stream; default: the start of its first run.
        unreadable: parts that could not be read.
        kept: bytes of the file in which those are kept (`unreadable.Kept`).
    """

    path: Path
    source: Mapping[str, str]
    done: dict[str, str] = field(default_factory=dict)
    key: str = ""
    tag: str = ""
    sent: int = 0
    until: int | None = None
    unreadable: int = 0
    kept: int = 0
    _file: TextIO | None = field(default=None, repr=False)

    @classmethod
    def load(cls, path: Path, source: Mapping[str, str]) -> State:
        """The state in a file, or a new one if there is no file.

        Raises:
            StateError: the file is not the state of this replay.
        """
        found = cls(path, dict(source))
        try:
            lines = path.read_bytes().splitlines()
            found._begin(json.loads(lines[0]))
            for line in lines[1:-1]:
                found._go_on(json.loads(line))
            if len(lines) > 1 and _is_json(lines[-1]):
                found._go_on(json.loads(lines[-1]))
        except FileNotFoundError:
            return found
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise StateError(
                f"{path}: is damaged, or not a replay's state ({type(error).__name__}); name another file with "
                "--state, or remove it to send everything again"
            ) from None
        if found.source != dict(source):
            given = ", ".join(f"{name} {value}" for name, value in found.source.items())
            raise StateError(f"{path}: is the state of another replay ({given}); name another file with --state")
        return found

    def _begin(self, value: dict[str, Any]) -> None:
        self.source, self.done = _texts(value["source"]), _texts(value["done"])
        self.until = None if value.get("until") is None else _number(value["until"])
        self._place(value)

    def _go_on(self, value: dict[str, Any]) -> None:
        if "finished" in value:
            key, tag = value["finished"]
            self.done |= _texts({key: tag})
        self._place(value)

    def _place(self, value: dict[str, Any]) -> None:
        self.key, self.tag = _text(value["key"]), _text(value["tag"])
        self.sent = _number(value["sent"])
        self.unreadable, self.kept = _number(value.get("unreadable", 0)), _number(value.get("kept", 0))

    def begin(self) -> None:
        """Write the state before anything is sent.

        Raises:
            StateError: the file cannot be written.
        """
        value = {"source": dict(self.source), "done": self.done, "until": self.until} | self._placed()
        try:
            with replacing(self.path) as made:
                made.write_text(json.dumps(value) + "\n", encoding="utf-8")
            self._file = self.path.open("a", encoding="utf-8")
        except OSError as error:
            raise _unwritable(self.path, error) from None

    def progress(self, key: str, tag: str, sent: int) -> None:
        """Record how many records of an object or a shard are on the stream."""
        self.key, self.tag, self.sent = key, tag, sent
        self._write({})

    def finish(self, key: str, tag: str) -> None:
        """Record that all records of an object or a shard are on the stream."""
        self.done[key] = tag
        self.key = self.tag = ""
        self.sent = 0
        self._write({"finished": [key, tag]})

    def _placed(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "tag": self.tag,
            "sent": self.sent,
            "unreadable": self.unreadable,
            "kept": self.kept,
        }

    def _write(self, value: dict[str, Any]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(value | self._placed()) + "\n")
            self._file.flush()
        except OSError as error:
            raise _unwritable(self.path, error) from None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock beside a state file until the process ends, because two runs at once would send records twice.

    Raises:
        StateError: another run holds the lock, or it cannot be created.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unwritable(lock, error) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StateError(
                f"{lock}: another run of this replay is in progress; wait until it ends, or stop it"
            ) from None
        yield
    finally:
        os.close(handle)


def _unwritable(path: Path, error: OSError) -> StateError:
    return StateError(f"{path}: cannot be written ({error.strerror or error}); name another place with --state")


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: Any) -> dict[str, str]:
    return {_text(key): _text(entry) for key, entry in value.items()}


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value
