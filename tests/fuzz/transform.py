"""Coverage-guided fuzzing of the transform with unusual records (`make fuzz`).

Each input of the fuzzer is cut at line ends; every piece becomes some records: as it is, as a value or as a text
inside an event, cut off, nested, repeated to half a megabyte. One invocation takes them all, and its answer must hold
what Firehose's contract and the document's promises say. Ends well after ``FUZZ_RECORDS`` records (a million),
printing how many. ``FUZZ_SEED`` chooses the way, a new one each time if it is 0 or not there. An input that breaks
something is kept in ``build/fuzz``; given as an argument it is tried alone."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["constructs_lib.transform", "constructs_lib.privacy"]):
    from constructs_lib.transform.runtime import literals, user_agent
    from constructs_lib.transform.runtime.handler import Transform
    from constructs_lib.transform.runtime.settings import Settings

WANTED = int(os.environ.get("FUZZ_RECORDS", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", "0"))
ARRIVAL = 1_767_225_600_000
SECRET = b"needle-4711@example.com"
MOST_PIECES = 48
CORPUS = Path(__file__).with_name("corpus")
"""What the fuzzer begins with: each known shape, and what is odd in JSON, in bytes and in times."""
SAMPLES = CORPUS.parents[1] / "transform" / "formats"
"""Records of every format, which it begins with too."""
DICTIONARY = CORPUS.with_name("dictionary")
NAMES = [line.strip('"').encode() for line in DICTIONARY.read_text(encoding="utf-8").splitlines()[:40]]
"""Where in an event a piece is put: the dictionary's first words are names of fields."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def records_of(piece: bytes) -> list[bytes]:
    """The records that one piece of an input becomes: the same ones each time, so that a finding can be run again."""
    turn = zlib.crc32(piece)
    text = json.dumps(piece.decode("utf-8", "replace")).encode()
    name = b'"%s":' % NAMES[turn % len(NAMES)]
    bare = piece.strip(b'"')
    user = b'"user_id":"%s",' % SECRET
    found = [
        piece,
        b'{"action_name":"click",%s%s%s}' % (user, name, piece),
        b'{"action_name":"view",%s%s%s}' % (user, name, text),
        b'{"action_name":%s,"event_attributes":{%s%s,"position":%s}}' % (text, name, piece, text),
        b'{"action_name":"click","event_attributes":{"object":{"object_id":%s,%s%s}}}' % (piece, name, text),
        b'{"type":"track","event":%s,"userId":%s,"context":{%s%s},"properties":{%s%s}}'
        % (text, text, name, piece, name, text),
        b'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "GET %s HTTP/1.1" 200 5 "%s" "%s"' % (piece, piece, piece),
        b'{"action_name":"view","page":{"url":"https://shop.example/%s?q=%s#/%s"},%s%s}'
        % (bare, bare, bare, name, text),
        b'{"msg":%s,"time":%s,%s%s}' % (text, piece, name, text),
        piece[: turn % (len(piece) + 1)] + piece,
    ]
    agent = user_agent_of(piece)
    found.append(b'{"action_name":"view","user_agent":%s}' % json.dumps(agent).encode())
    if turn % 4096 == 0:
        found.append(b'{"action_name":"click","message":"%s"}' % (piece * (500_000 // (len(piece) + 1) + 1))[:500_000])
        found.append(b'{"a":' * 100_000 + piece)
        found.append(b'{"action_name":"click","event_value":%s}' % (b"9" * 100_000))
    return found


FIELDS = (
    *(
        "Linux",
        "U",
        "Android 14",
        "Android",
        "en-us",
        "Windows NT 10.0",
        "Win64",
        "iPhone",
        "CPU iPhone OS 17_5 like Mac OS X",
    ),
    *("compatible", "MSIE 9.0", "rv:11.0", "X11", "wv", "KHTML, like Gecko", "Tizen 6.0", "SMART-TV", "Web0S", "Xbox"),
    *(
        "SM-G991B Build/TP1A",
        "HTC Butterfly",
        "GT-P1000",
        "Nexus 7",
        "Nokia",
        "SonyEricsson",
        "LG-H960",
        "BlackBerry 9900",
    ),
    *(
        "Googlebot/2.1",
        "+http://www.google.com/bot.html",
        "KIN.Two 1.0",
        "Obigo",
        "Series60/3.1",
        "MIDP-2.0",
        "",
        " ",
        "(",
        ")",
    ),
)
PRODUCTS = (
    *(
        "Mozilla",
        "AppleWebKit",
        "Chrome",
        "Safari",
        "Mobile Safari",
        "Version",
        "Firefox",
        "Gecko",
        "Opera",
        "OPR",
        "Edg",
    ),
    *(
        "Dalvik",
        "CFNetwork",
        "Darwin",
        "UCBrowser",
        "Instagram",
        "FBAV",
        "okhttp",
        "curl",
        "bot",
        "Trident",
        "Silk",
        "CrKey",
    ),
)
VERSIONS = (
    "5.0",
    "131.0.0.0",
    "1",
    "",
    "1.",
    ".1",
    "537.36",
    "1.2.3.4.5",
    "x",
    "999999999999999999999",
    "\u0661",
    "-1",
)


WAITED_FOR = sorted(
    {
        text
        for group in (user_agent._user_agents, user_agent._systems)
        for matcher in group
        for text in literals.required(matcher.regex)
    }
)
"""What the libraries' expressions wait for."""


def user_agent_of(piece: bytes) -> str:
    """A user agent whose parts the bytes of a piece choose: products with versions, comments in brackets, odd text."""
    parts = []
    for at in range(0, min(len(piece), 48) - 1, 2):
        kind, choice = piece[at] % 5, piece[at + 1]
        if kind <= 1:
            parts.append(f"{PRODUCTS[choice % len(PRODUCTS)]}/{VERSIONS[piece[at] % len(VERSIONS)]}")
        elif kind == 2:
            fields = [FIELDS[(choice * step) % len(FIELDS)] for step in range(1, 2 + choice % 5)]
            parts.append(f"({'; '.join(fields)})")
        elif kind == 3:
            parts.append(WAITED_FOR[(piece[at] * 256 + choice) % len(WAITED_FOR)])
        else:
            parts.append(piece[at : at + 6].decode("utf-8", "replace"))
    return " ".join(parts)


class Fuzzer:
    """Counts records and checks answers."""

    def __init__(self) -> None:
        self.transforms = (
            Transform(Settings(), lambda: b"key"),
            Transform(Settings(consent_required=True, drop_bots=True)),
        )
        self.records = self.batches = 0
        self.results: dict[str, int] = {}
        self.started = time.monotonic()

    def one_input(self, data: bytes) -> None:
        """One invocation of whatever the input becomes."""
        lines: list[bytes] = []
        for piece in data.split(b"\n")[:MOST_PIECES]:
            lines += records_of(piece)
        transform = self.transforms[zlib.crc32(data) % 8 == 0]
        event = {
            "deliveryStreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/fuzz",
            "records": [
                {
                    "recordId": str(number),
                    "data": base64.b64encode(line).decode("ascii"),
                    "approximateArrivalTimestamp": ARRIVAL,
                }
                for number, line in enumerate(lines)
            ],
        }
        answer, metrics = transform.batch(event)
        self.check(event, answer, metrics)
        self.records += len(lines)
        self.batches += 1
        if self.batches % 2000 == 0:
            self.say()
        if self.records >= WANTED:
            self.say()
            sys.stdout.flush()
            os._exit(0)  # the fuzzer's own loop has no end

    def check(self, event: dict[str, Any], answer: dict[str, Any], metrics: str) -> None:
        """What must hold of every answer."""
        counts = json.loads(metrics)
        assert "Failed_internal_error" not in counts, counts["InternalErrors"]
        assert [one["recordId"] for one in answer["records"]] == [one["recordId"] for one in event["records"]]
        size = 0
        for one in answer["records"]:
            result = one["result"]
            self.results[result] = self.results.get(result, 0) + 1
            assert result in {"Ok", "Dropped", "ProcessingFailed"}
            assert ("data" in one) == (result == "Ok")
            if result == "Ok":
                size += len(one["data"])
                check_document(base64.b64decode(one["data"], validate=True))
        assert size <= 6 * 1024 * 1024

    def say(self) -> None:
        """Progress on one line."""
        seconds = time.monotonic() - self.started
        results = ", ".join(f"{name} {count:,}" for name, count in sorted(self.results.items()))
        lists = (user_agent._BROWSERS, user_agent._SYSTEMS, user_agent._SPIDERS, user_agent._CRAWLERS)
        raised = sum(each.raised for each in lists)
        print(
            f"fuzz: {self.records:,} records in {self.batches:,} invocations, {seconds:.0f} s: {results};"
            f" {raised:,} user agents on which a library raised, each read without its device",
            flush=True,
        )


def check_document(octets: bytes) -> None:
    """What must hold of every document."""
    assert b"\n" not in octets
    assert SECRET not in octets
    document = json.loads(octets.decode("utf-8"))
    assert not holds_null(document)
    assert document["action_name"]
    assert len(document["action_name"]) <= 100
    assert _TIME.fullmatch(document["timestamp"])
    assert re.fullmatch(r"u1_[0-9a-f]{32}", document.get("user_id", "u1_" + "0" * 32))
    assert "position" in document.get("event_attributes", {"position": 1})
    assert len(octets) < 200_000


def samples_of(file: Path) -> list[str]:
    """The records of a format's sample, each on a line."""
    records = [json.loads(line)["record"] for line in file.read_text(encoding="utf-8").splitlines()]
    return [one.replace("\n", " ") if isinstance(one, str) else json.dumps(one) for one in records]


def holds_null(value: object) -> bool:
    """Whether a null is anywhere in a JSON value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is None or any(holds_null(item) for item in inner)


def main() -> None:
    """Fuzz until enough records have passed."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        # What the fuzzer finds goes with the folder; what it begins with stays as it is.
        corpus = shutil.copytree(CORPUS, Path(folder, "corpus"))
        for file in SAMPLES.glob("*.ndjson"):
            (corpus / file.stem).write_text("\n".join(samples_of(file)), encoding="utf-8")
        fuzzer = Fuzzer()
        found = Path("build", "fuzz")
        found.mkdir(parents=True, exist_ok=True)
        options = [
            f"-artifact_prefix={found}/",
            "-max_len=2048",
            "-timeout=60",
            "-rss_limit_mb=2048",
            "-verbosity=0",
            f"-dict={DICTIONARY}",
            f"-seed={SEED}",
        ]
        given = sys.argv[1:] or [str(corpus)]
        atheris.Setup([sys.argv[0], *options, *given], fuzzer.one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
