"""From a plan's JSON to findings: unknown values, absent ones, references."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.plans.judge import judge
from constructs_lib.plans.references import Configuration
from tests.rules.cases import SMALL, changed

DOMAIN = "aws_opensearch_domain"
DELIVERY = "aws_kinesis_firehose_delivery_stream"


def change(address: str, after: Any, unknown: Any = None, **more: Any) -> dict[str, Any]:
    type_ = address.split(".")[-2]
    details = {"actions": ["create"], "before": None, "after": after, "after_unknown": unknown or {}, **more}
    return {"address": address, "mode": "managed", "type": type_, "change": details}


def written(address: str, **expressions: Any) -> dict[str, Any]:
    return {
        "address": address,
        "mode": "managed",
        "type": address.split(".", maxsplit=1)[0],
        "expressions": expressions,
    }


def document(*changes: dict[str, Any], root: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"format_version": "1.2", "resource_changes": list(changes), "configuration": {"root_module": root or {}}}


def paths(found: dict[str, Any]) -> list[str]:
    return [f"{address}.{finding.path}" for address, finding in judge(found)]


CONTROL = {"enabled": True, "master_user_options": [{"master_user_arn": "arn:aws:iam::123456789012:role/m"}]}
FINE_GRAINED = {"domain_name": "events", "advanced_security_options": [CONTROL]}
UNWRITTEN = {"encrypt_at_rest": True, "node_to_node_encryption": True, "domain_endpoint_options": True}


def test_an_unknown_argument_is_not_guessed_at() -> None:
    assert paths(document(change(f"{DOMAIN}.a", FINE_GRAINED, UNWRITTEN))) == []


def test_an_argument_that_the_configuration_leaves_out_is_absent() -> None:
    root = {"resources": [written(f"{DOMAIN}.a", advanced_security_options=[{}])]}
    assert paths(document(change(f"{DOMAIN}.a", FINE_GRAINED, UNWRITTEN), root=root)) == [
        f"{DOMAIN}.a.domain_endpoint_options.enforce_https",
        f"{DOMAIN}.a.encrypt_at_rest.enabled",
        f"{DOMAIN}.a.node_to_node_encryption.enabled",
    ]


def test_an_argument_that_is_written_and_unknown_is_not_guessed_at() -> None:
    expressions = {name: [{"enabled": {"references": ["data.x.y"]}}] for name in UNWRITTEN}
    root = {"resources": [written(f"{DOMAIN}.a", **expressions)]}
    assert paths(document(change(f"{DOMAIN}.a", FINE_GRAINED, UNWRITTEN), root=root)) == []


def test_an_existing_domain_keeps_what_the_plan_does_not_know() -> None:
    root = {"resources": [written(f"{DOMAIN}.a")]}
    assert paths(document(change(f"{DOMAIN}.a", FINE_GRAINED, UNWRITTEN, before=FINE_GRAINED), root=root)) == []


@pytest.mark.parametrize("more", [{"mode": "data"}, {"deposed": "1234"}])
def test_data_sources_and_deposed_objects_are_left_alone(more: dict[str, Any]) -> None:
    assert paths(document(change("aws_kinesis_stream.a", {"name": "a"}) | more)) == []


def test_items_of_lists_are_known_one_by_one() -> None:
    after = SMALL | {"log_publishing_options": [{"log_type": "AUDIT_LOGS"}, {"log_type": "INDEX_SLOW_LOGS"}]}
    unknown = {"log_publishing_options": [{"enabled": True}, {"cloudwatch_log_group_arn": True}]}
    assert paths(document(change(f"{DOMAIN}.a", after, unknown))) == []
    assert paths(document(change(f"{DOMAIN}.a", after))) == [f"{DOMAIN}.a.log_publishing_options[0].log_type"]


def test_sensitive_values_are_not_repeated() -> None:
    found = judge(
        document(change("aws_kinesis_stream.a", {"name": "a b", "shard_count": 1}, after_sensitive={"name": True}))
    )
    assert [finding.given for _, finding in found] == ["(sensitive)"]


def test_an_older_domain_speaks_its_own_names() -> None:
    after = {
        "domain_name": "events",
        "elasticsearch_version": "7.2",
        "cluster_config": [{"instance_type": "m5.larg.elasticsearch", "dedicated_master_type": "m5.large.search"}],
    }
    found = judge(document(change("aws_elasticsearch_domain.a", after)))
    by_path = {finding.path: finding for _, finding in found if finding.severity == "error"}
    assert by_path["elasticsearch_version"].given == "7.2"
    assert by_path["cluster_config.dedicated_master_type"].allowed == "m5.large.elasticsearch"
    known = next(finding for _, finding in found if finding.path == "cluster_config.instance_type")
    assert "m5.large.elasticsearch" in known.allowed


def delivering(arn: dict[str, Any]) -> dict[str, Any]:
    return written(f"{DELIVERY}.f", opensearch_configuration=[{"domain_arn": arn}])


VPC = changed(SMALL, ("vpc_options", [{"subnet_ids": ["a"]}]))
TO_DOMAIN = {"destination": "opensearch", "opensearch_configuration": [{"index_name": "events", "vpc_config": []}]}
ARN = {"opensearch_configuration": [{"domain_arn": True}]}
MISSING = f"{DELIVERY}.f.opensearch_configuration.vpc_config"


@pytest.mark.parametrize(
    ("domains", "references", "paired"),
    [
        (["this"], ["this.arn", "this"], True),
        (["this[0]"], ["this[0].arn", "this[0]", "this"], True),
        (["this[0]"], ["this.arn", "this"], True),
        (["this[0]", "this[1]"], ["this[1].arn", "this[1]", "this"], True),
        (["this[0]", "this[1]"], ["this.arn", "this"], False),
        (["this", "other"], ["this.arn", "this", "other.arn", "other"], False),
        (["other"], ["this.arn", "this"], False),
    ],
)
def test_a_reference_pairs_where_it_is_certain(domains: list[str], references: list[str], paired: bool) -> None:
    root = {"resources": [delivering({"references": [f"{DOMAIN}.{name}" for name in references]})]}
    changes = [change(f"{DOMAIN}.{name}", VPC) for name in domains]
    found = paths(document(*changes, change(f"{DELIVERY}.f", TO_DOMAIN, ARN), root=root))
    assert (MISSING in found) is paired


def test_a_reference_is_followed_out_of_and_into_modules() -> None:
    search = {
        "resources": [written(f"{DOMAIN}.this")],
        "outputs": {"arn": {"expression": {"references": [f"{DOMAIN}.this.arn", f"{DOMAIN}.this"]}}},
    }
    feed = {"resources": [delivering({"references": ["var.domain_arn"]})]}
    root = {
        "module_calls": {
            "search": {"module": search},
            "feed": {
                "module": feed,
                "expressions": {"domain_arn": {"references": ["module.search.arn", "module.search"]}},
            },
        }
    }
    changes = [
        change(f"module.search.{DOMAIN}.this", VPC),
        change(f"module.feed.{DELIVERY}.f", TO_DOMAIN, ARN),
    ]
    assert f"module.feed.{MISSING}" in paths(document(*changes, root=root))


def test_a_reference_in_a_circle_ends() -> None:
    call = {"module": {"outputs": {"arn": {"expression": {"references": ["var.arn"]}}}}}
    root = {"module_calls": {"m": call | {"expressions": {"arn": {"references": ["module.m.arn"]}}}}}
    root["resources"] = [delivering({"references": ["module.m.arn"]})]  # type: ignore[assignment]
    configuration = Configuration(document(change(f"module.m.{DOMAIN}.a", VPC), root=root))
    assert configuration.referred(f"{DELIVERY}.f", ("opensearch_configuration", "domain_arn"), (DOMAIN,)) is None


@pytest.mark.parametrize("odd", [[None], {"a": 1}, [[]]])
def test_a_value_of_another_type_is_no_obstacle(odd: Any) -> None:
    changes = [change(f"{DOMAIN}.{name}", VPC | {"encrypt_at_rest": [{"enabled": odd}]}) for name in "ab"]
    stream = change(
        "aws_kinesis_stream.s", {"name": odd, "shard_count": odd, "encryption_type": odd, "kms_key_id": "k"}
    )
    assert isinstance(judge(document(*changes, stream)), list)


@pytest.mark.parametrize("huge", [10**400, -(10**400), 1e308, float("inf"), float("nan")])
def test_a_number_beyond_all_bounds_is_refused(huge: float) -> None:
    arguments = {"name": "s", "shard_count": 1, "retention_period": huge}
    assert paths(document(change("aws_kinesis_stream.s", arguments))) == ["aws_kinesis_stream.s.retention_period"]


@pytest.mark.parametrize("huge", [10**400, 1e308, float("nan")])
def test_a_number_beyond_all_bounds_is_no_obstacle(huge: float) -> None:
    disks = {"ebs_enabled": True, "volume_type": "gp3", "volume_size": huge, "iops": huge, "throughput": huge}
    nodes = {"instance_type": "r7g.large.search", "instance_count": huge, "dedicated_master_count": huge}
    arguments = {"domain_name": "s", "ebs_options": disks, "cluster_config": nodes}
    assert isinstance(judge(document(change(f"{DOMAIN}.a", arguments))), list)
