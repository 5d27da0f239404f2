"""Requests to the domain: one reused connection, retries only with patience, bulk requests of limited size."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest

from constructs_lib.recommender.runtime import bulk
from constructs_lib.recommender.runtime.bulk import Write, write
from constructs_lib.recommender.runtime.domain import IDLE_SECONDS, Domain, DomainError, role_signature
from tests.http_server import Handler, serving

Given = tuple[int, Any]


class Script:
    """What the server answers, one after the other, and what it was asked."""

    answers: ClassVar[list[Given]] = []
    asked: ClassVar[list[tuple[str, str, bytes, Mapping[str, str]]]] = []
    connections: ClassVar[set[tuple[str, int]]] = set()
    hang_up = False
    slow = 0.0


class _Answering(Handler):
    def answer(self) -> None:
        body = self.received()
        Script.asked.append((self.command, self.path, body, dict(self.headers.items())))
        Script.connections.add(self.client_address)
        time.sleep(Script.slow)
        status, content = Script.answers.pop(0) if Script.answers else (200, {"ok": True})
        with contextlib.suppress(OSError):  # who waited has given up
            self.reply(status, content if isinstance(content, bytes) else json.dumps(content).encode())
        # The connection ends though nobody said so, as a load balancer's idle timeout ends it.
        self.close_connection = Script.hang_up


@pytest.fixture
def url() -> Iterator[str]:
    """A server that answers by the script."""
    Script.answers, Script.asked, Script.connections, Script.hang_up, Script.slow = [], [], set(), False, 0.0
    with serving(_Answering) as address:
        yield address


def domain(url: str, *, patience: float | None = None, seconds: float = 5.0) -> Domain:
    """A client that signs nothing and sleeps never."""
    return Domain(url, lambda _m, _u, _b, headers: headers, seconds=seconds, patience=patience, sleep=lambda _: None)


def test_the_connection_is_reused(url: str) -> None:
    client = domain(url)
    for _ in range(3):
        assert client.ask("GET", "/_doc/1") == {"ok": True}
    assert len(Script.connections) == 1


def test_a_closed_connection_is_opened_again(url: str) -> None:
    Script.hang_up = True
    client = domain(url)
    for _ in range(3):
        assert client.ask("POST", "/_search", {}) == {"ok": True}
    assert len(Script.asked) == 3


def test_a_long_idle_connection_is_replaced(url: str) -> None:
    now = [0.0]
    client = Domain(url, lambda _m, _u, _b, headers: headers, seconds=5, clock=lambda: now[0])
    for now[0] in (100.0, 100.0 + IDLE_SECONDS, 100.0 + 2 * IDLE_SECONDS + 1):
        client.ask("GET", "/x")
    assert len(Script.connections) == 2


def test_without_patience_a_busy_domain_is_not_retried(url: str) -> None:
    Script.answers = [(429, {}), (200, {})]
    with pytest.raises(DomainError, match="429") as busy:
        domain(url).ask("GET", "/x")
    assert busy.value.status == 429
    assert len(Script.asked) == 1


def test_with_patience_a_busy_domain_is_retried(url: str) -> None:
    Script.answers = [(503, {}), (429, {}), (200, {"done": 1})]
    assert domain(url, patience=time.monotonic() + 60).ask("GET", "/x") == {"done": 1}


def test_a_refused_request_is_not_retried(url: str) -> None:
    Script.answers = [(400, {"error": "no"})]
    with pytest.raises(DomainError, match="GET /x: 400"):
        domain(url, patience=time.monotonic() + 60).ask("GET", "/x")
    assert len(Script.asked) == 1


def test_a_missing_document_may_be_expected(url: str) -> None:
    Script.answers = [(404, {}), (404, {})]
    assert domain(url).ask("GET", "/x", missing={}) == {}
    with pytest.raises(DomainError):
        domain(url).ask("GET", "/x")


def test_a_slow_answer_times_out(url: str) -> None:
    Script.slow = 0.5
    with pytest.raises(DomainError, match="no answer"):
        domain(url, seconds=0.1).ask("GET", "/x")


def test_an_unreachable_domain_is_reported() -> None:
    with pytest.raises(DomainError, match=r"no answer from http://127\.0\.0\.1:1"):
        domain("http://127.0.0.1:1").ask("GET", "/x")


def test_lists_are_sent_as_lines_and_commas_are_encoded(url: str) -> None:
    domain(url).ask("POST", "/_msearch?filter_path=a,b", [{}, '{"given":1}'])
    _, path, body, headers = Script.asked[0]
    assert path == "/_msearch?filter_path=a%2Cb"
    assert body == b'{}\n{"given":1}\n'
    assert headers["content-type"] == "application/x-ndjson"


def test_a_function_signs_with_its_roles_keys(url: str) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}
    Domain(url, role_signature("eu-west-1", keys), seconds=5).ask("GET", "/x")
    headers = Script.asked[0][3]
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIA/")
    assert headers["x-amz-security-token"] == "t"


def results(*statuses: int) -> Given:
    """A bulk answer."""
    return 200, {"items": [{"index": {"status": status, "error": "because"}} for status in statuses]}


def documents(number: int) -> list[Write]:
    """Small documents."""
    return [Write("index", {"_id": str(place)}, {"n": place}) for place in range(number)]


def test_newer_documents_are_kept_and_reported(url: str) -> None:
    Script.answers = [results(200, 409, 201)]
    assert write(domain(url), "shop.sessions", documents(3)) == [1]
    assert Script.asked[0][1] == "/shop.sessions/_bulk"


def test_only_throttled_documents_are_sent_again(url: str) -> None:
    Script.answers = [results(200, 429), results(200)]
    assert write(domain(url, patience=time.monotonic() + 60), "i", documents(2)) == []
    assert Script.asked[1][2] == b'{"index":{"_id":"1"}}\n{"n":1}\n'


def test_a_document_that_is_refused_stops_the_run(url: str) -> None:
    Script.answers = [results(400)]
    with pytest.raises(DomainError, match="because"):
        write(domain(url), "i", documents(1))


def test_a_domain_that_stays_busy_stops_the_run(url: str) -> None:
    Script.answers = [results(429)]
    with pytest.raises(DomainError, match="took 0 of 1 documents"):
        write(domain(url), "i", documents(1))


def test_bulk_requests_stay_below_their_limit(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = len('{"index":{"_id":"0"}}\n{"n":0}')
    monkeypatch.setattr(bulk, "PART_BYTES", 2 * one)
    Script.answers = [results(200, 200), results(200)]
    assert write(domain(url), "i", documents(3)) == []
    assert len(Script.asked) == 2
