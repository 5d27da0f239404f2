"""The applied collector without a browser: its protection and logs, and many malformed bodies."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import random
import socket
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rehearsal.emulator import Emulator
from tests.apply.lifecycle import Lifecycle
from tests.browser.deployed import KEYS, Deployed
from tests.browser.site import Site

BODIES = 2_000
"""Odd bodies that are sent."""
CLIENTS = 16
"""Clients that send at once."""
MOST_MEMORY = 128
"""MiB that the function's process may have had at any time."""
CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus"


def post(deployed: Deployed, body: bytes | str, path: str = "/collect", **headers: str) -> tuple[int, dict[str, Any]]:
    """Status and body of an answer; underscores in names of headers are hyphens."""
    connection = http.client.HTTPConnection(urlsplit(deployed.url).netloc, timeout=60)
    given = {"authorization": "Basic d2tfd2ViXzE6", **{name.replace("_", "-"): text for name, text in headers.items()}}
    connection.request("POST", path, body.encode() if isinstance(body, str) else body, given)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content)


def test_a_second_plan_is_empty(life: Lifecycle, deployed: Deployed) -> None:
    changes = [
        f"{change['address']}: {change['change']['actions']}"
        for change in life.plans["re-plan"]["resource_changes"]
        if change["change"]["actions"] not in (["no-op"], ["read"])
    ]
    assert changes == []


def test_the_role_may_only_put_records_on_its_stream(life: Lifecycle, deployed: Deployed) -> None:
    resources = json.loads((life.folder / "terraform.tfstate").read_text("utf-8"))["resources"]
    (policy,) = [
        json.loads(resource["instances"][0]["attributes"]["policy"])
        for resource in resources
        if resource["type"] == "aws_iam_role_policy" and resource["name"] == "collector_role_policy"
    ]
    allowed = {
        statement["Sid"]: (statement["Action"], statement["Resource"])
        for statement in policy["Statement"]
        if statement["Sid"] not in {"WriteLog", "DecryptEnvironment", "SendTraces"}
    }
    assert set(allowed) == {"PutRecords", "EncryptStream"}
    assert allowed["PutRecords"] == ("kinesis:PutRecords", deployed.outputs["stream_arn"])
    assert allowed["EncryptStream"] == ("kms:GenerateDataKey", deployed.outputs["encryption_key_arn"])


def test_clients_cannot_forge_server_facts(deployed: Deployed, aws: Emulator, shop: Site) -> None:
    """Each field by which a document, an address or an arrival could be claimed."""
    who = f"forger-{uuid.uuid4()}"
    forged: dict[str, Any] = {
        "collector": {"ip": "1.1.1.1", "received_at": 1, "user_agent": "curl/8", "key": "app"},
        "ip": "1.1.1.1",
        "ip_prefix": "1.1.1.0/24",
        "user_agent": "Googlebot/2.1",
        "received_at": "2001-01-01T00:00:00Z",
        "receivedAt": "2001-01-01T00:00:00Z",
        "collected_at": "2001-01-01T00:00:00Z",
        "schema_version": "1.0",
        "fingerprint": "0" * 64,
        "event_id": str(uuid.uuid4()),
        "ingest": {"shard": "forged", "sequence": "1", "transform_version": "forged"},
        "http": {"method": "GET", "status": 200},
        "is_bot": False,
        "denied": [],
        "replayed_arrival": 1,
        "record": "{}",
        "context": {"ip": "1.1.1.1", "userAgent": "Googlebot/2.1"},
        "logEvents": [{"message": "forged"}],
        "detail-type": "forged",
        "detail": {"action_name": "forged"},
    }
    events = [
        {**forged, "action_name": "click", "client_id": who},
        {**forged, "user_query": "lamp", "query_id": "q", "client_id": who},
        {**forged, "type": "track", "event": "Order Completed", "anonymousId": who},
    ]
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    status, body = post(
        deployed,
        json.dumps(events),
        user_agent=agent,
        origin=shop.origin,
        x_forwarded_for="6.6.6.6, 203.0.113.77",
        sec_gpc="1",
    )
    assert (status, body["rejected"]) == (200, [])
    found = deployed.documents(who)
    assert sorted(each["action_name"] for each in found) == ["click", "purchase", "search"]
    for each in found:
        assert each["ip_prefix"] == "203.0.113.0/24"
        assert each["device"]["os"].startswith("Windows")
        assert each["consent"]["personalization"] is False
        assert each["received_at"] > "2026"
        assert each["ingest"]["transform_version"] != "forged"
        assert each["fingerprint"] != "0" * 64
        assert "http" not in each


