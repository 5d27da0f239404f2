"""The delivery loop does what Firehose does, with everything around it in memory."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.delivery import Delivery, DeliverySettings, Outcome, Record
from rehearsal.delivery.bucket import Bucket
from rehearsal.delivery.bulk import Unreachable
from rehearsal.delivery.loop import TransformFailed
from rehearsal.delivery.settings import BucketSettings, TransformSettings

ARRIVAL = 1_767_308_645_000  # 2026-01-01T23:04:05Z
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:transform:live"

SETTINGS = DeliverySettings(
    name="deliver",
    arn="arn:aws:firehose:eu-west-1:123456789012:deliverystream/deliver",
    version="1",
    stream_arn="arn:aws:kinesis:eu-west-1:123456789012:stream/events",
    role_arn="arn:aws:iam::123456789012:role/delivery",
    start=None,
    domain_arn="arn:aws:es:eu-west-1:123456789012:domain/behaviour",
    cluster_endpoint=None,
    index_name="events",
    rotation="OneDay",
    buffer_bytes=1000,
    buffer_seconds=60,
    retry_seconds=30,
    with_document_id=True,
    back_up_all=False,
    bucket=BucketSettings("archive", "all/", "failed/!{firehose:error-output-type}/", False, None, 10_000, 300),
    transform=TransformSettings(FUNCTION, 500, 60, 3),
)


def record(number: int, data: bytes = b'{"a":1}') -> Record:
    """A record of the stream."""
    return Record(data, "shardId-000000000000", "key", f"{number:056d}", ARRIVAL)


def unchanged(event: dict[str, Any]) -> dict[str, Any]:
    """A transform that lets everything through."""
    return {"records": [{"recordId": r["recordId"], "result": "Ok", "data": r["data"]} for r in event["records"]]}


def answering(*results: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A transform that answers the records of an event in this way, one after the other."""

    def transform(event: dict[str, Any]) -> dict[str, Any]:
        answer = unchanged(event)
        for entry, result in zip(answer["records"], results, strict=True):
            entry["result"] = result
        return answer

    return transform


@dataclass
class Domain:
    """A search domain that answers as told: a status an item, or no answer at all."""

    answers: list[Any] = field(default_factory=list)
    requests: list[list[dict[str, Any]]] = field(default_factory=list)

    def request(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, Any]:
        """A bulk request."""
        assert (method, path, kind) == ("POST", "/_bulk", "application/x-ndjson")
        actions = [json.loads(line)["index"] for line in (body or b"").splitlines()[::2]]
        self.requests.append(actions)
        answer = self.answers.pop(0) if self.answers else 201
        if answer is None:
            raise Unreachable("nobody is there")
        statuses = answer if isinstance(answer, list) else [answer] * len(actions)
        items = [
            {"index": {"_id": action.get("_id", "made"), "status": status, **_error(status)}}
            for action, status in zip(actions, statuses, strict=True)
        ]
        return 200, {"items": items}


def _error(status: int) -> dict[str, Any]:
    if status < 300:
        return {}
    return {"error": {"type": "mapper_parsing_exception", "reason": "failed", "caused_by": {"reason": "not a date"}}}


