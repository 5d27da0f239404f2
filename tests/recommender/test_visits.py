"""Sessions from files: published tables, documents, and invalid files."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.personalization.documents import UnreadableError
from constructs_lib.recommender.evaluation import visits
from constructs_lib.recommender.evaluation.visits import Visit
from tests.recommender.visits import visit


def read(folder: Path, content: str | bytes, name: str = "given.txt") -> list[Visit]:
    """The sessions of a file."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return visits.read([file])


def items(found: list[Visit]) -> list[list[str]]:
    """What was looked at."""
    return [list(each.items) for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "SessionId\tItemId\tTime\n1\tb\t2.0\n1\ta\t1.0\n2\tc\t9\n",
        "SessionId\tItemId\tTime\r\n1\tb\t2.0\r\n1\ta\t1.0\r\n2\tc\t9\r\n",
        "\ufeffSessionId\tItemId\tTime\n1\tb\t2.0\n1\ta\t1.0\n2\tc\t9\n",
        "Time,SessionId,ItemId\n2,1,b\n1,1,a\n9,2,c\n",
        '"SessionId","ItemId","Time"\n"1","b",2\n"1","a",1\n"2","c",9\n',
        "sessionId;userId;itemId;timeframe;eventdate\n1;;b;0;2016-05-10\n1;;a;0;2016-05-09\n2;;c;0;2016-05-11\n",
        "session_id:token\titem_id:token\ttimestamp:float\n1\tb\t2\n1\ta\t1\n2\tc\t9\n",
        "\tUserId\tSessionId\tItemId\tTime\n0\tu\t1\tb\t2\n1\tu\t1\ta\t1\n2\tu\t2\tc\t9\n",
        "SessionId\tItemId\n1\ta\n1\tb\n2\tc\n",
        "SessionId\tItemId\tTime\n1\tb\t2\n\n1\ta\t1\n2\tc\t9\n\n",
    ],
    ids=["tabs", "windows", "byte-order-mark", "commas", "quotes", "days", "recbole", "more", "no-times", "empty"],
)
def test_tables_with_any_separator_and_header_are_read(tmp_path: Path, text: str) -> None:
    assert items(read(tmp_path, text)) == [["a", "b"], ["c"]]
    assert items(read(tmp_path, gzip.compress(text.encode()), "given.txt.gz")) == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("1396860669.277", 1396860669.277),
        ("1396860669277", 1396860669.277),
        ("1396860669277000", 1396860669.277),
        ("1.396860669277E9", 1396860669.277),
        ("2014-04-07T08:51:09.277Z", 1396860669.277),
        ("2014-04-07T10:51:09.277+02:00", 1396860669.277),
        ("2014-04-07 08:51:09", 1396860669.0),
        ("2014-04-07", 1396828800.0),
        ("0", 0.0),
    ],
)
def test_the_unit_of_times_is_detected(tmp_path: Path, time: str, seconds: float) -> None:
    (found,) = read(tmp_path, f"SessionId\tItemId\tTime\n1\ta\t{time}\n")
    assert found.ended == pytest.approx(seconds)


@pytest.mark.parametrize("time", ["soon", "", "nan", "inf", "-1", "2014-13-01", "1e99"])
def test_an_invalid_time_is_reported_with_its_line(tmp_path: Path, time: str) -> None:
    with pytest.raises(UnreadableError, match=r"given\.txt:3: is not a row of the table"):
        read(tmp_path, f"SessionId\tItemId\tTime\n1\ta\t1\n1\ta\t{time}\n")


@pytest.mark.parametrize("item", ['"', 'a"b', "a,b", "a b", "0012", "é", "日本", "=1+1", "a/b?c=d&e", "x" * 300])
def test_unusual_ids_are_kept(tmp_path: Path, item: str) -> None:
    assert items(read(tmp_path, f"SessionId\tItemId\tTime\n1\t{item}\t1\n")) == [[item]]


def test_a_quoted_cell_is_its_content(tmp_path: Path) -> None:
    assert items(read(tmp_path, 'SessionId\tItemId\tTime\n1\t"a ""b"""\t1\n')) == [['a "b"']]


@pytest.mark.parametrize("row", ["1\t\t1", "\ta\t1", "1\ta\x1fb\t1"])
def test_a_row_without_session_or_item_is_left_out(tmp_path: Path, row: str) -> None:
    assert items(read(tmp_path, f"SessionId\tItemId\tTime\n{row}\n2\tc\t1\n")) == [["c"]]


def test_sessions_that_ended_together_stay_in_order(tmp_path: Path) -> None:
    rows = "".join(f"{number}\t{99 - number}\t5\n" for number in range(99))
    found = items(read(tmp_path, f"SessionId\tItemId\tTime\n{rows}"))
    assert found == [[str(99 - number)] for number in range(99)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1,2\n", ":1: is neither a document nor a header"),
        ("", ":1: is neither a document nor a header"),
        ("SessionId\tItemId\tTime\n1\n", ":2: is not a row of the table"),
        (b"SessionId\tItemId\tTime\n1\t\xff\t1\n", ":2: is not UTF-8"),
        ('SessionId,ItemId,Time\n1,"a' + "b" * 200_000 + ",1\n", ": cannot be read: field larger"),
        ('{"timestamp": "2026-01-01T00:00:00.000Z"}\n', ":1: did not pass the transform"),
        ('{"timestamp"\n', ":1: is not JSON"),
    ],
    ids=["header", "empty", "short", "not-utf-8", "open-quote", "record", "no-json"],
)
def test_a_file_of_neither_format_is_refused(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(UnreadableError, match=told):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [b"SessionId\n", gzip.compress(b"SessionId\tItemId\tTime\n" + b"1\ta\t1\n" * 99)[:-9]],
    ids=["plain", "cut-short"],
)
def test_a_gz_file_that_is_not_gzip_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableError, match="cannot be read"):
        read(tmp_path, content, "given.txt.gz")


def test_documents_are_read(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(each) for each in visit(["a", "b"], "s", "c"))
    (found,) = read(tmp_path, f"{lines}\n")
    assert (list(found.items), found.ended - found.started) == (["a", "b"], 60)
    assert found.source


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    for table in (content, b"SessionId\tItemId\tTime\n" + content, b"SessionId,ItemId,Time\n" + content):
        with contextlib.suppress(UnreadableError):
            read(folder, table, "drawn.txt")
