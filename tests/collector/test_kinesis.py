"""Putting events on the stream: signed requests, several events in one record, retries of refused records."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.collector.runtime.aggregate import LARGEST_RECORD, aggregated
from constructs_lib.collector.runtime.kinesis import PATIENCE, TRIES
from constructs_lib.collector.runtime.signature import signed_headers
from constructs_lib.replay.aggregates import user_records
from tests.collector.standin import CREDENTIALS, Kinesis, click, collector, events_of, posted, refused, taken


def sent(there: Kinesis, count: int = 10) -> int:
    """The status of a request with so many events, sent to the stand-in."""
    answer, _ = collector(there).answer(posted([click(client_id=str(number)) for number in range(count)]))
    return int(answer["statusCode"])


def test_the_signature_equals_botocores(monkeypatch: pytest.MonkeyPatch) -> None:
    now, body, host = 1_767_225_600.0, b'{"StreamName":"s"}', "kinesis.eu-west-1.amazonaws.com"
    ours = signed_headers(CREDENTIALS, region="eu-west-1", host=host, target="T.PutRecords", body=body, now=now)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: _moment(now))
    keys = botocore.credentials.Credentials(CREDENTIALS.access_key, CREDENTIALS.secret_key, CREDENTIALS.session_token)
    headers = {"Content-Type": ours["Content-Type"], "X-Amz-Target": "T.PutRecords"}
    request = botocore.awsrequest.AWSRequest("POST", f"https://{host}/", headers, body)
    botocore.auth.SigV4Auth(keys, "kinesis", "eu-west-1").add_auth(request)
    assert ours["Authorization"] == request.headers["Authorization"]


def _moment(now: float) -> dt.datetime:
    """As botocore wants it: UTC, and not saying so."""
    return dt.datetime.fromtimestamp(now, dt.timezone.utc).replace(tzinfo=None)


def test_a_body_of_events_is_one_record(there: Kinesis) -> None:
    assert sent(there) == 200
    (request,) = there.requests
    assert len(request["Records"]) == 1
    assert [json.loads(event)["client_id"] for event in events_of(request)] == [str(number) for number in range(10)]


def test_a_single_event_is_not_aggregated(there: Kinesis) -> None:
    sent(there, 1)
    assert events_of(there.requests[0])[0].startswith(b'{"collector":')


@given(st.lists(st.binary(max_size=400), min_size=2, max_size=60), st.text(min_size=1, max_size=40))
def test_aggregated_events_can_be_split_again(events: list[bytes], key: str) -> None:
    ((record, places),) = aggregated(events, key)
    assert user_records(record) == events
    assert list(places) == list(range(len(events)))


@given(st.lists(st.integers(1, LARGEST_RECORD // 2), min_size=1, max_size=12))
def test_no_record_exceeds_the_streams_limit(sizes: list[int]) -> None:
    events = [b"{" + b"x" * size for size in sizes]
    records = list(aggregated(events, "0123456789abcdef"))
    assert all(len(record) <= LARGEST_RECORD for record, _ in records)
    assert [event for record, _ in records for event in user_records(record)] == events
    assert [place for _, places in records for place in places] == list(range(len(events)))


def test_a_client_cannot_choose_the_shard(there: Kinesis) -> None:
    for _ in range(20):
        sent(there, 1)
    assert len({request["Records"][0]["PartitionKey"] for request in there.requests}) == 20


def test_a_refused_record_is_sent_again_to_another_shard(there: Kinesis) -> None:
    there.says = [refused, refused]
    assert sent(there) == 200
    assert len({request["Records"][0]["PartitionKey"] for request in there.requests}) == 3
    assert len(there.naps) == 2


def test_only_refused_records_are_sent_again(there: Kinesis) -> None:
    def half(request: dict[str, Any]) -> tuple[int, Any]:
        _, answer = taken(request)
        answer["Records"][0] = {"ErrorCode": "InternalFailure", "ErrorMessage": "?"}
        return 200, answer | {"FailedRecordCount": 1}

    there.says = [half]
    # A context that is copied into each event makes the records of a body larger than it.
    batch = {"context": {"x": "y" * 3_000}, "batch": [click()] * 300}
    answer, _ = collector(there).answer(posted(batch, headers={"user-agent": "x" * 512}))
    assert answer["statusCode"] == 200
    first, second = there.requests
    assert len(first["Records"]) == 2
    assert events_of(second) == events_of({"Records": first["Records"][:1]})


@pytest.mark.parametrize(
    "says",
    [
        lambda _: (500, {"__type": "InternalFailure"}),
        lambda _: (503, b"<html>busy</html>"),
        lambda _: (400, {"__type": "com.amazonaws.kinesis#ProvisionedThroughputExceededException"}),
        lambda _: (400, {"__type": "KMSThrottlingException"}),
        lambda _: (200, b"not json"),
        lambda _: (200, {"Records": []}),
        None,
    ],
)
def test_temporary_errors_are_retried(there: Kinesis, says: Any) -> None:
    there.says = [says]
    assert sent(there) == (200 if says is None or says({})[0] != 200 else 503)


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException", "KMSDisabledException"])
def test_permanent_errors_are_not_retried(there: Kinesis, code: str) -> None:
    there.says = [lambda _: (400, {"__type": code, "message": "arn:aws:iam::1:role/x may not"})]
    answer, line = collector(there).answer(posted(click()))
    assert answer["statusCode"] == 503
    assert len(there.requests) == 1
    assert json.loads(line)["StreamErrors"] == {code: 1}
    assert "may not" not in line


def test_the_number_of_tries_is_limited(there: Kinesis) -> None:
    there.says = [refused] * 50
    assert sent(there) == 503
    assert len(there.requests) <= TRIES
    assert sum(there.naps) <= PATIENCE


def test_pauses_are_random(there: Kinesis) -> None:
    there.says = [refused] * 4
    sent(there)
    assert len(set(there.naps)) == len(there.naps) > 1


def test_an_unreachable_stream_is_an_error(there: Kinesis) -> None:
    unreachable = Kinesis(url="http://127.0.0.1:9")
    answer, line = collector(unreachable).answer(posted(click()))
    assert answer["statusCode"] == 503
    assert json.loads(line)["StreamErrors"]["ConnectionRefusedError"] == TRIES


def test_the_connection_is_reused(there: Kinesis) -> None:
    kept = collector(there)
    for _ in range(5):
        kept.answer(posted(click()))
    assert there.connections == 1


def test_reconnecting_does_not_count_as_a_try(there: Kinesis) -> None:
    kept = collector(there)
    kept.answer(posted(click()))
    there.says = [None]
    answer, line = kept.answer(posted(click()))
    assert answer["statusCode"] == 200
    assert there.naps == []
    assert "StreamErrors" not in json.loads(line)
