"""Send records from the archive, or records still in a stream, again, with their first arrival time.

    python -m constructs_lib replay --bucket shop-archive-1 --prefix failed/ --stream shop-events
    python -m constructs_lib replay --from-stream shop-events --since 2026-01-02T03:00:00Z --stream shop-events

The command reads Firehose's error objects (of every kind) and backup objects (gzip or not; JSON with or without line
ends between records; lines of text), or the records that arrived in a stream between two times, such as before the
delivery stream existed or while it was replaced. It puts the records on the stream. A state file keeps the progress:
run the same command again to continue a stopped run; a finished run sends nothing twice. Records keep their event ids
and arrival times, so a record that is sent twice has the same id. The command keeps unreadable records in a file beside
the state. It finds credentials and region as any AWS tool does.

Exit codes: 0 all sent; 1 nothing found, or run again to continue; 2 usage; 3 all sent except unreadable records.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from constructs_lib.replay.bucket import Bucket
from constructs_lib.replay.run import Replay, Source
from constructs_lib.replay.sending import StreamRefusedError
from constructs_lib.replay.shards import Shards, now
from constructs_lib.replay.state import State, StateError, alone

_HOUR = 3_600_000
_SOURCES = {False: "--bucket", True: "--from-stream"}
_TIMES = "a time such as 2026-01-02T03:04:05Z"


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--bucket", help="the archive's bucket (output archive_bucket)")
    parser.add_argument("--prefix", help="beginning of the keys, such as events/2025/03/12/; default: failed/")
    parser.add_argument(
        "--error-code", action="append", metavar="CODE", help="only errors of this code; may be repeated"
    )
    parser.add_argument(
        "--from-stream", metavar="NAME", help="the stream that still has the records, instead of a bucket"
    )
    parser.add_argument("--since", metavar="TIME", help="earliest arrival in the stream; UTC unless it has an offset")
    parser.add_argument(
        "--until", metavar="TIME", help="records from this arrival on are left out; default: the time of the start"
    )
    parser.add_argument("--stream", required=True, help="name of the stream to send to (output stream_name)")
    parser.add_argument("--state", type=Path, help="file that keeps the progress; default: in build/replay/")
    parser.add_argument(
        "--bare", action="store_true", help="send records without their arrival time, for a stream without a transform"
    )
    parser.add_argument("--dry-run", action="store_true", help="read and count, send nothing")
    parser.add_argument("--endpoint-url", help="another endpoint for S3 and Kinesis, such as an emulator's")
    parser.add_argument("--region", help="default: as the AWS environment says")


def run(arguments: argparse.Namespace) -> int:
    """0: all sent; 1: nothing found, or run again to continue; 2: usage; 3: unreadable records were kept in a file."""
    problems = list(_mistakes(arguments))
    if problems:
        return _fail(*problems, status=2)
    try:
        import boto3  # noqa: PLC0415 - only this command needs it, and synth must not
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError:
        return _fail("needs boto3, the AWS client library: python -m pip install boto3")
    try:
        with ExitStack() as stack:
            return _replay(arguments, boto3.session.Session(region_name=arguments.region), stack)
    except (StateError, StreamRefusedError) as error:
        return _fail(str(error))
    except (BotoCoreError, ClientError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("stopped; run the same command again to continue")


def _replay(arguments: argparse.Namespace, session: Any, stack: ExitStack) -> int:
    kinesis = session.client("kinesis", endpoint_url=arguments.endpoint_url)
    source: Source
    if arguments.from_stream is None:
        s3 = session.client("s3", endpoint_url=arguments.endpoint_url)
        source, state = _bucket(arguments, s3, stack)
    else:
        source, state = _shards(arguments, kinesis, stack)
    bare, dry_run = arguments.bare, arguments.dry_run
    return Replay(source, state, kinesis, stream=arguments.stream, bare=bare, dry_run=dry_run).run()


def _fail(*messages: str, status: int = 1) -> int:
    for message in messages:
        sys.stderr.write(f"replay: {message}\n")
    return status


def _mistakes(arguments: argparse.Namespace) -> Iterator[str]:
    """Options that contradict each other, and values that are not times."""
    from_stream = arguments.from_stream is not None
    if from_stream and arguments.bucket is not None:
        yield f"--bucket is a second source (given {arguments.bucket}; allowed: --bucket or --from-stream)"
    if not from_stream and arguments.bucket is None:
        yield "--bucket is required (allowed: the archive's bucket, or --from-stream and --since)"
    for option, value, needs_stream in (
        ("--prefix", arguments.prefix, False),
        ("--error-code", arguments.error_code, False),
        ("--since", arguments.since, True),
        ("--until", arguments.until, True),
    ):
        if value is not None and needs_stream != from_stream:
            given, source = ", ".join([value] if isinstance(value, str) else value), _SOURCES[needs_stream]
            yield f"{option} does not apply to this source (given {given}; allowed: with {source})"
    if not from_stream:
        return
    if arguments.since is None:
        yield f"--since is required with --from-stream (allowed: {_TIMES})"
    times = {}
    for option, value in (("--since", arguments.since), ("--until", arguments.until)):
        if value is None:
            continue
        moment = _milliseconds(value)
        if moment is None:
            yield f"{option} is not a time (given {value}; allowed: {_TIMES})"
        elif moment > time.time() * 1000:
            yield f"{option} is in the future (given {value}; allowed: a time in the past)"
        else:
            times[option] = moment
    if len(times) == 2 and times["--since"] >= times["--until"]:
        yield f"--since is not before --until (given {arguments.since}; allowed: a time before {arguments.until})"


def _milliseconds(text: str) -> int | None:
    """Epoch milliseconds of a time in ISO 8601; None where the text is not one."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return round((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000)


