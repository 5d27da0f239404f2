"""Whatever the rules are given, they answer with findings and raise nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from constructs_lib import limits
from constructs_lib.rules import UNKNOWN, Finding, delivery, domain, pipeline, stream, stream_changes
from tests.rules.cases import DELIVERY, DOMAIN, STREAM

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


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(_paths(DOMAIN)[1:]))
def test_an_unknown_value_adds_nothing(path: tuple[str | int, ...]) -> None:
    assert domain.check(_put(DOMAIN, path, UNKNOWN)) == []
