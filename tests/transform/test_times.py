"""Times: what is read, what is written, whose clock counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.transform.runtime import clock
from tests.transform.batches import ARRIVAL, document


@pytest.mark.parametrize(
    ("given_time", "written"),
    [
        ("2025-03-12T08:00:01.250Z", "2025-03-12T08:00:01.250Z"),
        ("2025-03-12T08:00:01Z", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12T08:00:01", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12 08:00:01", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12T08:00:01.123456789Z", "2025-03-12T08:00:01.123Z"),
        ("2025-03-12T08:00:01,5Z", "2025-03-12T08:00:01.500Z"),
        ("2025-03-12T08:00:01+01:00", "2025-03-12T07:00:01.000Z"),
        ("2025-03-12T08:00:01-0530", "2025-03-12T13:30:01.000Z"),
        ("2025-03-12T08:00Z", "2025-03-12T08:00:00.000Z"),
        ("2025-03-12", "2025-03-12T00:00:00.000Z"),
        ("2025-03", "2025-03-01T00:00:00.000Z"),
        (1741766401250, "2025-03-12T08:00:01.250Z"),
        (1741766401250.9, "2025-03-12T08:00:01.250Z"),
        ("1741766401250", "2025-03-12T08:00:01.250Z"),
    ],
)
def test_times_leave_in_one_form(given_time: object, written: str) -> None:
    assert document({"action_name": "click", "timestamp": given_time})["timestamp"] == written


@pytest.mark.parametrize(
    "given_time", ["2025-02-30T00:00:00.000Z", "2025-13-01", "24:00", "1e12", True, [], {}, "٢٠٢٥-03-12"]
)
def test_what_is_no_time_is_none(given_time: object) -> None:
    assert clock.parse(given_time) is None


@given(st.integers(min_value=clock.EARLIEST, max_value=ARRIVAL))
def test_written_times_are_read_back(milliseconds: int) -> None:
    assert clock.parse(clock.written(milliseconds)) == milliseconds
    assert clock.is_written(clock.written(milliseconds))


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.booleans()))
def test_reading_a_time_never_raises(value: object) -> None:
    found = clock.parse(value)
    assert found is None or clock.parse(clock.written(found)) == found


def test_event_without_a_time_happened_when_it_arrived() -> None:
    assert document({"action_name": "click"})["timestamp"] == clock.written(ARRIVAL)


def test_skew_of_the_clients_clock_is_taken_out() -> None:
    """The client's clock is an hour ahead; it sent two seconds after the event, and that moment is the arrival."""
    event = {
        "type": "track",
        "event": "Lamp Switched On",
        "anonymousId": "a",
        "originalTimestamp": clock.written(ARRIVAL + 3_598_000),
        "sentAt": clock.written(ARRIVAL + 3_600_000),
    }
    found = document(event)
    assert found["timestamp"] == clock.written(ARRIVAL - 2000)
    assert found["sent_at"] == clock.written(ARRIVAL + 3_600_000)


def test_time_that_a_server_corrected_is_not_corrected_again() -> None:
    event = {
        "type": "page",
        "anonymousId": "a",
        "timestamp": "2025-03-12T08:00:01.000Z",
        "originalTimestamp": "2025-03-12T09:00:01.000Z",
        "sentAt": "2025-03-12T09:00:03.000Z",
        "receivedAt": "2025-03-12T08:00:03.000Z",
    }
    assert document(event)["timestamp"] == "2025-03-12T08:00:01.000Z"


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("17/May/2015:10:05:03 +0000", 1431857103000),
        ("17/May/2015:10:05:03 +0200", 1431849903000),
        ("17/May/2015:10:05:03 -0700", 1431882303000),
        ("17/Mai/2015:10:05:03 +0000", None),
        ("32/May/2015:10:05:03 +0000", None),
        ("", None),
    ],
)
def test_access_log_times(text: str, milliseconds: int | None) -> None:
    assert clock.parse_access_log(text) == milliseconds