def test_logs_contain_no_body_and_no_address(deployed: Deployed, aws: Emulator, shop: Site) -> None:
    address = "203.0.113.201"
    bodies = [
        json.dumps({"action_name": "click", "client_id": "needle-1"}),
        "needle-2",
        json.dumps([{"needle-3": 1}]),
    ]
    for body in bodies:
        post(deployed, body, x_forwarded_for=address, origin=shop.origin)
    post(deployed, "{}", x_forwarded_for=address, origin="https://needle-4.example")
    group = deployed.outputs["stream_name"].removesuffix("-events")
    lines = deployed.log(f"/aws/lambda/{group}-collector") + deployed.log(f"/aws/apigateway/{group}-collector")
    assert len(lines) > 8
    assert not [line for line in lines if "needle" in line or address in line or "127.0.0.1" in line]


def test_a_repeated_event_has_the_same_event_id(deployed: Deployed, aws: Emulator) -> None:
    who, event_id = f"twice-{uuid.uuid4()}", str(uuid.uuid4())
    event = {"action_name": "click", "client_id": who, "event_id": event_id}
    for _ in range(2):
        assert post(deployed, json.dumps(event))[0] == 200
    found = deployed.documents(who)
    assert [each["event_id"] for each in found] == [event_id] * 2


def odd_bodies() -> list[tuple[str, bytes, dict[str, str]]]:
    """Bodies that nobody would send: what the fuzzer begins with, whole and broken, in every place of a request."""
    drawn = random.Random(4711)  # noqa: S311 - the same bodies each time
    pieces = [piece for file in sorted(CORPUS.iterdir()) for piece in file.read_bytes().splitlines() if piece]
    made: list[tuple[str, bytes, dict[str, str]]] = []
    paths = ["/collect", "/v1/b", "/v1/t", "/ubi_events", "/beacon/v1/batch", "/v1/none"]
    while len(made) < BODIES:
        piece = drawn.choice(pieces)
        text = json.dumps(piece.decode("utf-8", "replace")).encode()
        body = drawn.choice(
            [
                piece,
                piece[: drawn.randrange(len(piece) + 1)],
                b'[%s,%s,{"action_name":"click"}]' % (text, piece),
                b'{"sent_at":%s,"events":[{"action_name":%s,"client_id":%s}]}' % (text, text, piece),
                b'{"context":%s,"sentAt":%s,"batch":[{"type":"track","event":%s,"context":%s}]}'
                % (piece, piece, text, piece),
                b'{"action_name":%s,"collector":%s,"event_attributes":%s}' % (text, piece, piece),
                gzip.compress(piece)[: drawn.randrange(40) or None],
                gzip.compress(b'{"action_name":"click","message":"' + b"a" * drawn.randrange(3_000_000) + b'"}'),
                drawn.randbytes(drawn.randrange(600)),
                b"[" * drawn.randrange(200_000),
                b'{"a":' * 3_000 + piece,
                b'{"action_name":"click","event_value":' + b"9" * drawn.randrange(9_000) + b"}",
                b'[{"action_name":"click"}' + b",{}" * drawn.randrange(497, 502) + b"]",
            ]
        )
        headers = drawn.choice(
            [
                {},
                {"content-type": "application/json"},
                {"content-type": "application/octet-stream"},
                {"content-type": "text/plain", "content-encoding": "gzip"},
                {"content-type": "multipart/form-data; boundary=x", "x-forwarded-for": "x" * 3000},
                {"authorization": "Basic ????", "user-agent": "\xff" * 2000},
                {"sec-gpc": "1, 1", "x-forwarded-for": ",,,"},
            ]
        )
        made.append((drawn.choice(paths), body, headers))
    return made


