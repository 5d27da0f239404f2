"""Tables of sessions in the format of public data sets: a header, then one item a row.

The header names a column of sessions, one of items and usually one of times, in any order, among other columns. Names
are compared without case, punctuation and type (``SessionId``, ``session_id:token``). Columns are separated by tabs,
semicolons or commas. Times are seconds, milliseconds or microseconds since 1970, or as in ``2014-04-07T10:51:09.277Z``
or ``2016-05-09``; without a column of times all rows have the same time, in the order of the file.

Rows without a session or an item are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from constructs_lib.personalization.documents import UnreadableError

SESSION = frozenset({"sessionid", "session", "sid"})
ITEM = frozenset({"itemid", "item", "productid", "articleid"})
TIME = frozenset({"time", "timestamp", "eventtime", "ts", "eventdate", "date"})
EXPECTED = "a table with the columns SessionId, ItemId and Time"
LATEST_SECONDS = 253402300800.0
"""The year 10000; all times are earlier."""
LARGEST_SECONDS, LARGEST_MILLISECONDS = 1e11, 1e14
"""Times from this number on are milliseconds, then microseconds: in seconds it is the year 5138."""

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Row:
    """One item of a session, with its time in seconds since 1970."""

    session: str
    item: str
    moment: float


def rows(header: str, lines: Iterable[str], name: str) -> Iterator[Row]:
    """The rows of a table.

    Args:
        header: its first line.
        lines: the others.
        name: of the file, for messages.

    Raises:
        UnreadableError: the header names no sessions or items, or a row does not fit the header; the message names the
        line. csv.Error: an unclosed quote.
    """
    separator = next((each for each in "\t;" if each in header), ",")
    columns = [_column(each) for each in header.strip("\r\n").split(separator)]
    places = [next((columns.index(each) for each in columns if each in names), None) for names in (SESSION, ITEM, TIME)]
    session_at, item_at, time_at = places
    if session_at is None or item_at is None:
        raise UnreadableError(
            f"{name}:1: is neither a document nor a header (given {header.strip()[:80]!r}; allowed: JSON documents, or "
            f"{EXPECTED})"
        )
    for number, cells in enumerate(_cells(lines, separator), 2):
        if not any(cells):
            continue
        try:
            session, item = cells[session_at], cells[item_at]
            moment = 0.0 if time_at is None else _seconds(cells[time_at])
        except (IndexError, ValueError):
            raise UnreadableError(
                f"{name}:{number}: is not a row of the table (given {cells!r:.200}; allowed: session, item, time)"
            ) from None
        if _NOT_UTF8.search(session + item):
            raise UnreadableError(f"{name}:{number}: is not UTF-8")
        if session and item and not _CONTROL.search(item):
            yield Row(session, item, moment)


def _column(text: str) -> str:
    """A column's name in the form used for comparison."""
    return re.sub(r"[^a-z]", "", text.partition(":")[0].lower())


def _cells(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """The cells of each line. In tab-separated tables a quote is part of an id, unless the whole cell is quoted."""
    if separator != "\t":
        yield from csv.reader(lines, delimiter=separator)
        return
    for line in lines:
        yield [_unquoted(cell) for cell in line.strip("\r\n").split(separator)]


def _unquoted(cell: str) -> str:
    quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if quoted else cell


def _seconds(text: str) -> float:
    """A time in seconds since 1970.

    Raises:
        ValueError: it is not a time, or its year is out of range.
    """
    try:
        value = float(text)
    except ValueError:
        moment = datetime.fromisoformat(_six_digits(text.strip().replace("Z", "+00:00")))
        value = (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    if value >= LARGEST_MILLISECONDS:
        value /= 1e6
    elif value >= LARGEST_SECONDS:
        value /= 1e3
    if not 0 <= value < LATEST_SECONDS:
        raise ValueError(text)
    return value


def _six_digits(text: str) -> str:
    """A time with the number of fractional digits that Python 3.10 can read."""
    return re.sub(r"\.(\d{1,6})\d*", lambda found: f".{found[1]:0<6}", text)
