"""A rehearsal with given input and without an engine accounts for every line."""

from __future__ import annotations

import gzip
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from rehearsal.__main__ import main
from rehearsal.emulator import Emulator
from rehearsal.inputs import NAMES, Input, InputError, find
from rehearsal.rehearse import Options, engine_for, rehearse

pytestmark = pytest.mark.rehearsal

LINES = [
    b'203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] "GET /shoes HTTP/1.1" 200 10 "-" "Mozilla/5.0"',
    b'203.0.113.9 - - [01/Mar/2026:10:00:01 +0000] "GET /style.css HTTP/1.1" 200 10 "-" "Mozilla/5.0"',
    b'{"action_name":"click","timestamp":"2026-03-01T10:00:02Z","client_id":"c","user_id":"ann@example.com"}',
    b'{"action_name":"click","timestamp":"never","client_id":"c"}',
    b'{"action_name":',
    b"neither one nor the other",
    b"",
]


@dataclass(frozen=True)
class Rehearsal:
    """The results of one rehearsal."""

    status: int
    text: str
    documents: list[str]


@pytest.fixture(scope="module")
def done(aws: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """A rehearsal of LINES."""
    folder = tmp_path_factory.mktemp("rehearse")
    given, documents = folder / "own.log.gz", folder / "documents.ndjson"
    given.write_bytes(gzip.compress(b"\n".join(LINES) + b"\n"))
    out = io.StringIO()
    before = dict(os.environ)
    try:
        status = rehearse(Options([Input("own.log.gz", given)], documents=documents), out, aws)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return Rehearsal(status, out.getvalue(), documents.read_text(encoding="utf-8").splitlines())


def test_nothing_is_missing(done: Rehearsal) -> None:
    assert "nothing is missing: 7 in = 2 in the engine + 2 dropped with a reason + 3 in the bucket" in done.text
    assert done.status == 0


def test_documents_are_those_of_the_transform(done: Rehearsal) -> None:
    assert [json.loads(line)["action_name"] for line in done.documents] == ["view", "click"]


def test_user_ids_are_pseudonyms_by_a_key_of_the_emulator(done: Rehearsal) -> None:
    assert json.loads(done.documents[1])["user_id"].startswith("u1_")


def test_the_report_counts_each_kind_with_its_reason(done: Rehearsal) -> None:
    rows = [line.split(maxsplit=3) for line in done.text.splitlines() if line.startswith("own.log.gz")]
    assert [row[1:] for row in rows if row[3].startswith("in the engine")] == [
        ["access_log", "1", "in the engine"],
        ["ubi", "1", "in the engine"],
    ]
    assert sum(int(row[2]) for row in rows) == len(LINES)


def test_the_first_mistakes_are_shown_with_their_reasons(done: Rehearsal) -> None:
    shown = done.text.partition("the first 3 of 3 mistakes:")[2]
    assert "the event's time is there and not a date" in shown
    assert "neither one nor the other" in shown


def test_the_chart_shows_events_by_time(done: Rehearsal) -> None:
    assert "2026-03-01 10:00  " in done.text


def test_given_files_come_before_all_others(tmp_path: Path) -> None:
    own = tmp_path / "own.log"
    own.touch()
    assert find([own]) == [Input("own.log", own)]


def test_the_public_data_is_found_in_the_variables_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        (tmp_path / name).touch()
    monkeypatch.setenv("BEHAVIOUR_DATA", str(tmp_path))
    assert [given.path for given in find([])] == [tmp_path / name for name in NAMES]


def test_without_data_the_sample_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHAVIOUR_DATA", str(tmp_path))
    assert all(list(given.lines()) for given in find([]))


@pytest.mark.parametrize(
    ("content", "records"),
    [
        (b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
        (b'[{"a":1},{"b":2}]', [b'{"a":1}', b'{"b":2}']),
        (b'[\n  {"a": 1},\n  {"b": "\xc3\xa4"}\n]\n', [b'{"a":1}', b'{"b":"\xc3\xa4"}']),
        (b'{\n  "a": 1\n}\n{\n  "b": 2\n}\n', [b'{"a":1}', b'{"b":2}']),
        (
            b"#Version: 1.0\n#Fields: date c-ip\n1 2\n3 4\n#Fields: c-ip\n5\n",
            [b"#Fields: date c-ip\n1 2", b"#Fields: date c-ip\n3 4", b"#Fields: c-ip\n5"],
        ),
        (b'[2025-03-12T08:00:01.409Z] "GET / HTTP/2" 200\n', [b'[2025-03-12T08:00:01.409Z] "GET / HTTP/2" 200']),
        (b'{"a":\nbroken\n', [b'{"a":', b"broken"]),
        (b"", []),
        (b"\n\nline\n", [b"", b"", b"line"]),
    ],
)
def test_files_are_read_in_the_formats_of_producers(tmp_path: Path, content: bytes, records: list[bytes]) -> None:
    own = tmp_path / "own.log"
    own.write_bytes(content)
    assert list(Input("own.log", own).records()) == records


def test_a_missing_file_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "absent.log")]) == 2
    assert "absent.log: no such file" in capsys.readouterr().err


def test_a_truncated_gzip_file_is_named(tmp_path: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(b"line\n" * 1000)[:-10])
    with pytest.raises(InputError, match=r"cut\.gz"):
        list(Input("cut.gz", cut).lines())


@pytest.mark.parametrize(
    ("version", "engine"),
    [
        ("Elasticsearch_7.1", "elasticsearch-7.1.0"),
        ("Elasticsearch_7.7", "elasticsearch-7.1.0"),
        ("Elasticsearch_7.8", "elasticsearch-7.10.2"),
        ("OpenSearch_1.3", "opensearch-1.3.20"),
        ("OpenSearch_2.19", "opensearch-2.19.4"),
        ("OpenSearch_3.1", "opensearch-3.4.0"),
    ],
)
def test_the_engine_is_the_nearest_compatible_version(version: str, engine: str) -> None:
    assert engine_for(version) == engine