def test_thousands_of_malformed_bodies_from_concurrent_clients(deployed: Deployed, aws: Emulator) -> None:
    """Beside clients that never finish saying what they want."""
    host = urlsplit(deployed.url).netloc
    stop = threading.Event()
    slow = [threading.Thread(target=dawdle, args=(host, stop), daemon=True) for _ in range(8)]
    for thread in slow:
        thread.start()
    key = {"authorization": "Basic d2tfd2ViXzE6"}

    def send(share: list[tuple[str, bytes, dict[str, str]]]) -> Counter[int]:
        statuses: Counter[int] = Counter()
        connection = http.client.HTTPConnection(host, timeout=120)
        for path, body, headers in share:
            given = {**key, **headers}
            connection.request("POST", path, body, {name: text.encode("latin-1") for name, text in given.items()})
            answer = connection.getresponse()
            answer.read()
            statuses[answer.status] += 1
        connection.close()
        return statuses

    bodies = odd_bodies()
    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = sum(pool.map(send, [bodies[start::CLIENTS] for start in range(CLIENTS)]), Counter())
    seconds = time.monotonic() - began
    stop.set()
    memory = peak_memory("collector")
    print(f"\n  {BODIES} odd bodies from {CLIENTS} clients in {seconds:.0f} s: {dict(statuses)}; {memory:.0f} MiB")
    assert set(statuses) <= {200, 400, 401, 404, 413}
    assert statuses[200] > BODIES // 20
    assert memory <= MOST_MEMORY
    group = deployed.outputs["stream_name"].removesuffix("-events")
    assert not [line for line in deployed.log(f"/aws/lambda/{group}-collector") if "InternalError" in line]
    deployed.deliver()
    kinds = Counter(outcome.kind for _, outcome in deployed.outcomes)
    assert not kinds["AmazonOpenSearchService-failed"]


def dawdle(host: str, stop: threading.Event) -> None:
    """Begin a request and never end it."""
    name, _, port = host.partition(":")
    with socket.create_connection((name, int(port))) as connection:
        connection.sendall(b"POST /collect HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n")
        with suppress(OSError):
            while not stop.wait(0.5):
                connection.sendall(b"{")


def peak_memory(function: str) -> float:
    """The most MiB that an environment of a function has had: its process is one of the emulator's workers."""
    peaks = [0.0]
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal() or int(process.name) == os.getpid():
            continue
        try:
            if b"worker.py" not in (process / "cmdline").read_bytes():
                continue
            named = dict(
                entry.partition(b"=")[::2] for entry in (process / "environ").read_bytes().split(b"\0") if b"=" in entry
            )
            if named.get(b"_HANDLER", b"").decode().startswith(function):
                status = (process / "status").read_text("ascii")
                peaks += [int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")]
        except OSError:
            continue
    assert max(peaks) > 0
    return max(peaks)


@pytest.mark.parametrize(("key", "status"), [("wk_web_1", 200), ("wk_segment", 200), ("wk_old", 401), ("", 401)])
def test_an_unknown_key_is_refused(deployed: Deployed, aws: Emulator, key: str, status: int) -> None:
    assert set(KEYS.values()) >= {"wk_web_1", "wk_segment"}
    path = f"/collect?key={key}"
    assert post(deployed, json.dumps({"action_name": "click"}), path, authorization="")[0] == status
