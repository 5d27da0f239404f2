"""Times: formats that are read, the written format, and clock correction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.transform.runtime import clock
from tests.transform.batches import ARRIVAL, document, reason, run


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
        (1741766401, "2025-03-12T08:00:01.000Z"),
        ("1741766401", "2025-03-12T08:00:01.000Z"),
        (1741766401.25, "2025-03-12T08:00:01.250Z"),
        ("1741766401.25", "2025-03-12T08:00:01.250Z"),
        ("1741766401.2504321", "2025-03-12T08:00:01.250Z"),
        (1741766401250000, "2025-03-12T08:00:01.250Z"),
        ("1741766401250000", "2025-03-12T08:00:01.250Z"),
        (1741766401250000000, "2025-03-12T08:00:01.250Z"),
        ("1741766401250000000", "2025-03-12T08:00:01.250Z"),
        ("2025-03-12 08:00:01 UTC", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12 08:00:01.250 UTC", "2025-03-12T08:00:01.250Z"),
        ("2025-03-12 08:00:01 GMT", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12 08:00:01 +0000 UTC", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12 09:00:01.25 +0100 CET m=+0.0012", "2025-03-12T08:00:01.250Z"),
        ("2025-03-12T09:00:01.250+01:00[Europe/Berlin]", "2025-03-12T08:00:01.250Z"),
        ("2025-03-12T08:00:01Z[UTC]", "2025-03-12T08:00:01.000Z"),
        ("2025-03-12 08:00:01,250", "2025-03-12T08:00:01.250Z"),
        ("2025-03-12T08:00:60Z", "2025-03-12T08:00:59.000Z"),
        ("20250312T080001Z", "2025-03-12T08:00:01.000Z"),
        ("20250312T080001.250+0100", "2025-03-12T07:00:01.250Z"),
        ("20250312080001", "2025-03-12T08:00:01.000Z"),
        ("20250312", "2025-03-12T00:00:00.000Z"),
        ("2025/03/12 08:00:01", "2025-03-12T08:00:01.000Z"),
        ("Wed, 12 Mar 2025 08:00:01 GMT", "2025-03-12T08:00:01.000Z"),
        ("Wed, 12 Mar 2025 09:00:01 +0100", "2025-03-12T08:00:01.000Z"),
        ("Wednesday, 12-Mar-25 08:00:01 GMT", "2025-03-12T08:00:01.000Z"),
        ("Wed Mar 12 08:00:01 2025", "2025-03-12T08:00:01.000Z"),
        ("Wed Mar 12 08:00:01 UTC 2025", "2025-03-12T08:00:01.000Z"),
        ("Wed Mar 12 2025 09:00:01 GMT+0100 (Central European Standard Time)", "2025-03-12T08:00:01.000Z"),
        ("12 Mar 2025 08:00:01", "2025-03-12T08:00:01.000Z"),
        ("Mar 12, 2025 8:00:01 AM", "2025-03-12T08:00:01.000Z"),
        ("Mar 12, 2025, 12:00:01 PM", "2025-03-12T12:00:01.000Z"),
        ("12 Mar 2025 12:00:01 am UTC", "2025-03-12T00:00:01.000Z"),
        ("Dec 31 23:59:59", "2025-12-31T23:59:59.000Z"),
        ("Mar  1 08:00:01", "2025-03-01T08:00:01.000Z"),
        ("Feb 29 08:00:01", "2024-02-29T08:00:01.000Z"),
        ("12/Mar/2025:08:00:01 +0000", "2025-03-12T08:00:01.000Z"),
        ("[12/Mar/2025:09:00:01 +0100]", "2025-03-12T08:00:01.000Z"),
        ("12/Mar/2025:08:00:01.250 +0000", "2025-03-12T08:00:01.250Z"),
        ("12.03.2025 08:00:01", "2025-03-12T08:00:01.000Z"),
        ("12.03.2025", "2025-03-12T00:00:00.000Z"),
        ("/Date(1741766401250)/", "2025-03-12T08:00:01.250Z"),
        ("/Date(1741766401250+0100)/", "2025-03-12T08:00:01.250Z"),
        ({"$date": "2025-03-12T08:00:01.250Z"}, "2025-03-12T08:00:01.250Z"),
        ({"$date": 1741766401250}, "2025-03-12T08:00:01.250Z"),
        ({"$date": {"$numberLong": "1741766401250"}}, "2025-03-12T08:00:01.250Z"),
        ({"epochSecond": 1741766401, "nanoOfSecond": 250000000}, "2025-03-12T08:00:01.250Z"),
        ({"seconds": "1741766401", "nanos": 250000000}, "2025-03-12T08:00:01.250Z"),
        ([1741766401, 250000000], "2025-03-12T08:00:01.250Z"),
        ([2025, 3, 12, 8, 0, 1, 250000000], "2025-03-12T08:00:01.250Z"),
        ([2025, 3, 12, 8, 0], "2025-03-12T08:00:00.000Z"),
    ],
    ids=str,
)
def test_times_are_written_in_one_form(given_time: object, written: str) -> None:
    assert document({"action_name": "click", "timestamp": given_time})["timestamp"] == written


@pytest.mark.parametrize(
    "given_time",
    [
        "2025-02-30T00:00:00.000Z",
        "2025-13-01",
        "24:00",
        "1e12",
        True,
        [],
        {},
        "٢٠٢٥-03-12",
        "Mar 12 08:00:01",
        "12/Mai/2025:08:00:01 +0000",
        "13.13.2025",
        "/Date(x)/",
        "32 Mar 2025 08:00:01",
        "yesterday",
        float("nan"),
        float("inf"),
        {"$date": {}},
        {"$date": None},
        {"epochSecond": "x"},
        [1, "2"],
        [2025, 13, 1, 0, 0],
        [1741766401, -1],
        "9" * 81,
    ],
    ids=str,
)
def test_an_invalid_time_is_none(given_time: object) -> None:
    assert clock.parse(given_time) is None


@given(st.integers(min_value=clock.EARLIEST, max_value=ARRIVAL))
def test_written_times_are_read_back(milliseconds: int) -> None:
    assert clock.parse(clock.written(milliseconds)) == milliseconds
    assert clock.is_written(clock.written(milliseconds))


DAY = clock.AHEAD
numbers = st.one_of(st.integers(), st.floats(), st.none(), st.booleans())
NAMES = ["$date", "$numberLong", "epochSecond", "nanoOfSecond", "seconds", "nanos"]


@given(
    st.one_of(
        st.text(),
        numbers,
        st.lists(numbers, max_size=8),
        st.dictionaries(
            st.sampled_from(NAMES), st.one_of(numbers, st.text(), st.dictionaries(st.sampled_from(NAMES), numbers))
        ),
        st.from_regex(r"[0-9A-Za-z:/ ,.+-]{4,40}"),
    )
)
def test_reading_a_time_never_raises(value: object) -> None:
    found = clock.parse(value)
    assert found is None or clock.parse(clock.written(found)) == found


@given(st.integers(min_value=clock.EARLIEST // 1000, max_value=4_102_444_800), st.sampled_from([1, 1000, 10**6, 10**9]))
def test_the_unit_of_a_number_follows_from_its_magnitude(seconds: int, unit: int) -> None:
    assert clock.parse(seconds * unit) == clock.parse(str(seconds * unit)) == seconds * 1000


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Jan  1 23:59:59", "2026-01-01T23:59:59.000Z"),
        ("Jan  2 00:00:00", "2026-01-02T00:00:00.000Z"),
        ("Jan  2 00:00:01", "2025-01-02T00:00:01.000Z"),
        ("Feb 30 00:00:01", None),
        ("Foo  2 00:00:01", None),
        (7, None),
    ],
)
def test_a_time_without_a_year_is_the_last_one(text: object, written: str | None) -> None:
    found = clock.near(text, ARRIVAL + DAY)
    assert found is None if written is None else clock.written(found or 0) == written


def test_event_without_a_time_gets_its_arrival_and_is_counted() -> None:
    outcome = run({"action_name": "click"}, {"action_name": "click", "timestamp": "2025-03-12T08:00:01.250Z"})
    assert outcome.documents[0]["timestamp"] == clock.written(ARRIVAL)
    assert outcome.metrics["WithoutTime"] == 1


@pytest.mark.parametrize(
    "name",
    """
    ts time timestamp @timestamp date datetime asctime created instant timeMillis msec time_iso8601 start_time StartUTC
    requestTime EdgeStartTimestamp eventTime event_time event_timestamp createdAt created_at occurred_at timeUnixNano
    __REALTIME_TIMESTAMP logTime timestamp_ms epoch time_local client_timestamp reqTimeSec eventTimestamp loggedAt
    """.split(),  # noqa: SIM905 - a list of words reads better as one
)
@pytest.mark.parametrize("given_time", [1741766401.25, 1741766401250, "1741766401250000", "2025-03-12T08:00:01.250Z"])
def test_a_time_is_found_under_any_name(name: str, given_time: object) -> None:
    assert (
        document({name: given_time, "level": "info", "msg": "order placed"})["timestamp"] == "2025-03-12T08:00:01.250Z"
    )


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (clock.EARLIEST, "Ok"),
        (clock.EARLIEST - 1, "Failed_timestamp_out_of_range"),
        (ARRIVAL + DAY, "Ok"),
        (ARRIVAL + DAY + 1, "Failed_timestamp_out_of_range"),
    ],
)
@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"schema_version": "1.0", "event_id": "e", "fingerprint": "f", "received_at": ARRIVAL},
        {"schema_version": "1.0", "event_id": "e", "received_at": clock.written(ARRIVAL + DAY), "ingest": {}},
    ],
    ids=["event", "canonical", "postdated"],
)
def test_an_impossible_time_fails_in_every_format(moment: int, expected: str, beside: dict[str, object]) -> None:
    for given_time in (moment, clock.written(moment)):
        outcome = run({"action_name": "click", "timestamp": given_time} | beside)
        assert outcome.results == (["Ok"] if expected == "Ok" else ["ProcessingFailed"])
        assert expected == "Ok" or outcome.metrics[expected] == 1


@pytest.mark.parametrize(
    "received",
    [
        clock.EARLIEST - 1,
        ARRIVAL + DAY + 1,
        "9999-12-31T23:59:59.999Z",
        "0001-01-01T00:00:00.000Z",
        "1999-12-31",
        0,
        -1,
    ],
)
def test_a_canonical_document_with_an_impossible_arrival_fails(received: object) -> None:
    claims = {"schema_version": "1.0", "event_id": "e", "fingerprint": "f", "received_at": received}
    assert reason({"action_name": "click", "timestamp": "2025-03-12T08:00:01.250Z"} | claims) == (
        "Failed_timestamp_out_of_range"
    )


EDGES = [
    "0000-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59-14:00",
    "2025-02-29T00:00:00.000Z",
    "2025-03-12T24:00:00.000Z",
    "2025-03-12T23:59:60.000Z",
    -62135596800001,
    253402300800000,
    -(10**400),
    10**400,
    1e308,
    -1e308,
    5e-324,
    -0.0,
    2**63,
    -(2**63),
]


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: str(edge)[:24])
@pytest.mark.parametrize(
    "name", ["timestamp", "sent_at", "received_at", "original_time", "event_value", "position", "ip"]
)
@pytest.mark.parametrize("canonical", [True, False])
def test_times_at_the_end_of_the_calendar_and_invalid_numbers_fail_with_a_reason(
    edge: object, name: str, canonical: bool
) -> None:
    claims = {"schema_version": "1.0", "event_id": "e", "fingerprint": "f", "received_at": ARRIVAL} if canonical else {}
    event = {"action_name": "click", "timestamp": "2025-03-12T08:00:01.250Z", **claims, name: edge}
    assert "Failed_internal_error" not in run(event).metrics
    call = {"type": "track", "event": "x", "anonymousId": "a", "originalTimestamp": edge, "sentAt": edge}
    assert "Failed_internal_error" not in run(call, call | {"sentAt": "2025-03-12T08:00:01.250Z"}).metrics


def test_skew_of_the_clients_clock_is_corrected() -> None:
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


def test_a_time_corrected_by_a_server_is_not_corrected_again() -> None:
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