def _state(arguments: argparse.Namespace, source: dict[str, str], stack: ExitStack) -> State:
    """The state file, locked for this run unless it is a dry run."""
    name = hashlib.sha256("\n".join(source.values()).encode()).hexdigest()[:12]
    path = arguments.state or Path("build", "replay", f"{arguments.stream}-{name}.json")
    if not arguments.dry_run:
        stack.enter_context(alone(path))
    return State.load(path, source)


def _bucket(arguments: argparse.Namespace, s3: Any, stack: ExitStack) -> tuple[Source, State]:
    codes = arguments.error_code or ()
    prefix = "failed/" if arguments.prefix is None else arguments.prefix
    source = {"bucket": arguments.bucket, "prefix": prefix, "stream": arguments.stream}
    source["error codes"] = ",".join(sorted(codes)) or "all"
    state = _state(arguments, source, stack)
    return Bucket(s3, arguments.bucket, prefix, codes, state), state


def _shards(arguments: argparse.Namespace, kinesis: Any, stack: ExitStack) -> tuple[Source, State]:
    """The stream as the source, with its time range, and the state."""
    summary = kinesis.describe_stream_summary(StreamName=arguments.from_stream)
    hours = summary["StreamDescriptionSummary"]["RetentionPeriodHours"]
    since = _milliseconds(arguments.since) or 0
    until = None if arguments.until is None else _milliseconds(arguments.until)
    source = {
        "from stream": arguments.from_stream,
        "since": str(since),
        "until": str(until),
        "stream": arguments.stream,
    }
    state = _state(arguments, source, stack)
    # By the stream's own clock, so that records sent by this run arrive after the end of its range.
    state.until = state.until or min(until or now(summary), now(summary))
    sys.stderr.write(
        f"replay: records that arrived in {arguments.from_stream} from {_text(since)} until {_text(state.until)}\n"
    )
    kept = now(summary) - hours * _HOUR
    if since < kept:
        sys.stderr.write(
            f"replay: {arguments.from_stream} keeps {hours} hours: records that arrived before {_text(kept)} are gone\n"
        )
    return Shards(kinesis, arguments.from_stream, since, state.until, state), state


def _text(milliseconds: int) -> str:
    return (
        datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
