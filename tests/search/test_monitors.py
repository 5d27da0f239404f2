"""Each alert monitor on a real engine: does not fire on the real traffic, fires on an attack."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from constructs_lib.bootstrap.runtime import catalogue
from rehearsal.engines import Server
from tests.search.behaviour import INDEX, NAME, VALUES, WITHOUT_PAINLESS, documents, everything, load
from tests.search.independent import bucket_of
from tests.transform.batches import run

DELAY = timedelta(minutes=int(catalogue.DEFAULTS["delay_minutes"]))
MONITORS = {monitor["triggers"][0]["query_level_trigger"]["id"]: monitor for monitor in catalogue.monitors(VALUES)}
MINUTES = {"events-burst": 5, "events-credential-stuffing": 15, "events-scraping": 60}
"""How far each looks back."""


def query(monitor: dict[str, Any], end: datetime) -> dict[str, Any]:
    """The search that the alerting plugin sends for a run at ``end``: its template filled in."""
    template = json.dumps(monitor["inputs"][0]["search"]["query"])
    filled: dict[str, Any] = json.loads(template.replace("{{period_end}}", str(int(end.timestamp() * 1000))))
    return filled


def answers(server: Server, monitor: dict[str, Any], ends: list[datetime], index: str) -> Iterator[dict[str, Any]]:
    """What runs of the monitor at these times find."""
    for start in range(0, len(ends), 100):
        lines = "".join(
            f"{json.dumps({'index': index})}\n{json.dumps(query(monitor, end))}\n" for end in ends[start : start + 100]
        )
        answer = server.request("POST", "/_msearch?max_concurrent_searches=2", lines).json
        assert isinstance(answer, dict)
        for one in answer["responses"]:
            assert "error" not in one, one
            yield one


def rings(server: Server, monitor: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether the trigger's condition holds: by what it means, and by the engine's own interpreter of its script."""
    meant = CONDITIONS[monitor["triggers"][0]["query_level_trigger"]["id"]](found["aggregations"])
    source = monitor["triggers"][0]["query_level_trigger"]["condition"]["script"]["source"]
    script = {"source": f"def ctx = params.ctx; {source}", "lang": "painless", "params": {"ctx": {"results": [found]}}}
    answer = server.request("POST", "/_scripts/painless/_execute", {"script": script})
    assert isinstance(answer.json, dict)
    if server.name == WITHOUT_PAINLESS:
        assert "unsupported lang [painless]" in answer.text
        return meant
    assert answer.status == 200, answer.text[:2000]
    assert answer.json["result"] == str(meant).lower()
    return meant


def suspects(aggregations: dict[str, Any]) -> list[dict[str, Any]]:
    """Clients, and networks of what names no client."""
    logged: list[dict[str, Any]] = aggregations["logged"]["networks"]["buckets"]
    return [*aggregations["clients"]["buckets"], *logged]


def guesses(client: dict[str, Any]) -> bool:
    """Whether a network tries many accounts, or nobody knows which and it tries often."""
    accounts, programs = client["accounts"]["value"], client["programs"]["value"]
    return bool(accounts >= 10 or programs >= 10 or (accounts == 0 and client["doc_count"] >= 100))


CONDITIONS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "events-burst": lambda found: bool(suspects(found)),
    "events-credential-stuffing": lambda found: any(map(guesses, found["clients"]["buckets"])),
    "events-scraping": lambda found: any(
        client["pages"]["value"] >= 300 or client["items"]["value"] >= 300 for client in suspects(found)
    ),
}
"""What each trigger asks, in other words."""


def suspicious(found: dict[str, Any]) -> bool:
    """Whether any bucket is in the answer; a trigger without one has nothing to look at."""
    aggregations = found["aggregations"]
    logged = aggregations.get("logged", {}).get("networks", {}).get("buckets", [])
    return bool(aggregations["clients"]["buckets"] or logged)


def ends_of_runs(minutes: int) -> list[datetime]:
    """When runs are that see every document: at the end of each stretch of time that has any."""
    seconds = minutes * 60
    starts = sorted({bucket_of(one, seconds) for one in documents()})
    return [datetime.fromtimestamp(start / 1000 + seconds, timezone.utc) + DELAY for start in starts]


@pytest.mark.search
@pytest.mark.parametrize("id_", MONITORS)
def test_no_monitor_fires_on_the_real_traffic(behaviour: Server, id_: str) -> None:
    monitor = MONITORS[id_]
    found = list(answers(behaviour, monitor, ends_of_runs(MINUTES[id_]), INDEX))
    assert not any(rings(behaviour, monitor, one) for one in found if suspicious(one))
    assert not rings(behaviour, monitor, found[0])


@pytest.mark.search
def test_the_runs_cover_every_document_once(behaviour: Server) -> None:
    found = answers(behaviour, MONITORS["events-burst"], ends_of_runs(5), INDEX)
    totals = [one["hits"]["total"] for one in found]
    assert sum(total["value"] if isinstance(total, dict) else total for total in totals) == len(documents())


# --- attacks, as they arrive: raw lines and events through the transform

ATTACKED = datetime(2025, 3, 1, 12, tzinfo=timezone.utc)
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0"


