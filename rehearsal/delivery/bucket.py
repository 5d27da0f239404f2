"""Writes Firehose's objects to the bucket: backups of incoming records, and error lines of failed ones.

The error lines' fields: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html and
https://docs.aws.amazon.com/firehose/latest/dev/retry.html.
"""

from __future__ import annotations

import base64
import gzip
import json
import time
import uuid
from typing import Any

from rehearsal.delivery.names import moment, prefix
from rehearsal.delivery.records import Record
from rehearsal.delivery.settings import DeliverySettings

PROCESSING_FAILED = "processing-failed"
"""error-output-type of a record that the transform failed."""

INDEXING_FAILED = "AmazonOpenSearchService-failed"
"""error-output-type of a document that the domain did not accept."""


def error_line(record: Record, attempts: int, code: str, message: str, **more: str | None) -> dict[str, Any]:
    """One failure as the service reports it: times in milliseconds, the record's own bytes in base64."""
    return {
        "attemptsMade": attempts,
        "arrivalTimestamp": record.arrival,
        "errorCode": code,
        "errorMessage": message,
        "attemptEndingTimestamp": int(time.time() * 1000),
        "rawData": base64.b64encode(record.data).decode(),
        **{name: value for name, value in more.items() if value is not None},
    }


class Bucket:
    """Writes objects into the delivery stream's bucket, as the delivery role."""

    def __init__(self, settings: DeliverySettings, s3: Any) -> None:
        self._settings = settings
        self._s3 = s3
        self.written: list[str] = []
        """Keys of all objects written, in order."""

    def put(self, body: bytes, arrival: int, error: str | None) -> str:
        """Write one object whose oldest record arrived at ``arrival``; returns its key."""
        target = self._settings.bucket
        when = moment(arrival)
        expression = target.error_prefix if error else target.prefix
        if error and expression is None and "!{" not in (target.prefix or ""):
            expression = target.prefix
        key = (
            f"{prefix(expression, when, error)}{self._settings.name}-{self._settings.version}-"
            f"{when.strftime('%Y-%m-%d-%H-%M-%S')}-{uuid.uuid4()}{'.gz' if target.gzip else ''}"
        )
        encryption: dict[str, str] = {}
        if target.kms_key_arn:
            encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": target.kms_key_arn}
        self._s3.put_object(
            Bucket=target.bucket, Key=key, Body=gzip.compress(body, mtime=0) if target.gzip else body, **encryption
        )
        self.written.append(key)
        return key

    def put_errors(self, lines: list[dict[str, Any]], error: str) -> str:
        """Failures of one kind as one object of JSON lines; returns its key."""
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        return self.put(body, min(line["arrivalTimestamp"] for line in lines), error)

    def put_backup(self, records: list[Record]) -> str:
        """Write incoming records as one object, without delimiters; returns its key."""
        return self.put(b"".join(record.data for record in records), min(record.arrival for record in records), None)
