"""Features and instance types of each engine version, and findings about the version itself."""

from __future__ import annotations

import pytest

from constructs_lib.rules import domain
from tests.rules.cases import DOMAIN, SMALL, changed
from tests.rules.domain_arguments import CLUSTER, STANDBY, TYPE

SECURITY = "advanced_security_options.enabled"


@pytest.mark.parametrize(
    ("given", "guess"),
    [
        ("2.19", "OpenSearch_2.19"),
        ("7.10", "Elasticsearch_7.10"),
        ("OpenSearch 2.19", "OpenSearch_2.19"),
        ("opensearch_3.3", "OpenSearch_3.3"),
    ],
)
def test_a_version_without_its_engine_gets_a_suggestion(given: str, guess: str) -> None:
    found = domain.check(changed(DOMAIN, ("engine_version", given)))
    assert any(f"did you mean {guess}?" in finding.message for finding in found)


FLOORS = [
    ("Elasticsearch_2.3", "Elasticsearch_5.1", "encrypt_at_rest.enabled"),
    ("Elasticsearch_5.6", "Elasticsearch_6.0", "node_to_node_encryption.enabled"),
    ("Elasticsearch_6.5", "Elasticsearch_6.7", SECURITY),
    ("Elasticsearch_6.7", "Elasticsearch_6.8", "cluster_config.warm_enabled"),
    ("Elasticsearch_7.8", "Elasticsearch_7.9", "cluster_config.cold_storage_options.enabled"),
    ("OpenSearch_1.2", "OpenSearch_1.3", STANDBY),
    ("Elasticsearch_7.10", "OpenSearch_1.3", STANDBY),
    ("OpenSearch_2.17", "OpenSearch_2.19", "aiml_options.s3_vectors_engine.enabled"),
    ("OpenSearch_2.9", "OpenSearch_2.11", "advanced_security_options.jwt_options.enabled"),
]


@pytest.mark.parametrize(("below", "floor", "path"), FLOORS)
def test_a_feature_needs_its_first_version(below: str, floor: str, path: str) -> None:
    def refused(version: str) -> bool:
        found = domain.check(changed({"engine_version": version}, (path, True)))
        return any(item.path == path and "lacks" in item.message for item in found)

    assert (refused(below), refused(floor)) == (True, False)


@pytest.mark.parametrize(
    ("instance_type", "below", "floor"),
    [
        ("m5.large.search", "Elasticsearch_2.3", "Elasticsearch_5.1"),
        ("t3.small.search", "Elasticsearch_5.5", "Elasticsearch_5.6"),
        ("m6g.large.search", "Elasticsearch_7.8", "Elasticsearch_7.9"),
        ("or1.large.search", "OpenSearch_2.9", "OpenSearch_2.11"),
    ],
)
def test_an_instance_family_needs_its_first_version(instance_type: str, below: str, floor: str) -> None:
    def refused(version: str) -> bool:
        found = domain.check({"engine_version": version, CLUSTER: {"instance_type": instance_type}})
        return any(item.path == TYPE and item.severity == "error" for item in found)

    assert (refused(below), refused(floor)) == (True, False)


def test_a_support_window_names_both_dates() -> None:
    (finding,) = domain.check(changed(SMALL, ("engine_version", "Elasticsearch_7.1"), ("auto_tune_options", None)))
    assert "2025-11-07" in finding.message
    assert "2027-11-07" in finding.message
