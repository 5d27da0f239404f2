"""Send again what landed in the archive: error objects and backed-up events, back onto the stream.

    python -m constructs_lib replay --bucket shop-archive-1 --prefix failed/ --stream shop-events

Reads Firehose's error objects (of every kind) and backup objects (gzip or not, with or without line ends between the
records), unwraps the records and puts them on the stream. How far it has come is kept in a state file, so a run that
was stopped is continued by running it again, and a finished one sends nothing twice. Records keep their event ids and
arrival times; what comes twice all the same has the same ids. Credentials and region are found as by any AWS tool.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from constructs_lib.replay.objects import Record, UnreadableObjectError, records, wrapped
from constructs_lib.replay.sending import LARGEST_RECORD, Sender, StreamRefusedError
from constructs_lib.replay.state import State, StateError


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--bucket", required=True, help="the archive's bucket (output archive_bucket)")
    parser.add_argument("--prefix", default="failed/", help="keys that begin so, such as failed/ or events/2025/03/12/")
    parser.add_argument("--stream", required=True, help="name of the stream (output stream_name)")
    parser.add_argument(
        "--error-code", action="append", metavar="CODE", help="only errors of this code; may be repeated"
    )
    parser.add_argument("--state", type=Path, help="file that keeps how far it has come; default: in build/replay/")
    parser.add_argument(
        "--bare", action="store_true", help="send records without their arrival time, where no transform is"
    )
    parser.add_argument("--dry-run", action="store_true", help="read and count, send nothing")
    parser.add_argument("--endpoint-url", help="another endpoint for S3 and Kinesis, such as an emulator's")
    parser.add_argument("--region", help="default: as the AWS environment says")


def run(arguments: argparse.Namespace) -> int:
    """0: all sent; 1: something could not be read or sent, and running again goes on; 2: usage."""
    try:
        import boto3  # noqa: PLC0415 - only this command needs it, and synth must not
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError:
        return _fail("needs boto3, the AWS client library: python -m pip install boto3")
    source = {"bucket": arguments.bucket, "prefix": arguments.prefix, "stream": arguments.stream}
    source["error codes"] = ",".join(sorted(arguments.error_code or ())) or "all"
    try:
        state = State.load(arguments.state or _state_path(source), source)
        session = boto3.session.Session(region_name=arguments.region)
        s3 = session.client("s3", endpoint_url=arguments.endpoint_url)
        kinesis = session.client("kinesis", endpoint_url=arguments.endpoint_url)
        return _Replay(arguments, state, s3, kinesis).run()
    except (StateError, StreamRefusedError) as error:
        return _fail(str(error))
    except (BotoCoreError, ClientError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("stopped; running it again goes on from here")


def _fail(message: str) -> int:
    sys.stderr.write(f"replay: {message}\n")
    return 1


def _state_path(source: dict[str, str]) -> Path:
    name = hashlib.sha256("\n".join(source.values()).encode()).hexdigest()[:12]
    return Path("build", "replay", f"{source['stream']}-{name}.json")


class _Replay:
    """One run over all objects."""

    def __init__(self, arguments: argparse.Namespace, state: State, s3: Any, kinesis: Any) -> None:
        self._arguments = arguments
        self._state = state
        self._s3 = s3
        self._kinesis = kinesis
        self._counts: Counter[str] = Counter()
        self._errors: Counter[str] = Counter()
        self._unreadable: list[str] = []
        self._said = 0.0
        self._total = 0

    def run(self) -> int:
        listed = list(self._list())
        self._total = len(listed)
        if not listed:
            return _fail(f"no object of {self._arguments.bucket} begins with {self._arguments.prefix!r}")
        for key, tag in listed:
            self._object(key, tag)
            self._counts["objects"] += 1
            self._say()
        self._summary()
        return 1 if self._unreadable else 0

    def _list(self) -> Iterator[tuple[str, str]]:
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._arguments.bucket, Prefix=self._arguments.prefix):
            for item in page.get("Contents", ()):
                yield item["Key"], item["ETag"]

    def _object(self, key: str, tag: str) -> None:
        skip = self._state.skip(key, tag)
        if skip is None:
            self._counts["done before"] += 1
            return
        content = self._s3.get_object(Bucket=self._arguments.bucket, Key=key)["Body"].read()
        sent = skip

        def on_stream(count: int) -> None:
            nonlocal sent
            sent += count
            self._counts["sent"] += count
            self._state.progress(key, tag, sent)
            self._say()

        sender = Sender(self._kinesis, self._arguments.stream, on_stream)
        try:
            for number, record in enumerate(self._wanted(key, content)):
                if number < skip:
                    continue
                self._errors[record.error or "backed up"] += 1
                data = record.data if self._arguments.bare else wrapped(record, largest=LARGEST_RECORD - 32)
                if not self._arguments.dry_run:
                    sender.put(data)
            sender.flush()
        except UnreadableObjectError as error:
            sender.flush()
            self._unreadable.append(f"{key}: {error}")
            return
        if not self._arguments.dry_run:
            self._state.finish(key, tag)

    def _wanted(self, key: str, content: bytes) -> Iterator[Record]:
        codes = self._arguments.error_code
        for record in records(key, content):
            if not codes or record.error in codes:
                yield record

    def _say(self) -> None:
        """Progress, at most every other second."""
        if time.monotonic() - self._said > 2:
            self._said = time.monotonic()
            objects, sent = self._counts["objects"], self._counts["sent"]
            sys.stderr.write(f"replay: {objects:,} of {self._total:,} objects, {sent:,} records sent\n")

    def _summary(self) -> None:
        verb = "would send" if self._arguments.dry_run else "sent"
        count = sum(self._errors.values()) if self._arguments.dry_run else self._counts["sent"]
        before = f" ({self._counts['done before']:,} objects were done before)" if self._counts["done before"] else ""
        sys.stdout.write(f"{verb} {count:,} records of {self._total:,} objects to {self._arguments.stream}{before}\n")
        for code, number in self._errors.most_common():
            sys.stdout.write(f"  {number:>9,}  {code}\n")
        for line in self._unreadable:
            sys.stderr.write(f"replay: {line}\n")
