"""Requests of any log format: the client behind proxies, the site's pages, invalid HTTP, field names."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest

from constructs_lib.transform.runtime.settings import Settings, from_environment
from tests.transform.batches import document, reason, run

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PARTS: dict[str, Any] = {"time": "2025-03-12T08:00:01Z", "status": 200}


def line(front: str = "198.51.100.7 - -", request: str = "GET /lamp HTTP/1.1", tail: str = "") -> str:
    return f'{front} [12/Mar/2025:08:00:01 +0000] "{request}" 200 512 "-" "{AGENT}"{tail}'


@pytest.mark.parametrize(
    ("given", "network"),
    [
        (line("203.0.113.9 - -"), "203.0.113.0/24"),
        (line("203.0.113.9:4711 - -"), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=' "203.0.113.9"'), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=' "192.0.2.66, 203.0.113.9"'), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=" 203.0.113.9"), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=' "unknown, 203.0.113.9"'), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=' "[2001:db8:1::9]:443, 10.0.0.2"'), "2001:db8:1::/48"),
        (line("10.0.0.1 - -", tail=' "203.0.113.9, 100.64.0.9"'), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=' "203.0.113.9, fd00::9"'), "203.0.113.0/24"),
        (line("192.0.2.66, 203.0.113.9, 10.0.0.1 - -"), "203.0.113.0/24"),
        (line('"192.0.2.66, 203.0.113.9" 10.0.0.1 - -'), "203.0.113.0/24"),
        (line("2001:db8:1:2::9, 10.0.0.1 - -"), "2001:db8:1::/48"),
        (line("shop.example:443 203.0.113.9 - -"), "203.0.113.0/24"),
        (line("203.0.113.9 shop.example - -"), "203.0.113.0/24"),
        (line("10.1.2.3, 10.0.0.1 - -"), "10.1.2.0/24"),
        (line("- 203.0.113.9 - -"), "203.0.113.0/24"),
        (line("203.0.113.9 - john doe"), "203.0.113.0/24"),
        (line("10.0.0.1 - -", tail=' "-" "web-1"'), "10.0.0.0/24"),
        (line("203.0.113.9 - -", tail=" 27 0.000 [web] [] 198.51.100.7:8080 5 0.000 200 3db7"), "203.0.113.0/24"),
    ],
)
def test_the_client_is_the_last_hop_that_is_not_a_proxy(given: str, network: str) -> None:
    assert document(given)["ip_prefix"] == network


def test_own_proxies_are_configurable() -> None:
    given = line("10.0.0.1 - -", tail=' "203.0.113.9, 198.51.100.7"')
    assert document(given)["ip_prefix"] == "198.51.100.0/24"
    settings = Settings(trusted_proxies=("198.51.100.0/28",))
    assert document(given, settings=settings)["ip_prefix"] == "203.0.113.0/24"


def test_cloudfront_is_the_last_hop_of_its_requests() -> None:
    given = line("10.0.0.1 - -", tail=' "192.0.2.66, 203.0.113.9, 198.51.100.7"').replace(AGENT, "Amazon CloudFront")
    assert document(given)["ip_prefix"] == "203.0.113.0/24"


@pytest.mark.parametrize(
    ("host", "page", "own", "medium"),
    [
        ("shop.example", "/lamp", ("shop.example",), "internal"),
        ("www.shop.example", "/lamp", ("shop.example",), "internal"),
        ("m.de.shop.example", "/lamp", ("shop.example",), "internal"),
        ("SHOP.example", "/lamp", ("shop.example",), "internal"),
        ("notshop.example", "/lamp", ("shop.example",), "referral"),
        ("shop.example.org", "/lamp", ("shop.example",), "referral"),
        ("example", "/lamp", ("shop.example",), "referral"),
        ("m.shop.example", "https://shop.example/lamp", (), "internal"),
        ("m.shop.example", "https://www.shop.example/lamp", (), "internal"),
        ("shop.example", "/lamp", (), "referral"),
        ("other.example", "https://shop.example/lamp", (), "referral"),
    ],
)
def test_a_referrer_from_the_site_is_internal(host: str, page: str, own: tuple[str, ...], medium: str) -> None:
    event = {"action_name": "view", "page": {"url": page}, "referrer": f"https://{host}/"}
    assert document(event, settings=Settings(own_hosts=own))["referrer"]["medium"] == medium


def test_own_hosts_proxies_and_fields_are_read_from_the_environment() -> None:
    found = from_environment(
        {"OWN_HOSTS": "Shop.example, .shop.test", "TRUSTED_PROXIES": "198.51.100.0/28", "W3C_FIELDS": "date,time"}
    )
    assert found.own_hosts == ("shop.example", "shop.test")
    assert (found.trusted_proxies, found.w3c_fields) == (("198.51.100.0/28",), ("date", "time"))


@pytest.mark.parametrize(
    "request_line",
    [
        "-",
        "",
        r"\\x16\\x03\\x01\\x00\\xEE",
        r"\x16\x03",
        "t3 12.1.2",
        "SSH-2.0-Go",
        "quit",
        "\\n",
        "GET",
        "HELP",
        "MGLNDD_1_80",
    ],
)
@pytest.mark.parametrize("status", [400, 408, 200])
def test_an_invalid_request_line_is_an_error_without_a_method(request_line: str, status: int) -> None:
    given = f'198.51.100.7 - - [12/Mar/2025:08:00:01 +0000] "{request_line}" {status} 0 "-" "-"'
    found = document(given)
    assert found["action_name"] in ({"error", "view"} if request_line == "GET" else {"error"})
    assert found["http"].get("method") == ("GET" if request_line == "GET" else None)
    assert "page" not in found


def test_a_tunnel_is_not_a_page() -> None:
    found = document(line(request="CONNECT other.example:443 HTTP/1.1"))
    assert found["http"]["method"] == "CONNECT"
    assert "page" not in found


METHODS = [
    "method",
    "httpMethod",
    "request_method",
    "verb",
    "cs-method",
    "http.request.method",
    "requestMethod",
    "http_method",
]
PATHS = [
    "path",
    "uri",
    "url",
    "request_uri",
    "request_path",
    "http.target",
    "url.path",
    "originalUrl",
    "http.url",
    "requestUrl",
]
STATUSES = [
    "status",
    "statusCode",
    "status_code",
    "response_code",
    "http_status",
    "http.response.status_code",
    "responseStatus",
    "code",
    "http.status_code",
]
CLIENTS = [
    "ip",
    "remote_addr",
    "clientip",
    "client_ip",
    "clientIp",
    "sourceIp",
    "remoteAddress",
    "client.address",
    "c-ip",
]
AGENTS = ["user_agent", "userAgent", "http_user_agent", "agent", "user-agent", "user_agent.original", "http.useragent"]
REFERRERS = ["referer", "referrer", "http_referer", "http_referrer", "Referer", "http.request.referrer"]


@pytest.mark.parametrize("status", STATUSES)
def test_method_path_and_status_are_found_under_any_name(status: str) -> None:
    names = list(itertools.product(METHODS, PATHS))
    outcome = run(
        *({"time": "2025-03-12T08:00:01Z", method: "POST", path: "/cart?x=1", status: "404"} for method, path in names)
    )
    expected = ("error", {"method": "POST", "status": 404}, "/cart")
    for named, found in zip(names, outcome.documents, strict=True):
        assert (found["action_name"], found["http"], found["page"]["path"]) == expected, named


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("more", [{}, {"level": "info", "msg": "request"}], ids=["server", "application"])
def test_client_user_agent_and_referrer_are_found_under_any_name(client: str, more: dict[str, Any]) -> None:
    names = list(itertools.product(AGENTS, REFERRERS))
    request = {**PARTS, "method": "GET", "path": "/lamp", client: "203.0.113.9", **more}
    outcome = run(
        *(request | {agent: AGENT, referrer: "https://www.bing.com/search?q=lamp"} for agent, referrer in names)
    )
    for named, found in zip(names, outcome.documents, strict=True):
        assert (found["ip_prefix"], found["device"]["browser"]) == ("203.0.113.0/24", "Firefox 128"), named
        assert found["referrer"]["host"] == "www.bing.com", named
        assert "203.0.113.9" not in json.dumps(found), named
        assert "Gecko" not in json.dumps(found), named


def nested(flat: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, item in flat.items():
        inner = found
        *folders, last = name.split(".")
        for folder in folders:
            inner = inner.setdefault(folder, {})
        inner[last] = item
    return found


ECS = {
    "@timestamp": "2025-03-12T08:00:01Z",
    "http.request.method": "GET",
    "http.response.status_code": 200,
    "http.response.body.bytes": 512,
    "url.path": "/lamp",
    "url.query": "q=oak",
    "url.domain": "shop.example",
    "source.ip": "203.0.113.9",
    "user_agent.original": AGENT,
    "log.level": "info",
    "message": "GET /lamp",
    "user.name": "ann",
}


def test_dotted_and_nested_names_are_equivalent() -> None:
    own = {"event_id", "fingerprint"}
    flat, deep = ({name: item for name, item in document(one).items() if name not in own} for one in (ECS, nested(ECS)))
    assert flat == deep
    assert flat["page"] == {"url": "https://shop.example/lamp?q=oak", "host": "shop.example", "path": "/lamp"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/app.js", "Dropped_static_asset"), ("/healthz", "Dropped_health_check")],
)
@pytest.mark.parametrize(
    "record",
    [
        {
            "level": "info",
            "msg": "request",
            "method": "GET",
            "path": "{}",
            "status": 200,
            "time": "2025-03-12T08:00:01Z",
        },
        {"method": "GET", "path": "{}", "controller": "C", "action": "show", "status": 200},
        {
            "level": 30,
            "time": 1741766401000,
            "req": {"method": "GET", "url": "{}"},
            "res": {"statusCode": 200},
            "msg": "x",
        },
        {
            "httpRequest": {"requestMethod": "GET", "requestUrl": "https://shop.example{}", "status": 200},
            "severity": "INFO",
        },
        {"log": 'time="2025-03-12T08:00:01Z" level=info msg=request method=GET path={} status=200'},
        {"request": {"method": "GET", "uri": "{}", "host": "shop.example"}, "status": 200, "ts": 1741766401.5},
    ],
)
def test_the_rules_of_access_logs_apply_to_every_request(record: Any, path: str, expected: str) -> None:
    assert reason(json.loads(json.dumps(record).replace("{}", path))) == expected


def test_rails_action_includes_its_controller() -> None:
    given = {"method": "POST", "path": "/orders", "controller": "OrdersController", "action": "create", "status": 201}
    found = document(given)
    assert found["action_name"] == "submit"
    assert found["event_attributes"]["properties"]["action"] == "create"


def test_fields_of_a_w3c_line_are_configurable() -> None:
    settings = Settings(w3c_fields=("date", "time", "c-ip", "cs-method", "cs-uri-stem", "sc-status", "cs(User-Agent)"))
    given = "2025-03-12 08:00:01 203.0.113.9 GET /lamp 200 " + AGENT.replace(" ", "+")
    found = document(given, settings=settings)
    assert (found["page"]["path"], found["ip_prefix"]) == ("/lamp", "203.0.113.0/24")
    assert found["device"]["browser"] == "Firefox 128"
    assert reason(given) == "Failed_unrecognised"


def test_host_is_the_site_if_the_client_has_its_own_field() -> None:
    given = {
        "time_iso8601": "2025-03-12T08:00:01+00:00",
        "request": "GET /lamp HTTP/1.1",
        "status": 200,
        "host": "shop.example",
    }
    found = document(given | {"remote_addr": "203.0.113.9"})
    assert (found["page"]["host"], found["ip_prefix"]) == ("shop.example", "203.0.113.0/24")


def test_host_is_the_client_without_another_field() -> None:
    given = {"datetime": "12/Mar/2025:08:00:01 +0000", "request": "GET /lamp HTTP/1.1", "response": "200"}
    found = document(given | {"host": "203.0.113.9"})
    assert found["ip_prefix"] == "203.0.113.0/24"
    assert "host" not in found["page"]
