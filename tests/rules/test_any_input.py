"""For any input, the rules return findings and raise no exception."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib import limits
from constructs_lib.rules import (
    UNKNOWN,
    Finding,
    delivery,
    deployments,
    domain,
    domain_changes,
    environment,
    pipeline,
    stream,
    stream_changes,
)
from tests.rules.cases import DELIVERY, DOMAIN, STREAM

ENVIRONMENT: dict[str, Any] = {
    "name": "shop",
    "region": "eu-west-1",
    "account_id": "111122223333",
    "tags": {"team": "search"},
    "network": {
        "cidr_block": "10.0.0.0/16",
        "availability_zones": ["eu-west-1a"],
        "client_cidr_blocks": ["10.0.0.0/8"],
    },
    "access": {"analysts": ["arn:aws:iam::111122223333:role/a"], "analyst_groups": ["marketing"]},
    "stream": {"consumers": [{"name": "a"}], "writers": {"principals": ["111122223333"]}},
    "transform": {"vpc": True, "function": {"timeout": 60}, "trusted_proxies": ["10.0.0.0/8"]},
    "bootstrap": {"schedule": "rate(1 day)", "warm_after_days": 7, "retention_days": 30, "thresholds": {"a": 1}},
    "monitoring": {"subscriptions": [{"protocol": "email", "endpoint": "a@b.example"}]},
    "archive": {"bucket": "a-b", "lifecycle": {"transition_days": 30, "failed_expiration_days": 30}},
    "delivery": {"opensearch_configuration": {"s3_configuration": {"prefix": "a/", "error_output_prefix": "b/"}}},
    "backend": {"s3": {"bucket": "states", "key": "a", "region": "eu-west-1"}},
    "outputs": {"a": "stream.arn"},
    "adopt": {"stream": "old"},
    "derived": {"stream": {"name": "shop"}, "outputs": ["a"], "thresholds": {"a": 1}, "domain": DOMAIN},
}

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["*", "{", "gp3", "io1", "OpenSearch_2.19", "Elasticsearch_1.5", "t2.small.search", "Lambda"]),
    st.just(UNKNOWN),
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    nested = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(below for name, item in nested for below in _paths(item, (*path, name)))]


def _put(value: Any, path: tuple[str | int, ...], replacement: Any) -> Any:
    if not path:
        return replacement
    name, *rest = path
    if isinstance(value, dict):
        return {key: _put(item, tuple(rest), replacement) if key == name else item for key, item in value.items()}
    return [_put(item, tuple(rest), replacement) if index == name else item for index, item in enumerate(value)]


def damaged(arguments: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Real arguments with anything put at one or two of their places."""
    once = st.builds(_put, st.just(arguments), st.sampled_from(_paths(arguments)), ANYTHING)
    known = [path for kind, path in limits.ARGUMENTS if kind == limits.DOMAIN and "[]" not in path]
    grown = st.builds(
        lambda path, value: arguments | {path.partition(".")[0]: {path.rpartition(".")[2]: value}},
        st.sampled_from(known),
        ANYTHING,
    )
    return once | grown


@settings(max_examples=60, deadline=None)
@given(st.one_of(ANYTHING, damaged(DOMAIN)))
def test_domain(arguments: Any) -> None:
    assert all(isinstance(finding, Finding) and str(finding) for finding in domain.check(arguments))


@settings(max_examples=40, deadline=None)
@given(st.one_of(ANYTHING, damaged(STREAM)))
def test_stream(arguments: Any) -> None:
    assert all(isinstance(finding, Finding) and str(finding) for finding in stream.check(arguments))


@settings(max_examples=40, deadline=None)
@given(st.one_of(ANYTHING, damaged(STREAM)), st.one_of(ANYTHING, damaged(STREAM)))
def test_changes(before: Any, after: Any) -> None:
    assert all(isinstance(finding, Finding) and str(finding) for finding in stream_changes.check(before, after))


@settings(max_examples=60, deadline=None)
@given(st.one_of(ANYTHING, damaged(DELIVERY)))
def test_delivery(arguments: Any) -> None:
    assert all(isinstance(finding, Finding) and str(finding) for finding in delivery.check(arguments))


@settings(max_examples=60, deadline=None)
@given(damaged(STREAM), damaged(DOMAIN), damaged(DELIVERY), ANYTHING, ANYTHING)
def test_pipeline(stream_: Any, domain_: Any, delivery_: Any, archive: Any, bootstrap: Any) -> None:
    found = pipeline.check(stream=stream_, domain=domain_, delivery=delivery_, archive=archive, bootstrap=bootstrap)
    assert all(isinstance(finding, Finding) and str(finding) for finding in found)


@settings(max_examples=40, deadline=None)
@given(st.one_of(ANYTHING, damaged(DOMAIN)), st.one_of(ANYTHING, damaged(DOMAIN)))
def test_domain_changes(before: Any, after: Any) -> None:
    assert all(isinstance(finding, Finding) and str(finding) for finding in domain_changes.check(before, after))


@settings(max_examples=100, deadline=None)
@given(st.one_of(ANYTHING, damaged(ENVIRONMENT)), st.one_of(st.just({}), st.dictionaries(st.text(), ANYTHING)))
def test_environment(document: Any, derived: dict[str, Any]) -> None:
    assert all(isinstance(finding, Finding) and str(finding) for finding in environment.check(document, derived))


def _is_file(value: Any) -> bool:
    return isinstance(value, dict)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.dictionaries(st.text(), ANYTHING), damaged(ENVIRONMENT).filter(_is_file)), max_size=3))
def test_deployments(documents: list[Any]) -> None:
    found = deployments.check({f"{number}.yaml": document for number, document in enumerate(documents)})
    assert all(str(finding) for _, finding in found)


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(_paths(DOMAIN)[1:]))
def test_an_unknown_value_adds_no_finding(path: tuple[str | int, ...]) -> None:
    assert domain.check(_put(DOMAIN, path, UNKNOWN)) == []
