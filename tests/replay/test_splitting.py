"""Records are split whatever is between them, in one pass and in little memory."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constructs_lib.replay import splitting
from constructs_lib.replay.splitting import PIECE, SEVERAL_LINES, TOO_LARGE, split
from tests.replay.samples import ACCESS, EVENT


def read(content: bytes) -> list[bytes]:
    """The records."""
    return [part.data for part in split([content]) if part.reason is None]


def lost(content: bytes) -> list[tuple[bytes, str]]:
    """Unreadable parts with their reasons; pieces of one put together."""
    found: list[tuple[bytes, str]] = []
    for part in split([content]):
        if part.reason is not None and part.first:
            found.append((part.data, part.reason))
        elif part.reason is not None:
            found[-1] = (found[-1][0] + part.data, found[-1][1])
    return found


@pytest.mark.parametrize("delimiter", [b"", b"\n", b"\r\n", b" ", b"\n\n", b"\0"])
def test_json_is_split_with_and_without_line_ends(delimiter: bytes) -> None:
    events = [EVENT, b'[{"a": [1]}]', '{"q": "grün"}'.encode(), b"{}", b'{\n  "a": {\n    "b": NaN\n  }\n}']
    content = delimiter.join(events)
    assert (read(content), lost(content)) == (events, [])


@pytest.mark.parametrize(
    "line",
    [
        ACCESS,
        ACCESS + b' "-" "agent [1/Jan/2025:00:00:00 ]"',
        b"caf\xe9",
        b"[Wed Oct 11 14:32:52 2000] [error] no such file",
        b"[1234] started",
        b'INFO payload={"a": 1}',
        b'INFO payload: {"a": 1} done',
        b'"GET","/"',
        b"null",
        b"\x1b[1mloud\x1b[0m",
    ],
)
def test_lines_of_text_are_records(line: bytes) -> None:
    content = line + b"\n" + EVENT + b"\n" + line + b"\r\n" + line
    assert (read(content), lost(content)) == ([line, EVENT, line, line], [])


def test_a_line_of_text_may_follow_json_without_a_line_end() -> None:
    assert read(EVENT + ACCESS + b"\n" + EVENT) == [EVENT, ACCESS, EVENT]


@pytest.mark.parametrize(
    "damage",
    [
        b'{"broken',
        b'{"a": "broken',
        b'{"a": "text with { and [ in it',
        b'{"a": {"b": 1}, "c": [1, {',
        b'{"a":',
        b'{"a": [',
        b'{"a": [{"b": 1}, ',
        b'{"a": tr',
        b'{"a": "\\',
        b'{"a": "\\u00',
        b"{broken}",
        b'ken": 1}',
        b"}",
        b'"b": 1}',
        b"[1,1,1,",
        b"[[[[[[",
        b"[",
        b"garbage",
        b"\xff\xfe\x00\x01",
    ],
)
@pytest.mark.parametrize("good", [EVENT, b'{"a":1}', b"[1]", b'[{"a": 1}]'])
def test_the_records_after_damage_are_found(damage: bytes, good: bytes) -> None:
    content = good + damage + good + good
    assert read(content) == [good] * 3
    assert [part.strip() for part, _ in lost(content)] == [damage.strip()]


@pytest.mark.parametrize(
    "damage", [b'{"broken', b'{"a": {"b": 1}, ', b'ken": 1}', b"}", b"[1,", b'"b": [1', b"\x01\x02", b"\xff\xfe"]
)
def test_damage_ends_with_its_line(damage: bytes) -> None:
    content = b"\n".join([ACCESS, damage, ACCESS, damage, EVENT])
    assert read(content) == [ACCESS, ACCESS, EVENT]
    assert [part.strip() for part, _ in lost(content)] == [damage.strip()] * 2


def test_consecutive_broken_lines_are_reported_separately() -> None:
    assert len(lost(b'{"a\n{"b\n' + EVENT)) == 2


def test_access_log_lines_without_line_ends_are_unreadable() -> None:
    assert lost(ACCESS * 3) == [(ACCESS * 3, SEVERAL_LINES)]


@pytest.mark.parametrize("opener", [b"{", b"["])
@pytest.mark.parametrize("over", [0, 1])
def test_the_size_of_a_record_is_limited(opener: bytes, over: int) -> None:
    frame = {b"{": (b'{"a":"', b'"}'), b"[": (b'["', b'"]')}[opener]
    huge = frame[0] + b"x" * (splitting.MOST + over - len(b"".join(frame))) + frame[1]
    content = EVENT + huge + EVENT
    assert read(content) == ([EVENT, EVENT] if over else [EVENT, huge, EVENT])
    assert lost(content) == ([(huge, TOO_LARGE)] if over else [])


@pytest.fixture
def most(monkeypatch: pytest.MonkeyPatch) -> int:
    """Smaller records, so that huge ones are quickly read."""
    monkeypatch.setattr(splitting, "MOST", PIECE)
    return splitting.MOST


def test_a_huge_record_is_one_unreadable_part_in_pieces(most: int) -> None:
    huge = json.dumps({"items": [{"a": number} for number in range(40_000)]}).encode()
    parts = list(split([EVENT + huge + EVENT]))
    pieces = parts[1:-1]
    assert b"".join(piece.data for piece in pieces) == huge
    assert [piece.first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert max(len(piece.data) for piece in pieces) == PIECE


@pytest.mark.parametrize(
    "huge", [b'{"broken ' + b"x" * 500_000, b"[" + b"1," * 250_000, b"text " * 100_000, b"{" * 500_000]
)
def test_the_records_after_huge_damage_are_found(most: int, huge: bytes) -> None:
    content = EVENT + huge + EVENT + EVENT
    assert read(content) == [EVENT, EVENT, EVENT]
    assert b"".join(part for part, _ in lost(content)) == huge


KEYS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda key: key[:1] not in {":", ",", "}", "]"})
"""Keys that do not go on with what a string before them ended as."""
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.builds(
    lambda value, ascii_: json.dumps(value, ensure_ascii=ascii_).encode(),
    st.dictionaries(KEYS, VALUES, min_size=1, max_size=4),
    st.booleans(),
)
CUT = st.builds(lambda data, share: data[: 1 + int(share * (len(data) - 2))], OBJECTS, st.floats(0, 1))


@st.composite
def mixed(draw: st.DrawFn) -> tuple[list[bytes], bytes]:
    """Good records among cut ones, and all of it."""
    good, content = [], b""
    delimiter = draw(st.sampled_from([b"", b"\n"]))
    for cut in draw(st.lists(st.booleans(), min_size=1, max_size=8)):
        data = draw(CUT if cut else OBJECTS)
        if not cut:
            good.append(data)
        content += data + delimiter
    return good, content


@settings(max_examples=200)
@given(mixed(), st.data())
def test_every_whole_record_is_found_wherever_the_object_is_cut(
    case: tuple[list[bytes], bytes], data: st.DataObject
) -> None:
    good, content = case
    cut = data.draw(st.integers(0, len(content)))
    found = read(content[:cut])
    at = 0
    for record in good:
        at = content.index(record, at) + len(record)
        if at <= cut:
            assert record in found


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\n", b"1", b"a", b" ", EVENT, ACCESS]))
)
@example([b"[", b'"', b"a"])
def test_nothing_is_lost_and_chunks_make_no_difference(tokens: list[bytes]) -> None:
    content = b"".join(tokens)
    parts = list(split([content]))
    assert list(split(content[at : at + 1] for at in range(len(content)))) == parts
    assert b"".join(b"".join(part.data for part in parts).split()) == b"".join(content.split())
    assert [part.offset for part in parts] == sorted(part.offset for part in parts)


@given(st.binary())
def test_all_bytes_except_white_space_are_returned(content: bytes) -> None:
    blanks = b" \t\n\r\f\v\0"
    kept = b"".join(part.data for part in split([content])).replace(b"\xef\xbb\xbf", b"")
    assert kept.translate(None, blanks) == content.replace(b"\xef\xbb\xbf", b"").translate(None, blanks)


HOSTILE = [
    b"[1,1,1,",
    b'{"a":',
    b"[",
    b'{"\n',
    b'{"{',
    b'"{"',
    b"x{",
    b"}",
    b'{"a":"[1,{',
    b'\\"{',
    b'{"a":1,',
    b'{"broken[1,2]',
    b'{"":"{"":',
    b'["{\\"',
    b'{"m":"see { here","x":1{"a":1}',
    b"\n ",
    b'{"a":\n1 {',
    b"{'",
    b'[{"a":1},',
    b"-1",
    ACCESS,
    b'"\\u12',
]


def cost(content: bytes) -> float:
    begin = time.process_time()
    for _ in split(content[at : at + 65_536] for at in range(0, len(content), 65_536)):
        pass
    return time.process_time() - begin


@pytest.mark.parametrize("hostile", HOSTILE)
def test_time_is_linear_in_the_number_of_bytes(hostile: bytes) -> None:
    small = hostile * (20_000 // len(hostile))
    cost(small)
    for _ in range(3):  # a machine that does other things may be in the way once
        ratio = cost(small * 4) / max(cost(small), 0.001)
        if ratio < 10:  # sixteen would be quadratic
            break
    assert ratio < 10


def endless(unit: bytes, size: int) -> Iterator[bytes]:
    chunk = unit * (4096 // len(unit))
    for _ in range(size // len(chunk)):
        yield chunk


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> int:
    """Records so small that many of them are soon read."""
    monkeypatch.setattr(splitting, "PIECE", 4096)
    monkeypatch.setattr(splitting, "MOST", 16_384)
    return splitting.MOST


@pytest.mark.parametrize(
    "unit", [EVENT, ACCESS + b"\n", b"[1,1,", b'{"x', b'{"":"{"":', b"{", b"[", b" ", b"text", b"}"]
)
def test_only_a_few_records_are_kept_in_memory(tiny: int, unit: bytes) -> None:
    splitter = splitting._Splitter(endless(unit, 20 * tiny))
    most = 0
    for _ in splitter.parts():
        most = max(most, len(splitter._content))
    assert most <= 4 * tiny


def test_endless_brackets_take_little_memory(tiny: int) -> None:
    tracemalloc.start()
    assert all(part.reason for part in split(endless(b"[", 5 * tiny)))
    _, used = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used < 24 * tiny
