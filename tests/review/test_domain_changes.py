"""Each line of AWS's lists of changes that start a blue/green deployment or do not."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from constructs_lib.plans.differences import differences
from constructs_lib.review.domain_changes import BLUE_GREEN, IN_PLACE, MOVES_DATA, PAGE, REFUSED, Verdict, verdicts
from tests.plans.made import change_of

DOMAIN: dict[str, Any] = {
    "engine_version": "OpenSearch_2.19",
    "access_policies": '{"Statement": []}',
    "tags": {"team": "search"},
    "advanced_options": {"indices.query.bool.max_clause_count": "1024"},
    "advanced_security_options": [{"enabled": False}],
    "auto_tune_options": [{"desired_state": "ENABLED", "rollback_on_disable": "NO_ROLLBACK"}],
    "cluster_config": [
        {
            "instance_type": "m7g.large.search",
            "instance_count": 3,
            "dedicated_master_enabled": True,
            "dedicated_master_count": 3,
            "dedicated_master_type": "m7g.large.search",
            "zone_awareness_enabled": True,
            "warm_enabled": True,
            "warm_count": 2,
            "warm_type": "ultrawarm1.medium.search",
            "cold_storage_options": [{"enabled": False}],
            "node_options": [],
        }
    ],
    "cognito_options": [{"enabled": False}],
    "domain_endpoint_options": [
        {"enforce_https": False, "tls_security_policy": "Policy-Min-TLS-1-0-2019-07", "custom_endpoint_enabled": False}
    ],
    "ebs_options": [{"ebs_enabled": True, "volume_type": "gp3", "volume_size": 100, "iops": 3000, "throughput": 125}],
    "encrypt_at_rest": [{"enabled": False}],
    "node_to_node_encryption": [{"enabled": False}],
    "log_publishing_options": [{"log_type": "ES_APPLICATION_LOGS", "enabled": True}],
    "off_peak_window_options": [{"enabled": True}],
    "snapshot_options": [{"automated_snapshot_start_hour": 1}],
    "software_update_options": [{"auto_software_update_enabled": False}],
    "vpc_options": [{"subnet_ids": ["subnet-a"], "security_group_ids": ["sg-a"]}],
    "identity_center_options": [{"enabled_api_access": False}],
}


def domain(*edits: tuple[str, Any]) -> dict[str, Any]:
    values = copy.deepcopy(DOMAIN)
    for path, value in edits:
        *above, last = path.split(".")
        place: Any = values
        for part in above:
            place = place[part]
            place = place[0] if isinstance(place, list) else place
        place[last] = value
    return values


def judged(after: dict[str, Any], before: dict[str, Any] = DOMAIN) -> list[Verdict]:
    return verdicts(before, after, differences(change_of(before, after)))


FIRST_LIST = [
    ("cluster_config.instance_type", "r7g.large.search", "changing the instance type"),
    ("cluster_config.warm_type", "ultrawarm1.large.search", "changing the instance type"),
    ("advanced_security_options.enabled", True, "enabling fine-grained access control"),
    ("cluster_config.dedicated_master_enabled", False, "enabling or disabling dedicated master nodes"),
    ("cluster_config.zone_awareness_enabled", False, "enabling or disabling Multi-AZ without Standby"),
    ("ebs_options.ebs_enabled", False, "changing the storage type"),
    ("ebs_options.volume_size", 99, "decreasing the EBS volume size"),
    ("ebs_options.volume_size", 3073, "changing a volume of more than 3 TiB a data node"),
    ("vpc_options.subnet_ids", ["subnet-b"], "choosing different VPC subnets"),
    ("vpc_options.security_group_ids", ["sg-a", "sg-b"], "adding or removing VPC security groups"),
    ("cluster_config.node_options", [{"node_type": "coordinator"}], "adding or removing dedicated coordinator nodes"),
    ("cognito_options.enabled", True, "Amazon Cognito authentication"),
    ("advanced_options", {"indices.query.bool.max_clause_count": "2048"}, "modifying advanced settings"),
    ("engine_version", "OpenSearch_3.1", "upgrading to a new version"),
    ("encrypt_at_rest.enabled", True, "enabling encryption of data at rest or node-to-node encryption"),
    ("node_to_node_encryption.enabled", True, "enabling encryption of data at rest or node-to-node encryption"),
    ("cluster_config.warm_enabled", False, "enabling or disabling UltraWarm or cold storage"),
    ("cluster_config.cold_storage_options", [{"enabled": True}], "enabling or disabling UltraWarm or cold storage"),
    (
        "auto_tune_options",
        [{"desired_state": "DISABLED", "rollback_on_disable": "DEFAULT_ROLLBACK"}],
        "disabling Auto-Tune and rolling back its changes",
    ),
    (
        "log_publishing_options",
        [{"log_type": "ES_APPLICATION_LOGS", "enabled": True}, {"log_type": "AUDIT_LOGS", "enabled": True}],
        "enabling the publication of audit logs to CloudWatch",
    ),
    (
        "identity_center_options.enabled_api_access",
        True,
        "AWS's lists do not name identity_center_options.enabled_api_access",
    ),
]
SECOND_LIST = [
    ("access_policies", '{"Statement": [1]}', "modifying the access policy"),
    ("domain_endpoint_options.custom_endpoint_enabled", True, "modifying the custom endpoint"),
    ("domain_endpoint_options.tls_security_policy", "Policy-Min-TLS-1-2-PFS-2023-10", "changing the TLS policy"),
    ("domain_endpoint_options.enforce_https", True, "enabling or disabling Require HTTPS"),
    ("snapshot_options.automated_snapshot_start_hour", 3, "changing the automated snapshot hour"),
    ("auto_tune_options.desired_state", "DISABLED", "enabling Auto-Tune, or disabling it without rolling back"),
    ("cluster_config.instance_count", 6, "of a domain with dedicated master nodes"),
    ("cluster_config.warm_count", 3, "of a domain with dedicated master nodes"),
    (
        "cluster_config.dedicated_master_type",
        "m7g.xlarge.search",
        "changing the type or count of dedicated master nodes",
    ),
    ("cluster_config.dedicated_master_count", 5, "changing the type or count of dedicated master nodes"),
    (
        "log_publishing_options",
        [{"log_type": "SEARCH_SLOW_LOGS", "enabled": True}],
        "publication of error logs or slow logs",
    ),
    ("ebs_options.volume_size", 101, "changing the volume up to 3 TiB"),
    ("ebs_options.volume_size", 3072, "changing the volume up to 3 TiB"),
    ("ebs_options.volume_type", "gp2", "changing the volume up to 3 TiB"),
    ("ebs_options.iops", 4000, "changing the volume up to 3 TiB"),
    ("ebs_options.throughput", 250, "changing the volume up to 3 TiB"),
    ("tags.team", "insight", "adding or removing tags"),
    ("off_peak_window_options.enabled", False, "changing when AWS may update the domain"),
    ("software_update_options.auto_software_update_enabled", True, "changing when AWS may update the domain"),
]


@pytest.mark.parametrize(("path", "value", "line"), FIRST_LIST)
def test_a_change_of_the_first_list_is_blue_green(path: str, value: object, line: str) -> None:
    found = judged(domain((path, value)))
    assert any(verdict.kind == BLUE_GREEN and line in verdict.text for verdict in found), found


@pytest.mark.parametrize(("path", "value", "line"), SECOND_LIST)
def test_a_change_of_the_second_list_is_in_place(path: str, value: object, line: str) -> None:
    (found,) = judged(domain((path, value)))
    assert found.kind == IN_PLACE
    assert line in found.text


def test_the_page_is_named() -> None:
    (found,) = judged(domain(("engine_version", "OpenSearch_3.1")))
    assert found.source == PAGE


def test_the_trigger_is_named_with_both_values() -> None:
    (found,) = judged(domain(("engine_version", "OpenSearch_3.1")))
    assert found.trigger == "engine_version: OpenSearch_2.19 -> OpenSearch_3.1"


def test_more_data_nodes_without_dedicated_masters_are_blue_green() -> None:
    without = domain(("cluster_config.dedicated_master_enabled", False))
    more = copy.deepcopy(without)
    more["cluster_config"][0]["instance_count"] = 6
    assert [verdict.kind for verdict in judged(more, without)] == [BLUE_GREEN]


def test_a_third_master_on_two_in_several_zones_is_blue_green() -> None:
    two = domain(("cluster_config.dedicated_master_count", 2))
    assert [verdict.kind for verdict in judged(DOMAIN, two)] == [BLUE_GREEN]


def test_audit_logs_turned_off_are_in_place() -> None:
    audited = domain(("log_publishing_options", [{"log_type": "AUDIT_LOGS", "enabled": True}]))
    assert [verdict.kind for verdict in judged(domain(("log_publishing_options", [])), audited)] == [IN_PLACE]


def test_a_default_written_by_a_newer_provider_has_no_effect() -> None:
    assert judged(domain(("cluster_config.multi_az_with_standby_enabled", False))) == []


def test_several_settings_of_one_line_are_one_finding() -> None:
    (found,) = judged(domain(("ebs_options.iops", 4000), ("ebs_options.throughput", 250)))
    assert found.trigger == "ebs_options.iops: 3000 -> 4000; ebs_options.throughput: 125 -> 250"


def test_fewer_data_nodes_report_the_remaining_space() -> None:
    six = domain(("cluster_config.instance_count", 6))
    (found,) = judged(DOMAIN, six)
    assert found.kind == MOVES_DATA
    assert "300 GiB of volumes, about 103 GiB of source data with one replica" in found.text


def test_fewer_data_nodes_of_unknown_volume_warn_that_all_data_must_fit() -> None:
    edits = (("ebs_options.ebs_enabled", False),)
    (found,) = judged(domain(*edits), domain(("cluster_config.instance_count", 4), *edits))
    assert "must fit on the remaining 3" in found.text


def test_a_smaller_volume_reports_the_remaining_space() -> None:
    (found,) = judged(domain(("ebs_options.volume_size", 50)))
    assert "150 GiB of volumes" in found.text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("OpenSearch_2.19", "OpenSearch_2.17"),
        ("OpenSearch_3.1", "OpenSearch_2.19"),
        ("OpenSearch_2.11", "OpenSearch_2.9"),
        ("OpenSearch_1.0", "Elasticsearch_7.10"),
    ],
)
def test_a_downgrade_is_not_an_upgrade(old: str, new: str) -> None:
    (found,) = judged(domain(("engine_version", new)), domain(("engine_version", old)))
    assert found.kind == REFUSED
    assert "downgrading" in found.text


@pytest.mark.parametrize(
    ("old", "new"), [("OpenSearch_2.9", "OpenSearch_2.11"), ("Elasticsearch_7.10", "OpenSearch_1.0")]
)
def test_an_upgrade_is_blue_green(old: str, new: str) -> None:
    (found,) = judged(domain(("engine_version", new)), domain(("engine_version", old)))
    assert (found.kind, "upgrading" in found.text) == (BLUE_GREEN, True)


@pytest.mark.parametrize(
    "option", ["aiml_options.natural_language_query_generation_options", "identity_center_options.enabled_api_access"]
)
def test_an_option_of_a_newer_provider_is_named(option: str) -> None:
    top, inner = option.split(".")
    (found,) = judged(DOMAIN | {top: [{inner: True}]}, DOMAIN | {top: []})
    assert option in found.text
