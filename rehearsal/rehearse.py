"""Runs the whole data path on one machine, with real input (``make rehearse``)."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from rehearsal.chart import chart
from rehearsal.dashboards import draw
from rehearsal.definition import Deployment, create, synthesize
from rehearsal.delivery.aws import delivery
from rehearsal.delivery.bulk import SearchClient
from rehearsal.delivery.loop import Delivery, Search
from rehearsal.emulator import Emulator, emulator
from rehearsal.engines import EngineUnavailableError, engine
from rehearsal.explaining import Handler
from rehearsal.inputs import Input
from rehearsal.ledger import FAILED, DocumentFile, Engine, Ledger, SearchEngine, Settlement, error_lines, settle
from rehearsal.recommending import examples
from rehearsal.templates import install

PUT_RECORDS, PUT_BYTES = 500, 4 * 1024 * 1024
"""Records and bytes of one PutRecords call (its limits are 500 and 5 MiB)."""

RECORD_BYTES = 1024 * 1024
"""Most bytes of one record, the partition key included."""

BUSY_SECONDS = 60.0
"""Seconds for which requests to a busy engine are retried, whatever the delivery stream's setting."""


@dataclass(frozen=True)
class Options:
    """Options of the command."""

    inputs: list[Input]
    environment: str = "dev"
    documents: Path | None = None
    """File for the documents, instead of an engine."""
    mistakes: int = 5
    limit: int | None = None
    """Most lines of each input."""


def engine_for(version: str) -> str:
    """The available engine nearest to an AWS version such as ``OpenSearch_2.19``: of the same major version.

    Elasticsearch 7.8 and later have another index template API than 7.1, so they get another engine.
    """
    product, _, number = version.partition("_")
    major, minor = (int(part) for part in [*number.split("."), "0"][:2])
    if product == "Elasticsearch":
        return "elasticsearch-7.10.2" if (major, minor) >= (7, 8) else "elasticsearch-7.1.0"
    return {1: "opensearch-1.3.20", 2: "opensearch-2.19.4"}.get(major, "opensearch-3.4.0")


def rehearse(options: Options, out: TextIO = sys.stdout, aws: Emulator | None = None) -> int:
    """Run the rehearsal and print the report; returns 0 if every record is accounted for, else 1.

    ``aws`` is an emulator to use instead of a new one.
    """
    with ExitStack() as stack:
        say = Teller(out)
        say.line(f"synthesizing {options.environment}")
        synthesized = synthesize(options.environment)
        if aws is None:
            say.line("starting emulated AWS")
            aws = stack.enter_context(emulator())
        deployment = create(synthesized, aws)
        os.environ.update({**aws.environment(deployment.region), **deployment.variables})
        search, there = destination(options, deployment, stack, say)
        handler = Handler()
        ledger = Ledger(handler.explain)
        loop = delivery(
            aws,
            deployment.delivery,
            deployment.region,
            search,
            report=ledger.report,
            transform=handler,
            most_retry_seconds=BUSY_SECONDS,
        )
        began = time.monotonic()
        for _ in _put(options, aws, deployment, ledger):
            loop.step()
            say.progress(ledger)
        loop.drain(quiet=0.5)
        say.progress(ledger, last=True)
        seconds = time.monotonic() - began
        errors = error_lines(
            aws.client("s3", deployment.region),
            deployment.bucket,
            {outcome.key for _, outcome in ledger.outcomes.values() if outcome.key},
        )
        settlement = settle(ledger, there, errors)
        _tell(ledger, settlement, loop, handler, options, seconds, out)
        if isinstance(search, SearchClient):
            out.write("\n")
            out.writelines(f"{line}\n" for line in examples(search.url, deployment.index_name))
            if settlement.documents:
                drawn = draw(search, deployment.index_name, (document for _, document in settlement.documents))
                out.write(f"\ndashboards over these events, to open in a browser: {drawn}\n")
        return 1 if settlement.problems else 0


def destination(options: Options, deployment: Deployment, stack: ExitStack, say: Teller) -> tuple[Search, Engine]:
    """A search engine, or a file if none is available."""
    if options.documents is None:
        name = engine_for(deployment.engine_version)
        try:
            say.line(f"starting {os.environ.get('SEARCH_URL') or name} for {deployment.engine_version}")
            server = stack.enter_context(engine(name))
        except EngineUnavailableError as error:
            say.line(f"no search engine: {error}")
        else:
            spoken = install(server.url, deployment.index_name, deployment.rotation)
            say.line(f"installed the index templates for {spoken}")
            client = SearchClient(server.url, deployment.region)
            return client, SearchEngine(client.request)
    path = options.documents or Path("build", "rehearsal", "documents.ndjson")
    path.parent.mkdir(parents=True, exist_ok=True)
    say.line(f"documents go to {path}")
    file = DocumentFile(path)
    stack.callback(file.close)
    return file, file


