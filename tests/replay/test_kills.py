"""A replay that is killed at any point, any number of times, over objects of any mix: nothing readable is missing."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib.replay import sending, splitting
from constructs_lib.replay.bucket import Bucket
from constructs_lib.replay.run import DONE, UNREADABLE, Replay
from constructs_lib.replay.state import State, alone
from tests.replay.samples import ACCESS, EVENT, KEY, error_line

SOURCE = {"bucket": "archive", "stream": "events"}


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


class Deadly:
    """Counts what is done and dies at one place."""

    def __init__(self, after: int) -> None:
        self.left = after

    def tick(self) -> None:
        """One more thing was done."""
        self.left -= 1
        if self.left == 0:
            raise KilledError


class Storage:
    """S3 with objects that are read in chunks."""

    def __init__(self, objects: dict[str, bytes], deadly: Deadly) -> None:
        self.objects, self.deadly = objects, deadly

    def get_paginator(self, _: str) -> Storage:
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[dict[str, Any]]:  # noqa: N803, ARG002
        return [{"Contents": [{"Key": key, "ETag": "tag"} for key in sorted(self.objects)]}]

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803, ARG002
        self.deadly.tick()
        return {"Body": io.BytesIO(self.objects[Key])}


class Stream:
    """Takes records; a kill comes before or after they are taken."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.deadly = Deadly(0)

    def put_records(self, *, StreamName: str, Records: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803, ARG002
        self.deadly.tick()
        self.taken += [entry["Data"] for entry in Records]
        self.deadly.tick()
        return {"Records": [{"SequenceNumber": "1"} for _ in Records]}


def run(path: Path, objects: dict[str, bytes], stream: Stream, kill_after: int = 0) -> int | None:
    """One run's exit code; none: it was killed."""
    stream.deadly = Deadly(kill_after)
    try:
        with alone(path):
            state = State.load(path, SOURCE)
            source = Bucket(Storage(objects, stream.deadly), "archive", "", (), state)
            return Replay(source, state, stream, stream="events", bare=True).run()
    except KilledError:
        return None


def kept(path: Path) -> list[dict[str, Any]]:
    """What could not be read."""
    file = path.with_name(f"{path.name}.unreadable.ndjson")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


GOOD = [EVENT, b'{"a": 1}', b'{"rawData": "x", "attemptsMade": 1}', b'{"message": "{ [ }"}', ACCESS + b"\n"]
DAMAGED = [b'{"broken', b'{"a": [', b"[1,1,1,", b"\xff\xfe\x01", b'{"x": "' + b"x" * 40_000 + b'"', b'ken": 1]']
HUGE = b'{"a": "' + b"x" * 70_000 + b'"}'


@st.composite
def archives(draw: st.DrawFn) -> tuple[dict[str, bytes], Counter[bytes]]:
    """Objects, and how often each readable record is in them."""
    objects: dict[str, bytes] = {}
    readable: Counter[bytes] = Counter()
    for number in range(draw(st.integers(1, 4))):
        records = draw(st.lists(st.sampled_from([*GOOD, *GOOD, *DAMAGED, HUGE]), max_size=12))
        good = [record.strip() for record in records if record in GOOD]
        kind = draw(st.sampled_from(["events", "packed", "errors", "other"]))
        if kind == "errors":
            content = b"\n".join(error_line(record.strip()) if record in GOOD else b"{}" for record in records)
            objects[f"{KEY}-{number}"] = content
        else:
            content = b"\n".join(records)
            objects[f"events/{number}"] = gzip.compress(content) if kind == "packed" else content
            if kind == "other":
                objects[f"events/{number}"], good = b"PK\x03\x04" + content, []
        readable.update(good)
    return objects, readable


@pytest.fixture(scope="module", autouse=True)
def small() -> Any:
    """Calls of three records and small records, so that there is much to be killed between."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "MOST_RECORDS", 3)
        patch.setattr(splitting, "MOST", 66_000)
        yield


@settings(max_examples=40)
@given(archives(), st.lists(st.integers(1, 12), max_size=6))
def test_every_readable_record_is_on_the_stream_and_the_rest_is_kept_once(
    archive: tuple[dict[str, bytes], Counter[bytes]], kills: list[int]
) -> None:
    objects, readable = archive
    with tempfile.TemporaryDirectory() as folder:
        whole, path = Path(folder, "whole", "state.json"), Path(folder, "killed", "state.json")
        straight, stream = Stream(), Stream()
        code = run(whole, objects, straight)
        assert Counter(straight.taken) == readable
        assert code == (UNREADABLE if kept(whole) else DONE)
        for kill in kills:
            run(path, objects, stream, kill)
        assert run(path, objects, stream) == code
        assert not readable - Counter(stream.taken)
        assert set(stream.taken) == set(readable)
        assert kept(path) == kept(whole)
        before = len(stream.taken)
        assert run(path, objects, stream) == code
        assert len(stream.taken) == before


def test_an_incomplete_line_of_the_state_is_ignored() -> None:
    objects = {"events/1": b"\n".join(b'{"a": %d}' % number for number in range(7)), "events/2": b'{"b": 1}'}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "state.json")
        run(path, objects, Stream())
        content = path.read_bytes()
        for cut in range(content.index(b"\n") + 1, len(content)):
            path.write_bytes(content[:cut])
            stream = Stream()
            assert run(path, objects, stream) == DONE
            assert len(stream.taken) <= 8


def test_a_state_grows_by_one_line_a_call() -> None:
    objects = {f"events/{number:04}": b'{"a": 1}' for number in range(300)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "state.json")
        run(path, objects, Stream())
        assert path.stat().st_size < 600 * 200


def test_pieces_of_a_huge_part_are_marked_as_continued() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "state.json")
        assert run(path, {"events/1": HUGE + EVENT}, Stream()) == UNREADABLE
        pieces = kept(path)
        assert [piece.get("continues", False) for piece in pieces] == [False] + [True] * (len(pieces) - 1)
        assert "".join(piece["text"] for piece in pieces).encode() == HUGE