def log_line(after: float, host: str, request: str, status: int = 200) -> bytes:
    """A line of an access log."""
    time = (ATTACKED + timedelta(seconds=after)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{host} - - [{time}] "{request} HTTP/1.1" {status} 512 "-" "{BROWSER}"'.encode()


def event(after: float, **fields: object) -> bytes:
    """An event of a site's own client."""
    return json.dumps({"timestamp": (ATTACKED + timedelta(seconds=after)).isoformat(), **fields}).encode()


def burst(number: int) -> list[bytes]:
    """One client's clicks, within five minutes."""
    return [event(299 * n / number, action_name="click", client_id="one") for n in range(number)]


def burst_in_a_log(number: int) -> list[bytes]:
    """Requests from one address, within five minutes."""
    return [log_line(int(299 * n / number), "192.0.2.7", "GET /") for n in range(number)]


def stuffing(number: int, clients: int) -> list[bytes]:
    """Refused sign-ins from one network in the name of many clients."""
    return [
        event(800 * n / number, event="login failed", client_id=f"c{n % clients}", ip="192.0.2.9", level="warn")
        for n in range(number)
    ]


def stuffing_in_a_log(number: int) -> list[bytes]:
    """Sign-ins from one network that the server refused."""
    return [log_line(int(800 * n / number), f"192.0.2.{n % 200}", "POST /login", 401) for n in range(number)]


def scraping(pages: int) -> list[bytes]:
    """Different pages to one client within an hour."""
    return [
        event(3500 * n / pages, action_name="view", client_id="two", page={"path": f"/item/{n}"}) for n in range(pages)
    ]


def scraping_in_a_log(pages: int) -> list[bytes]:
    """Different pages to one address within an hour."""
    return [log_line(int(3500 * n / pages), "192.0.2.11", f"GET /item/{n}") for n in range(pages)]


LOUD = {
    "burst": ("events-burst", burst(600)),
    "burst in a log": ("events-burst", burst_in_a_log(600)),
    "stuffing": ("events-credential-stuffing", stuffing(20, 20)),
    "stuffing in a log": ("events-credential-stuffing", stuffing_in_a_log(100)),
    "scraping": ("events-scraping", scraping(330)),
    "scraping in a log": ("events-scraping", scraping_in_a_log(330)),
}
QUIET = {
    "burst": ("events-burst", burst(599)),
    "burst in a log": ("events-burst", burst_in_a_log(599)),
    "many people": ("events-burst", [event(n / 4, action_name="click", client_id=f"p{n}") for n in range(1000)]),
    "one forgot the password": ("events-credential-stuffing", stuffing(30, 1)),
    "few failures": ("events-credential-stuffing", stuffing(19, 19)),
    "stuffing in a log": ("events-credential-stuffing", stuffing_in_a_log(99)),
    "one page over and over": (
        "events-scraping",
        [event(n, action_name="view", client_id="two", page={"path": "/"}) for n in range(400)],
    ),
    "reading much": ("events-scraping", scraping(270)),
    "a known crawler": (
        "events-scraping",
        [line.replace(BROWSER.encode(), b"Googlebot/2.1") for line in scraping_in_a_log(400)],
    ),
}


def happened(server: Server, name: str, lines: list[bytes], id_: str) -> bool:
    """Whether the monitor rings on a domain where just this happened."""
    index = "attack-" + name.replace(" ", "-")
    server.request("DELETE", f"/{index}")
    mapping = server.request("GET", f"/{INDEX}/_mapping").json
    assert isinstance(mapping, dict)
    server.request("PUT", f"/{index}", {"mappings": next(iter(mapping.values()))["mappings"]})
    outcome = run(*lines)
    assert len(outcome.documents) == len(lines), outcome.metrics
    load(server, index, outcome.documents)
    end = ATTACKED + timedelta(minutes=MINUTES[id_]) + DELAY
    (found,) = answers(server, MONITORS[id_], [end], index)
    server.request("DELETE", f"/{index}")
    return rings(server, MONITORS[id_], found)


@pytest.mark.parametrize("name", LOUD)
def test_an_attack_fires(behaviour: Server, name: str) -> None:
    id_, lines = LOUD[name]
    assert happened(behaviour, f"loud {name}", lines, id_)


@pytest.mark.parametrize("name", QUIET)
def test_harmless_traffic_does_not_fire(behaviour: Server, name: str) -> None:
    id_, lines = QUIET[name]
    assert not happened(behaviour, f"quiet {name}", lines, id_)


def test_every_monitor_fires_for_some_attack() -> None:
    assert {id_ for id_, _ in LOUD.values()} == set(MONITORS) == set(MINUTES)


# --- detectors


@pytest.mark.parametrize("detector", catalogue.detectors(VALUES), ids=lambda detector: detector["name"])
def test_a_detectors_features_match_the_documents(behaviour: Server, detector: dict[str, Any]) -> None:
    times = everything().filter()
    body = {
        "size": 0,
        "query": {"bool": {"filter": [times, detector["filter_query"]]}},
        "aggs": {
            name: aggregation
            for feature in detector["feature_attributes"]
            for name, aggregation in feature["aggregation_query"].items()
        },
    }
    answer = behaviour.request("POST", f"/{NAME}-*/_search", body).json
    assert isinstance(answer, dict)
    found = {name: value["value"] for name, value in answer["aggregations"].items()}
    assert found == pytest.approx(_features(detector["name"]), rel=0.02)


def _features(name: str) -> dict[str, float]:
    """The same numbers, from the documents alone."""
    log = list(documents())
    people = [one for one in log if one.get("is_bot") is not True]
    known = [one for one in log if "ip_prefix" in one]
    failed = [one for one in log if one.get("http", {}).get("status", 0) >= 400]
    features: dict[str, dict[str, float]] = {
        "events-traffic": {
            "events": len(people),
            "visitors": len({one["client_id"] for one in people if "client_id" in one}),
            "sessions": len({one["session_id"] for one in people if "session_id" in one}),
        },
        "events-networks": {
            "events": len(known),
            "pages": len({one["page"]["path"] for one in known if "page" in one}),
        },
        "events-failures": {
            "failures": len(failed),
            "clients": len({one["client_id"] for one in failed if "client_id" in one}),
        },
    }
    return features[name]