def _put(options: Options, aws: Emulator, deployment: Deployment, ledger: Ledger) -> Iterator[int]:
    """Put every record on the stream with PutRecords; yields after each call."""
    kinesis = aws.client("kinesis", deployment.region)
    for given in options.inputs:
        batch: list[bytes] = []
        size = 0
        for number, line in enumerate(given.records()):
            if options.limit is not None and number >= options.limit:
                break
            if len(line) + 32 > RECORD_BYTES:
                ledger.refused[f"{given.name}: a record of more than 1 MiB, which the stream does not accept"] += 1
                continue
            if len(batch) == PUT_RECORDS or size + len(line) > PUT_BYTES:
                yield _put_batch(kinesis, deployment.stream, given.name, batch, ledger)
                batch, size = [], 0
            batch.append(line)
            size += len(line) + 32
        if batch:
            yield _put_batch(kinesis, deployment.stream, given.name, batch, ledger)


def _put_batch(kinesis: Any, stream: str, source: str, batch: list[bytes], ledger: Ledger) -> int:
    waiting = batch
    while waiting:
        answer = kinesis.put_records(
            StreamName=stream,
            Records=[{"Data": line, "PartitionKey": hashlib.sha256(line).hexdigest()[:32]} for line in waiting],
        )
        again = []
        for line, result in zip(waiting, answer["Records"], strict=True):
            if "SequenceNumber" in result:
                ledger.add(result["SequenceNumber"], source, line)
            else:
                again.append(line)  # throttled: the stream's limits apply here too
        waiting = again
        if waiting:
            time.sleep(0.5)
    return len(batch)


class Teller:
    """Prints progress: one changing line on a terminal, else a line from time to time."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._live = out, out.isatty()
        self._last = 0.0

    def line(self, text: str) -> None:
        """Print a separate line."""
        self._out.write(f"{text} ...\n")
        self._out.flush()

    def progress(self, ledger: Ledger, *, last: bool = False) -> None:
        """Print the progress."""
        now = time.monotonic()
        if not last and now - self._last < (0.2 if self._live else 2.0):
            return
        self._last = now
        text = (
            f"put {len(ledger.put)}, indexed {ledger.count('indexed')}, dropped {ledger.count('dropped')}, "
            f"failed {ledger.count(*FAILED)}"
        )
        self._out.write(f"\r{text:<78}" + ("\n" if last else "") if self._live else f"{text}\n")
        self._out.flush()


_SAID = {"indexed": "in the engine", "dropped": "dropped"} | dict.fromkeys(FAILED, "in the bucket")


def _tell(  # noqa: PLR0917 - the report uses each
    ledger: Ledger, found: Settlement, loop: Delivery, handler: Handler, options: Options, seconds: float, out: TextIO
) -> None:
    """The report."""

    def say(text: str = "") -> None:
        out.write(f"{text}\n")

    settings = loop.settings
    say()
    say(f"{len(ledger.put)} records in {seconds:.1f} s, {handler.invocations} invocations of the transform")
    names: Counter[str] = Counter(
        str(outcome.index) for _, outcome in ledger.outcomes.values() if outcome.kind == "indexed"
    )
    for name, count in sorted(names.items()):
        say(f"index {name}: {count} documents (rotation {settings.rotation})")
    say()
    say(f"{'input':<28} {'kind':<16} {'records':>8}  what became of them")
    for (source, kind, outcome, reason), count in sorted(found.rows.items(), key=lambda row: (row[0][0], -row[1])):
        say(f"{source[:28]:<28} {kind[:16]:<16} {count:>8}  {_SAID[outcome]}{f': {reason}' if reason else ''}")
    for reason, count in ledger.refused.items():
        say(f"{'':28} {'':16} {count:>8}  not put: {reason}")
    if found.mistakes:
        say()
        say(f"the first {min(options.mistakes, len(found.mistakes))} of {len(found.mistakes)} mistakes:")
        for record, kind, reason in found.mistakes[: options.mistakes]:
            say(f"  {kind}: {reason}")
            say(f"    {record.data[:100].decode(errors='replace')!r}{' ...' if len(record.data) > 100 else ''}")
    by_kind: dict[str, list[tuple[datetime, str]]] = {}
    for kind, document in found.documents:
        moment = datetime.fromisoformat(str(document["timestamp"]).replace("Z", "+00:00"))
        by_kind.setdefault(kind, []).append((moment, str(document["action_name"])))
    for kind, events in sorted(by_kind.items()):
        say()
        say(f"{kind} over time, by action_name")
        for line in chart(events):
            say(f"  {line}")
    say()
    for problem in found.problems:
        say(f"MISSING: {problem}")
    if not found.problems:
        inside, dropped, failed = ledger.count("indexed"), ledger.count("dropped"), ledger.count(*FAILED)
        say(
            f"nothing is missing: {len(ledger.put)} in = {inside} in the engine + {dropped} dropped with a reason + "
            f"{failed} in the bucket"
        )