class Storage:
    """S3 in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **_: str) -> None:  # noqa: N803 - the API's names
        """Keep an object."""
        assert Bucket == "archive"
        self.objects[Key] = Body

    def lines(self) -> list[dict[str, Any]]:
        """All lines of all error objects."""
        return [json.loads(line) for body in self.objects.values() for line in body.splitlines()]


class Run:
    """A delivery over given records, with a clock that only waiting moves."""

    def __init__(
        self,
        records: list[Record],
        transform: Callable[[dict[str, Any]], dict[str, Any]] | None = unchanged,
        domain: Domain | None = None,
        **settings: Any,
    ) -> None:
        self.domain, self.storage = domain or Domain(), Storage()
        self.outcomes: dict[str, Outcome] = {}
        self.events: list[dict[str, Any]] = []
        self.now = 0.0
        self._records = [records]

        def seen(event: dict[str, Any]) -> dict[str, Any]:
            self.events.append(event)
            assert transform is not None
            return transform(event)

        chosen = replace(SETTINGS, **settings)
        self.delivery = Delivery(
            chosen,
            self,
            self.domain,
            Bucket(chosen, self.storage),
            None if transform is None else seen,
            report=self._report,
            clock=lambda: self.now,
            pause=self._pause,
        )

    def read(self) -> list[Record]:
        """The records, once."""
        return self._records.pop() if self._records else []

    def _report(self, given: Record, outcome: Outcome) -> None:
        assert given.sequence not in self.outcomes
        self.outcomes[given.sequence] = outcome

    def _pause(self, seconds: float) -> None:
        self.now += seconds

    def kinds(self) -> list[str]:
        """What became of the records, in their order."""
        return [outcome.kind for _, outcome in sorted(self.outcomes.items())]


def run(*args: Any, **kwargs: Any) -> Run:
    """A delivery that is over."""
    done = Run(*args, **kwargs)
    done.delivery.drain()
    return done


def test_a_document_is_written_to_the_rotated_index_with_a_stable_id() -> None:
    done = run([record(7)])
    assert done.domain.requests == [[{"_index": "events-2026-01-01", "_id": f"{7:056d}000000.0"}]]


def test_without_document_ids_the_domain_makes_them() -> None:
    done = run([record(7)], with_document_id=False)
    assert done.domain.requests == [[{"_index": "events-2026-01-01"}]]
    assert next(iter(done.outcomes.values())).document_id == "made"


def test_the_transform_gets_the_events_of_firehose() -> None:
    (event,) = run([record(7)]).events
    assert event["deliveryStreamArn"] == SETTINGS.arn
    assert event["sourceKinesisStreamArn"] == SETTINGS.stream_arn
    assert event["region"] == "eu-west-1"
    assert event["records"] == [
        {
            "recordId": f"{7:056d}000000",
            "approximateArrivalTimestamp": ARRIVAL,
            "data": base64.b64encode(b'{"a":1}').decode(),
            "kinesisRecordMetadata": {
                "shardId": "shardId-000000000000",
                "partitionKey": "key",
                "approximateArrivalTimestamp": ARRIVAL,
                "sequenceNumber": f"{7:056d}",
                "subsequenceNumber": "",
            },
        }
    ]


def test_an_invocation_is_limited_by_its_buffer() -> None:
    done = run([record(n, b"x" * 200) for n in range(7)])
    assert [len(event["records"]) for event in done.events] == [2, 2, 2, 1]


def test_a_bulk_request_is_limited_by_its_buffer() -> None:
    done = run([record(n, b"x" * 300) for n in range(7)], transform=None)
    assert [len(request) for request in done.domain.requests] == [3, 3, 1]


def test_a_buffer_is_sent_after_its_interval() -> None:
    waiting = Run([record(1)])
    waiting.delivery.step()
    assert not waiting.events
    waiting.now = 61
    waiting.delivery.step()
    waiting.now = 122
    waiting.delivery.step()
    assert waiting.kinds() == ["indexed"]


def test_dropped_records_are_not_delivered() -> None:
    done = run([record(1), record(2)], answering("Dropped", "Ok"))
    assert done.kinds() == ["dropped", "indexed"]
    assert not done.storage.objects


def test_records_that_the_transform_failed_are_in_the_bucket_unchanged() -> None:
    done = run([record(1, b"raw")], answering("ProcessingFailed"))
    (line,) = done.storage.lines()
    assert base64.b64decode(line["rawData"]) == b"raw"
    assert line["errorCode"] == "Lambda.ProcessingFailedStatus"
    assert line["lambdaArn"] == FUNCTION
    assert line["arrivalTimestamp"] == ARRIVAL
    (key,) = done.storage.objects
    assert key.startswith("failed/processing-failed/deliver-1-2026-01-01-23-04-05-")
    assert next(iter(done.outcomes.values())).key == key


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"records": []}, "Lambda.MissingRecordId"),
        ({"records": [{"recordId": "x", "result": "Dropped"}] * 2}, "Lambda.DuplicatedRecordId"),
        ({"records": [{"recordId": "x"}]}, "Lambda.JsonProcessingException"),
        ({"records": [{"recordId": "x", "result": "Fine"}]}, "Lambda.InvalidResult"),
        ({"records": [{"recordId": "x", "result": "Ok", "data": "?"}]}, "Lambda.JsonProcessingException"),
        (None, "Lambda.JsonProcessingException"),
    ],
)
def test_an_invalid_answer_fails_the_whole_batch(answer: Any, code: str) -> None:
    done = run([record(1), record(2)], lambda _: answer)
    assert {line["errorCode"] for line in done.storage.lines()} == {code}
    assert done.kinds() == ["processing-failed"] * 2


def test_a_failing_function_is_retried_a_limited_number_of_times() -> None:
    def broken(_: dict[str, Any]) -> dict[str, Any]:
        raise TransformFailed("Lambda.FunctionError", "it crashed")

    done = run([record(1)], broken)
    assert len(done.events) == 4
    assert done.storage.lines()[0]["attemptsMade"] == 4


def test_a_function_that_recovers_loses_nothing() -> None:
    failures = iter([TransformFailed("Lambda.FunctionError", "not yet")])

    def once(event: dict[str, Any]) -> dict[str, Any]:
        for failure in failures:
            raise failure
        return unchanged(event)

    assert run([record(1)], once).kinds() == ["indexed"]


def test_a_document_that_the_domain_refuses_is_in_the_bucket_with_the_reason() -> None:
    done = run([record(1, b"raw"), record(2)], domain=Domain([[400, 201]]))
    (line,) = done.storage.lines()
    assert line["errorCode"] == "400"
    assert line["errorMessage"] == "mapper_parsing_exception: failed (not a date)"
    assert (line["esIndexName"], line["esDocumentId"]) == ("events-2026-01-01", f"{1:056d}000000.0")
    assert base64.b64decode(line["rawData"]) == b"raw"
    assert done.kinds() == ["AmazonOpenSearchService-failed", "indexed"]


def test_only_throttled_documents_are_sent_again() -> None:
    done = run([record(1), record(2)], domain=Domain([[429, 201], [201]]))
    assert [len(request) for request in done.domain.requests] == [2, 1]
    assert done.kinds() == ["indexed", "indexed"]


def test_documents_go_to_the_bucket_after_the_retry_duration() -> None:
    done = run([record(1)], domain=Domain([None] * 100))
    assert done.kinds() == ["AmazonOpenSearchService-failed"]
    assert SETTINGS.retry_seconds <= done.now < SETTINGS.retry_seconds + 15


def test_a_retry_duration_of_zero_means_one_attempt() -> None:
    done = run([record(1)], domain=Domain([None] * 2), retry_seconds=0)
    assert len(done.domain.requests) == 1


def test_the_backup_keeps_records_unchanged() -> None:
    done = run([record(1, b"one"), record(2, b"two")], answering("Dropped", "Ok"), back_up_all=True)
    ((key, body),) = done.storage.objects.items()
    assert key.startswith("all/2026/01/01/23/")
    assert body == b"onetwo"


def test_objects_are_compressed_if_configured() -> None:
    done = run(
        [record(1, b"raw")],
        answering("ProcessingFailed"),
        bucket=replace(SETTINGS.bucket, gzip=True, error_prefix=None),
    )
    ((key, body),) = done.storage.objects.items()
    assert key.startswith("all/processing-failed/2026/01/01/23/")
    assert key.endswith(".gz")
    assert json.loads(gzip.decompress(body))["errorCode"] == "Lambda.ProcessingFailedStatus"


@given(
    st.lists(st.sampled_from(["Ok", "Dropped", "ProcessingFailed"]), max_size=30),
    st.lists(st.sampled_from([201, 400, 429, None]), max_size=10),
)
def test_every_record_has_exactly_one_outcome(results: list[str], answers: list[Any]) -> None:
    wanted = {record(number).record_id: result for number, result in enumerate(results)}

    def transform(event: dict[str, Any]) -> dict[str, Any]:
        answer = unchanged(event)
        for entry in answer["records"]:
            entry["result"] = wanted[entry["recordId"]]
        return answer

    done = run([record(number) for number in range(len(results))], transform, Domain(list(answers)))
    assert len(done.outcomes) == len(results)
    assert done.kinds().count("dropped") == results.count("Dropped")
    failed = sum(kind.endswith("-failed") for kind in done.kinds())
    assert len(done.storage.lines()) == failed
