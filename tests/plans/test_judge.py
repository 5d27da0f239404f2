"""From a plan's JSON to findings: unknown values, absent ones, references."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.plans.judge import judge
from constructs_lib.plans.references import Configuration
from constructs_lib.rules import domain, stream
from tests.plans.made import plan_of
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
    return [f"{address}.{finding.path}" for address, finding in judge(plan_of(found))]


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


def test_a_configured_unknown_argument_is_not_guessed_at() -> None:
    expressions = {name: [{"enabled": {"references": ["data.x.y"]}}] for name in UNWRITTEN}
    root = {"resources": [written(f"{DOMAIN}.a", **expressions)]}
    assert paths(document(change(f"{DOMAIN}.a", FINE_GRAINED, UNWRITTEN), root=root)) == []


def test_an_existing_domain_keeps_what_the_plan_does_not_know() -> None:
    root = {"resources": [written(f"{DOMAIN}.a")]}
    existing_domain = change(f"{DOMAIN}.a", FINE_GRAINED, UNWRITTEN, before=FINE_GRAINED, actions=["update"])
    assert paths(document(existing_domain, root=root)) == []


@pytest.mark.parametrize("more", [{"mode": "data"}, {"deposed": "1234"}])
def test_data_sources_and_deposed_objects_are_ignored(more: dict[str, Any]) -> None:
    assert paths(document(change("aws_kinesis_stream.a", {"name": "a"}) | more)) == []


def test_items_of_a_list_can_be_unknown_separately() -> None:
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:search"
    logs = [{"log_type": kind, "cloudwatch_log_group_arn": group} for kind in ("AUDIT_LOGS", "INDEX_SLOW_LOGS")]
    after = SMALL | {"log_publishing_options": logs}
    unknown = {"log_publishing_options": [{"enabled": True}, {"cloudwatch_log_group_arn": True}]}
    assert paths(document(change(f"{DOMAIN}.a", after, unknown))) == []
    assert paths(document(change(f"{DOMAIN}.a", after))) == [f"{DOMAIN}.a.log_publishing_options[0].log_type"]


def test_sensitive_values_are_not_repeated() -> None:
    found = judge(
        plan_of(
            document(change("aws_kinesis_stream.a", {"name": "a b", "shard_count": 1}, after_sensitive={"name": True}))
        )
    )
    assert [finding.given for _, finding in found] == ["(sensitive)"]


def test_an_elasticsearch_domain_uses_its_own_argument_names() -> None:
    after = {
        "domain_name": "events",
        "elasticsearch_version": "7.2",
        "cluster_config": [{"instance_type": "m5.larg.elasticsearch", "dedicated_master_type": "m5.large.search"}],
    }
    found = judge(plan_of(document(change("aws_elasticsearch_domain.a", after))))
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
def test_resources_are_paired_only_by_certain_references(
    domains: list[str], references: list[str], paired: bool
) -> None:
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


def test_a_circular_reference_ends() -> None:
    call = {"module": {"outputs": {"arn": {"expression": {"references": ["var.arn"]}}}}}
    root = {"module_calls": {"m": call | {"expressions": {"arn": {"references": ["module.m.arn"]}}}}}
    root["resources"] = [delivering({"references": ["module.m.arn"]})]  # type: ignore[assignment]
    configuration = Configuration(plan_of(document(change(f"module.m.{DOMAIN}.a", VPC), root=root)))
    assert configuration.referred(f"{DELIVERY}.f", ("opensearch_configuration", "domain_arn"), (DOMAIN,)) is None


@pytest.mark.parametrize("odd", [[None], {"a": 1}, [[]]])
def test_a_value_of_another_type_raises_no_error(odd: Any) -> None:
    changes = [change(f"{DOMAIN}.{name}", VPC | {"encrypt_at_rest": [{"enabled": odd}]}) for name in "ab"]
    other = change("aws_kinesis_stream.s", {"name": odd, "shard_count": odd, "encryption_type": odd, "kms_key_id": "k"})
    assert isinstance(judge(plan_of(document(*changes, other))), list)


@pytest.mark.parametrize("huge", [10**15, 10**400, -(10**400), 1e308, float("inf"), float("nan")])
def test_a_huge_number_is_refused(huge: float) -> None:
    arguments = {"name": "s", "shard_count": 1, "retention_period": huge}
    assert [finding.path for finding in stream.check(arguments)] == ["retention_period"]


@pytest.mark.parametrize("huge", [10**15, 10**400, 1e308, float("nan")])
def test_a_huge_number_raises_no_error(huge: float) -> None:
    disks = {"ebs_enabled": True, "volume_type": "gp3", "volume_size": huge, "iops": huge, "throughput": huge}
    nodes = {"instance_type": "r7g.large.search", "instance_count": huge, "dedicated_master_count": huge}
    assert isinstance(domain.check({"domain_name": "s", "ebs_options": disks, "cluster_config": nodes}), list)


# What exists: judged is what the configuration writes or the plan changes.

SOURCE = [
    {"kinesis_stream_arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/s", "role_arn": "arn:aws:iam::1:role/r"}
]
READ_BACK = {
    **TO_DOMAIN,
    "kinesis_source_configuration": SOURCE,
    "server_side_encryption": [{"enabled": False, "key_arn": None, "key_type": "AWS_OWNED_CMK"}],
}
ENCRYPTION = f"{DELIVERY}.f.server_side_encryption"


def existing(address: str, before: Any, after: Any, *, action: str = "update", **expressions: Any) -> dict[str, Any]:
    item = change(address, after, before=before, actions=[action])
    return document(item, root={"resources": [written(address, **expressions)]})


def test_defaults_of_aws_are_not_checked() -> None:
    plan = existing(f"{DELIVERY}.f", READ_BACK, READ_BACK, action="no-op", destination={"constant_value": "opensearch"})
    assert ENCRYPTION not in paths(plan)


def test_defaults_of_aws_are_not_checked_if_another_argument_changes() -> None:
    plan = existing(f"{DELIVERY}.f", READ_BACK, READ_BACK | {"tags": {"a": "b"}}, tags={"constant_value": {"a": "b"}})
    assert ENCRYPTION not in paths(plan)


def test_configured_arguments_of_existing_resources_are_checked() -> None:
    said = {
        "server_side_encryption": [{"enabled": {"constant_value": False}}],
        "kinesis_source_configuration": [{"kinesis_stream_arn": {}, "role_arn": {}}],
        "destination": {"constant_value": "opensearch"},
    }
    assert ENCRYPTION in paths(existing(f"{DELIVERY}.f", READ_BACK, READ_BACK, action="no-op", **said))


def test_changed_arguments_are_checked_even_if_not_configured() -> None:
    before = READ_BACK | {"server_side_encryption": []}
    assert ENCRYPTION in paths(existing(f"{DELIVERY}.f", before, READ_BACK))


def test_a_disk_of_another_type_ignores_unset_numbers() -> None:
    cluster = {"cluster_config": [{"instance_type": "m5.large.search", "instance_count": 3}]}
    disk = {"ebs_enabled": True, "volume_size": 100, "iops": 3000, "throughput": 125}
    before = SMALL | cluster | {"ebs_options": [disk | {"volume_type": "gp3"}]}
    after = SMALL | cluster | {"ebs_options": [disk | {"volume_type": "gp2"}]}
    said = {name: {"constant_value": disk[name]} for name in ("ebs_enabled", "volume_size")}
    plan = existing(f"{DOMAIN}.a", before, after, ebs_options=[said | {"volume_type": {"constant_value": "gp2"}}])
    assert [path for path in paths(plan) if "ebs_options" in path] == []


def test_a_change_is_checked_against_defaults_of_aws() -> None:
    """Encryption that is off because nobody asked for it stands in the way of fine-grained access control."""
    off = {"encrypt_at_rest": [{"enabled": False}], "node_to_node_encryption": [{"enabled": False}]}
    before = FINE_GRAINED | off | {"advanced_security_options": [{"enabled": False}]}
    control = [{"enabled": {"constant_value": True}, "master_user_options": [{"master_user_arn": {}}]}]
    found = paths(existing(f"{DOMAIN}.a", before, FINE_GRAINED | off, advanced_security_options=control))
    assert f"{DOMAIN}.a.encrypt_at_rest.enabled" in found


def test_a_plan_without_a_configuration_is_checked_by_its_changes() -> None:
    item = change("aws_kinesis_stream.a", {"name": "a", "shard_count": 9}, before={"name": "a", "shard_count": 2})
    item["change"]["actions"] = ["update"]
    assert paths(document(item)) == ["aws_kinesis_stream.a.shard_count"]


# What is wholly unknown, and what stands beside its domain.


@pytest.mark.parametrize("type_", ["aws_opensearch_domain", "aws_elasticsearch_domain", "aws_kinesis_stream", DELIVERY])
def test_a_completely_unknown_resource_is_not_guessed_at(type_: str) -> None:
    assert paths(document(change(f"{type_}.a", {"name": "a"}) | {"change": {**UNKNOWN_WHOLE}})) == []


UNKNOWN_WHOLE = {"actions": ["create"], "before": None, "after": {"name": "a b"}, "after_unknown": True}
OPEN = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*"}]})


@pytest.mark.parametrize(
    ("domain_type", "policy_type"),
    [
        ("aws_opensearch_domain", "aws_opensearch_domain_policy"),
        ("aws_elasticsearch_domain", "aws_elasticsearch_domain_policy"),
    ],
)
@pytest.mark.parametrize("by_reference", [True, False])
def test_a_separate_policy_is_checked_with_its_domain(domain_type: str, policy_type: str, by_reference: bool) -> None:
    policy = {"access_policies": OPEN} | ({} if by_reference else {"domain_name": "events"})
    unknown = {"domain_name": True} if by_reference else {}
    references = {"references": [f"{domain_type}.a.domain_name", f"{domain_type}.a"]} if by_reference else {}
    root = {"resources": [written(f"{domain_type}.a"), written(f"{policy_type}.p", domain_name=references)]}
    domains = change(f"{domain_type}.a", {"domain_name": "events"})
    found = paths(document(domains, change(f"{policy_type}.p", policy, unknown), root=root))
    assert f"{policy_type}.p.access_policies" in found


def test_a_separate_policy_of_a_domain_in_a_vpc_may_be_open() -> None:
    root = {"resources": [written(f"{DOMAIN}.a"), written(f"{DOMAIN}_policy.p")]}
    changes = [
        change(f"{DOMAIN}.a", VPC | {"domain_name": "events"}),
        change(f"{DOMAIN}_policy.p", {"domain_name": "events", "access_policies": OPEN}),
    ]
    assert f"{DOMAIN}_policy.p.access_policies" not in paths(document(*changes, root=root))


def test_a_policy_of_a_domain_outside_the_plan_is_checked_alone() -> None:
    found = paths(document(change(f"{DOMAIN}_policy.p", {"domain_name": "events", "access_policies": "{not json"})))
    assert found == [f"{DOMAIN}_policy.p.access_policies"]


def test_a_policy_of_an_ambiguous_domain_is_checked_alone() -> None:
    changes = [change(f"{DOMAIN}.{name}", {"domain_name": "events"}) for name in "ab"]
    policy = change(f"{DOMAIN}_policy.p", {"domain_name": "events", "access_policies": OPEN})
    assert f"{DOMAIN}_policy.p.access_policies" not in paths(document(*changes, policy))


@pytest.mark.parametrize("actions", [["update"], ["delete", "create"], ["create", "delete"]])
def test_a_downgrade_is_refused_in_place_and_by_replacement(actions: list[str]) -> None:
    before, after = (FINE_GRAINED | {"engine_version": version} for version in ("OpenSearch_3.1", "OpenSearch_2.19"))
    found = judge(plan_of(document(change(f"{DOMAIN}.a", after, before=before, actions=actions))))
    said = [finding.message for _, finding in found if finding.path == "engine_version"]
    assert any("is a downgrade from OpenSearch_3.1" in message for message in said)


def test_a_key_of_another_region_than_the_providers_is_refused() -> None:
    key = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"
    after = SMALL | {"encrypt_at_rest": [{"enabled": True, "kms_key_id": key}]}
    provider = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}}
    plan = document(change(f"{DOMAIN}.a", after))
    assert paths(plan) == []
    placed = plan | {"configuration": {**plan.get("configuration", {}), "provider_config": provider}}
    assert paths(placed) == [f"{DOMAIN}.a.encrypt_at_rest.kms_key_id"]
