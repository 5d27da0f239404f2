"""Changes of an existing domain that AWS refuses: upgrades, optimized types, the version override."""

from __future__ import annotations

import pytest

from constructs_lib.limits.engines import VERSIONS, is_downgrade, parse, upgrade_steps
from constructs_lib.rules import UNKNOWN, domain_changes


def errors(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [finding.path for finding in domain_changes.check(before, after) if finding.severity == "error"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Elasticsearch_5.1", "Elasticsearch_5.6"),
        ("Elasticsearch_5.6", "Elasticsearch_6.8"),
        ("Elasticsearch_6.8", "Elasticsearch_7.10"),
        ("Elasticsearch_6.8", "OpenSearch_1.3"),
        ("Elasticsearch_7.1", "OpenSearch_1.0"),
        ("Elasticsearch_7.10", "OpenSearch_1.3"),
        ("OpenSearch_1.0", "OpenSearch_1.3"),
        ("OpenSearch_1.3", "OpenSearch_2.19"),
        ("OpenSearch_2.3", "OpenSearch_2.19"),
        ("OpenSearch_2.19", "OpenSearch_3.5"),
        ("OpenSearch_3.1", "OpenSearch_3.3"),
        ("OpenSearch_3.3", "OpenSearch_3.3"),
    ],
)
def test_an_upgrade_along_a_path_is_accepted(old: str, new: str) -> None:
    assert errors({"engine_version": old}, {"engine_version": new}) == []


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("OpenSearch_2.17", "OpenSearch_3.3", "OpenSearch_2.19 first, then OpenSearch_3.3"),
        ("OpenSearch_1.3", "OpenSearch_3.3", "OpenSearch_2.19 first, then OpenSearch_3.3"),
        ("OpenSearch_1.1", "OpenSearch_2.19", "OpenSearch_1.3 first, then OpenSearch_2.19"),
        ("Elasticsearch_7.10", "OpenSearch_2.19", "OpenSearch_1.3 first, then OpenSearch_2.19"),
        ("Elasticsearch_6.5", "Elasticsearch_7.10", "Elasticsearch_6.8 first, then Elasticsearch_7.10"),
        ("Elasticsearch_2.3", "Elasticsearch_5.6", "a new domain, filled from a snapshot or by reindexing"),
    ],
)
def test_an_unsupported_upgrade_names_the_steps(old: str, new: str, allowed: str) -> None:
    (finding,) = domain_changes.check({"engine_version": old}, {"engine_version": new})
    assert (finding.path, finding.severity, finding.allowed) == ("engine_version", "error", allowed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("OpenSearch_2.19", "OpenSearch_2.17"),
        ("OpenSearch_1.0", "Elasticsearch_7.10"),
        ("OpenSearch_3.1", "OpenSearch_2.19"),
    ],
)
def test_a_downgrade_is_refused(old: str, new: str) -> None:
    (finding,) = domain_changes.check({"engine_version": old}, {"engine_version": new})
    assert "is a downgrade" in finding.message


def test_every_version_except_the_oldest_can_be_upgraded_to_the_last() -> None:
    last = parse("OpenSearch_3.5")
    assert last is not None
    stuck = [str(engine) for engine in VERSIONS if engine != last and upgrade_steps(engine, last) is None]
    assert stuck == ["Elasticsearch_1.5", "Elasticsearch_2.3"]


def test_no_upgrade_path_is_a_downgrade() -> None:
    assert [
        (old, new) for old in VERSIONS for new in VERSIONS if is_downgrade(old, new) and upgrade_steps(old, new)
    ] == []


def typed(instance_type: str, engine: str = "OpenSearch_2.15") -> dict[str, object]:
    return {"engine_version": engine, "cluster_config": {"instance_type": instance_type}}


@pytest.mark.parametrize(
    ("before", "after", "refused"),
    [
        (typed("or1.large.search"), typed("r7g.large.search"), True),
        (typed("or1.large.search"), typed("or2.large.search"), False),
        (typed("r7g.large.search"), typed("or1.large.search"), False),
        (typed("r7g.large.search", "OpenSearch_2.13"), typed("or1.large.search", "OpenSearch_2.13"), True),
    ],
)
def test_a_change_to_or_from_optimized_types_is_checked(
    before: dict[str, object], after: dict[str, object], *, refused: bool
) -> None:
    assert errors(before, after) == (["cluster_config.instance_type"] if refused else [])


VERSION_OVERRIDE = "override_main_response_version"


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ({VERSION_OVERRIDE: "true"}, {VERSION_OVERRIDE: "false"}, True),
        ({VERSION_OVERRIDE: "true"}, {VERSION_OVERRIDE: "true", "indices.fielddata.cache.size": "20"}, True),
        ({VERSION_OVERRIDE: "true"}, {VERSION_OVERRIDE: "true"}, False),
        ({VERSION_OVERRIDE: "true"}, {}, False),
        ({VERSION_OVERRIDE: UNKNOWN}, {VERSION_OVERRIDE: "true"}, False),
    ],
)
def test_an_update_cannot_change_the_version_override(
    old: dict[str, object], new: dict[str, object], *, refused: bool
) -> None:
    found = errors({"advanced_options": old}, {"advanced_options": new})
    assert found == ([f"advanced_options.{VERSION_OVERRIDE}"] if refused else [])
