"""Records and objects as AWS and its libraries write them."""

from __future__ import annotations

import base64
import hashlib
import json

from constructs_lib.replay.aggregates import MAGIC

KEY = "failed/processing-failed/2025/03/12/08/shop-delivery-1-2025-03-12-08-00-01-7c1a9f0e-0000-4000-8000-000000000001"
ACCESS = b'198.51.100.7 - - [12/Mar/2025:07:00:01 +0000] "GET / HTTP/1.1" 200 5'
EVENT = b'{"action_name": "click", "message": "a}{b\\" [1]", "n": [1, {"a": null}], "f": -1.5e+3}'


def error_line(data: bytes, code: str = "Lambda.ProcessingFailedStatus") -> bytes:
    """A line of an error object."""
    return json.dumps(
        {
            "attemptsMade": 1,
            "arrivalTimestamp": 1741766401000,
            "errorCode": code,
            "errorMessage": "ProcessingFailed status set for record",
            "attemptEndingTimestamp": 1741766461000,
            "rawData": base64.b64encode(data).decode("ascii"),
            "lambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:shop-transform:live",
        }
    ).encode()


def varint(value: int) -> bytes:
    """A number as protocol buffers write it."""
    low, high = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(high) if high else bytes([low])


def text(field: int, value: bytes) -> bytes:
    """A field that is bytes."""
    return varint(field << 3 | 2) + varint(len(value)) + value


def aggregate(*records: bytes) -> bytes:
    """What the Kinesis Producer Library puts on the stream.

    A table of keys, then the records, each with the place of its key in the table.
    """
    inner = [varint(1 << 3) + varint(0) + varint(2 << 3) + varint(0) + text(3, record) for record in records]
    message = text(1, b"key") + text(2, b"1234") + b"".join(text(3, record) for record in inner)
    return MAGIC + message + hashlib.md5(message, usedforsecurity=False).digest()
