"""Replays under faults: the ``replay`` command, killed at any call, and two at once."""

from __future__ import annotations

import contextlib
import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from constructs_lib.__main__ import main
from constructs_lib.replay import shards
from constructs_lib.replay.state import alone
from rehearsal.faults import KilledError, World


class Replays:
    """Runs of ``python -m constructs_lib replay`` in this process, against the emulator.

    Args:
        folder: the folder of the states; each source has one, so that each run continues where the last one ended.
    """

    def __init__(self, world: World, folder: Path) -> None:
        import boto3  # noqa: PLC0415 - slow to import

        self._world, self._folder = world, folder
        os.environ.update(world.aws.environment())
        self._session = boto3.session.Session()
        self._left = 0
        for moment in ("before-call", "after-call"):
            self._session.events.register(f"{moment}.kinesis.PutRecords", self._called)

    def _called(self, **_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            self._world.faults["replay killed"] += 1
            raise KilledError

    def some(self) -> None:
        """Replay the bucket's content: by a run that may be killed, beside a refused second run, or by two runs in
        turn."""
        rng = self._world.rng
        if rng.random() < 0.3:
            with alone(self._state("failed")):
                if self._run(*self._bucket("failed")) != 1:
                    raise RuntimeError("a second replay was not refused")
            self._world.faults["second replay at once refused"] += 1
        if rng.random() < 0.2:
            self._world.faults["replayed by a second person"] += 1
            self._run(*self._bucket("second"))
        self._run(*self._bucket("failed"), kill_at=rng.randrange(1, 8) if rng.random() < 0.5 else 0)

    def everything(self) -> None:
        """Replay the bucket's content, and records that are only in the stream."""
        for since, until in self._world.gaps:
            source = ("--from-stream", self._world.name, "--since", _text(since), "--until", _text(until))
            self._finish(*source, "--state", str(self._state(f"stream-{until.timestamp()}")))
        if self._world.error_keys():
            self._finish(*self._bucket("failed"))

    def _finish(self, *arguments: str) -> None:
        status = self._run(*arguments)
        if status != 0:
            raise RuntimeError(f"replay {' '.join(arguments)} ended with {status}: {self._said}")

    def _bucket(self, state: str) -> tuple[str, ...]:
        return ("--bucket", self._world.bucket, "--prefix", "failed/", "--state", str(self._state(state)))

    def _state(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _run(self, *arguments: str, kill_at: int = 0) -> int | None:
        """The exit code; None if it was killed."""
        self._left = kill_at
        said = io.StringIO()
        try:
            with (
                mock.patch("boto3.session.Session", return_value=self._session),
                mock.patch.object(shards, "BETWEEN_READS", 0),
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(said),
            ):
                return main(["replay", "--stream", self._world.name, *arguments])
        except KilledError:
            return None
        finally:
            self._said = said.getvalue()


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
