"""Rules for a collector."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.limits.environment.collector import VARIABLES_BYTES
from constructs_lib.rules import Finding, environment
from tests.rules.test_environment import REACHED

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d"
NAMED = {"domain_name": "collect.shop.example", "certificate_arn": CERTIFICATE}
SOUND: dict[str, Any] = {"origins": ["https://shop.example"], **NAMED}


def check(collector: dict[str, Any], derived: dict[str, Any] | None = None, **more: Any) -> list[Finding]:
    document = {**REACHED, "region": "eu-west-1", "collector": {**SOUND, **collector}, **more}
    return environment.check(document, derived)


def paths(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.path, finding.severity) for finding in findings]


@pytest.mark.parametrize(
    "collector",
    [
        {},
        {"origins": ["https://shop.example", "https://www.shop.example:8443"]},
        {"origins": ["http://localhost", "http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:8080"]},
        {"origins": ["https://xn--mnchen-3ya.shop.example"]},
        {"origins": ["http://localhost:5173"], "domain_name": None, "certificate_arn": None},
        {"keys": {"web": "wk_Zk3mQ8vT1xLr", "app-2": "a" * 64}},
        {"throttle": {"rate": 10_000, "burst": 5_000}},
        {"throttle": {"rate": 1, "burst": 1}},
        {"trusted_proxies": 10},
        {"trusted_proxies": 1, "proxy_secret_hashes": ["a" * 64, "0" * 64]},
        {"proxy_secret_hashes": []},
        {"function": {"timeout": 8, "reserved_concurrent_executions": "by_rate"}},
        {"function": {"timeout": 29, "reserved_concurrent_executions": 900}},
        {"function": {"reserved_concurrent_executions": -1}},
    ],
)
def test_accepted(collector: dict[str, Any]) -> None:
    assert check(collector) == []


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("*", "https://shop.example"),
        ("https://*.shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("https://shop.example/path", "https://shop.example"),
        ("https://shop.example?a", "https://shop.example"),
        ("https://Shop.example", "https://shop.example"),
        ("HTTPS://shop.example", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://localhost:80", "http://localhost"),
        ("https://user:secret@shop.example", "https://shop.example"),
        ("http://shop.example", "https://shop.example"),
        ("http://localhost.evil.example", "https://localhost.evil.example"),
        ("http://10.0.0.1", "https://10.0.0.1"),
        ("shop.example", "https://shop.example"),
        ("//shop.example", "https://shop.example"),
        ("https://", "https://shop.example"),
        ("https:///path", "https://shop.example"),
        ("https://shop.example:port", "https://shop.example"),
        ("https://shop.example:99999", "https://shop.example"),
        ("https://[::1", "https://shop.example"),
        ("null", "https://shop.example"),
        ("", ""),
        (" https://shop.example", "https://shop.example"),
        ("https://a.example,https://b.example", "https://shop.example"),
        ("https://münchen.example", "https://xn--"),
        ("capacitor://localhost", "https://shop.example"),
        ("file://", "https://shop.example"),
    ],
)
def test_an_origin_is_exact(origin: str, allowed: str) -> None:
    findings = [each for each in check({"origins": ["https://shop.example", origin]}) if each.severity == "error"]
    assert {each.path for each in findings} == {"collector.origins[1]"}
    assert [each for each in findings if allowed in each.allowed]


@pytest.mark.parametrize(
    ("collector", "path"),
    [
        ({"origins": []}, "collector.origins"),
        ({"origins": ["https://shop.example"] * 2}, "collector.origins[1]"),
        ({"certificate_arn": None}, "collector.certificate_arn"),
        ({"domain_name": None, "origins": ["http://localhost"]}, "collector.domain_name"),
        ({"domain_name": "Collect.shop.example"}, "collector.domain_name"),
        ({"domain_name": "collect"}, "collector.domain_name"),
        ({"domain_name": "https://collect.shop.example"}, "collector.domain_name"),
        ({"certificate_arn": CERTIFICATE.replace("eu-west-1", "us-east-1")}, "collector.certificate_arn"),
        ({"certificate_arn": "arn:aws:iam::111122223333:server-certificate/a"}, "collector.certificate_arn"),
        ({"keys": {"web": "short_7"}}, "collector.keys.web"),
        ({"keys": {"web": "a" * 65}}, "collector.keys.web"),
        ({"keys": {"web": "with space 1"}}, "collector.keys.web"),
        ({"keys": {"web": "a=b,c=d,e=f"}}, "collector.keys.web"),
        ({"keys": {"Web": "wk_12345678"}}, "collector.keys"),
        ({"keys": {"web": "wk_12345678", "app": "wk_12345678"}}, "collector.keys.app"),
        ({"throttle": {"rate": 0}}, "collector.throttle.rate"),
        ({"throttle": {"burst": 0}}, "collector.throttle.burst"),
        ({"trusted_proxies": -1}, "collector.trusted_proxies"),
        ({"proxy_secret_hashes": ["a" * 64]}, "collector.trusted_proxies"),
        ({"trusted_proxies": 0, "proxy_secret_hashes": ["a" * 64]}, "collector.trusted_proxies"),
        ({"trusted_proxies": 1, "proxy_secret_hashes": ["a" * 63]}, "collector.proxy_secret_hashes[0]"),
        ({"trusted_proxies": 1, "proxy_secret_hashes": ["a" * 64, "a" * 65]}, "collector.proxy_secret_hashes[1]"),
        ({"trusted_proxies": 1, "proxy_secret_hashes": ["A" * 64]}, "collector.proxy_secret_hashes[0]"),
        ({"trusted_proxies": 1, "proxy_secret_hashes": ["the secret itself"]}, "collector.proxy_secret_hashes[0]"),
        ({"trusted_proxies": 11}, "collector.trusted_proxies"),
        ({"function": {"timeout": 7}}, "collector.function.timeout"),
        ({"function": {"timeout": 30}}, "collector.function.timeout"),
        ({"function": {"reserved_concurrent_executions": 0}}, "collector.function.reserved_concurrent_executions"),
    ],
)
def test_refused(collector: dict[str, Any], path: str) -> None:
    assert paths(check(collector)) == [(path, "error")]


@pytest.mark.parametrize(
    ("collector", "path"),
    [
        ({"domain_name": None, "certificate_arn": None}, "collector.domain_name"),
        ({"domain_name": "collect.other.example"}, "collector.domain_name"),
        ({"throttle": {"rate": 10_001}}, "collector.throttle.rate"),
        ({"throttle": {"burst": 5_001}}, "collector.throttle.burst"),
        ({"function": {"reserved_concurrent_executions": 901}}, "collector.function.reserved_concurrent_executions"),
    ],
)
def test_warned_of(collector: dict[str, Any], path: str) -> None:
    assert paths(check(collector)) == [(path, "warning")]


def test_the_number_of_origins_is_limited_by_the_environment_size() -> None:
    origins = [f"https://{number:04}.shop.example" for number in range(VARIABLES_BYTES // 26 - 1)]
    left = VARIABLES_BYTES - 26 * len(origins)
    assert check({"origins": origins, "keys": {"k": "a" * (left - 3)}}) == []
    assert paths(check({"origins": origins, "keys": {"k": "a" * (left - 2)}})) == [("collector", "error")]


def test_addresses_need_the_transform() -> None:
    assert paths(check({}, transform={"enabled": False})) == [("transform.enabled", "error")]


@pytest.mark.parametrize(
    ("collector", "source", "refused"),
    [
        (SOUND, "collector.endpoint", False),
        (SOUND, "collector.domain_target", False),
        ({"origins": ["http://localhost"]}, "collector.endpoint", False),
        ({"origins": ["http://localhost"]}, "collector.domain_target", True),
        (None, "collector.endpoint", True),
    ],
)
def test_outputs_about_the_collector_need_one(collector: dict[str, Any] | None, source: str, refused: bool) -> None:
    document: dict[str, Any] = {**REACHED, "region": "eu-west-1", "outputs": {"where": source}}
    if collector is not None:
        document["collector"] = collector
    derived = {"collector_outputs": ["collector.endpoint", "collector.domain_target"]}
    assert paths(environment.check(document, derived)) == ([("outputs.where", "error")] if refused else [])
