"""Configurations that AWS is known to accept have no error, and changes that it is known to refuse all have one.

The shapes are those of the provider's acceptance tests, which run against AWS, and of the examples of public modules
(terraform-aws-modules, Cloud Posse). All of them are planned by real Terraform, in one run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from constructs_lib.plans.document import Plan
from constructs_lib.plans.judge import judge
from constructs_lib.plans.terraform import Terraform
from constructs_lib.rules.finding import Finding
from tests.plans.made import plan_of
from tests.rules.cases import changed

pytestmark = pytest.mark.terraform

ACCOUNT = "111122223333"
DISK = {"ebs_enabled": True, "volume_size": 10}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/search"
KEY = "0a1b2c3d-0000-4000-8000-000000000000"
LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:search"
HTTPS = {"enforce_https": True, "tls_security_policy": "Policy-Min-TLS-1-2-2019-07"}
ON = {"enabled": True}
ENCRYPTED = {"encrypt_at_rest": ON, "node_to_node_encryption": ON, "domain_endpoint_options": HTTPS}
BY_PASSWORD = {
    "enabled": True,
    "internal_user_database_enabled": True,
    "master_user_options": {"master_user_name": "kestrel", "master_user_password": "Kestrel-1-hover"},
}
BY_USER = {
    "enabled": True,
    "internal_user_database_enabled": False,
    "master_user_options": {"master_user_arn": f"arn:aws:iam::{ACCOUNT}:user/kestrel"},
}
MASTERS = {"dedicated_master_enabled": True, "dedicated_master_count": 3, "dedicated_master_type": "c5.large.search"}
ZONES = {"zone_awareness_enabled": True, "zone_awareness_config": {"availability_zone_count": 3}}
TIERED = {"instance_type": "c5.large.search", "instance_count": 3, **ZONES, **MASTERS}
TWO_NODES = {"instance_type": "t2.small.search", "instance_count": 2, "zone_awareness_enabled": True}


def policy(*principals: str, resource: str = "*", **more: Any) -> str:
    who = principals[0] if len(principals) == 1 else list(principals)
    statement = {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "es:*", "Resource": resource, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def domain(**arguments: Any) -> dict[str, Any]:
    return {"ebs_options": DISK, **arguments}


DOMAINS: dict[str, dict[str, Any]] = {
    "basic": domain(),
    "dual_stack": domain(ip_address_type="dualstack"),
    "tuned_by_schedule": domain(
        engine_version="Elasticsearch_6.7",
        auto_tune_options={
            "desired_state": "ENABLED",
            "rollback_on_disable": "NO_ROLLBACK",
            "maintenance_schedule": [
                {
                    "start_at": "2099-01-31T03:00:00Z",
                    "duration": {"value": 2, "unit": "HOURS"},
                    "cron_expression_for_recurrence": "cron(0 0 ? * 1 *)",
                }
            ],
        },
    ),
    "tuned_off_peak": domain(
        engine_version="Elasticsearch_6.7",
        auto_tune_options={
            "desired_state": "ENABLED",
            "rollback_on_disable": "NO_ROLLBACK",
            "use_off_peak_window": True,
        },
    ),
    "own_disks": {
        "engine_version": "Elasticsearch_6.0",
        "cluster_config": {"instance_type": "i3.xlarge.search", "instance_count": 1},
        "ebs_options": {"ebs_enabled": False, "volume_size": 0},
    },
    "endpoint": domain(domain_endpoint_options=HTTPS),
    "custom_endpoint_off": domain(
        domain_endpoint_options={
            **HTTPS,
            "custom_endpoint_enabled": False,
            "custom_endpoint": "search.example.com",
            "custom_endpoint_certificate_arn": f"arn:aws:acm:eu-west-1:{ACCOUNT}:certificate/{KEY}",
        }
    ),
    "three_zones_of_old": domain(
        engine_version="Elasticsearch_1.5",
        cluster_config={"instance_type": "t2.small.search", "instance_count": 6, **ZONES},
    ),
    "warm": domain(
        engine_version="Elasticsearch_6.8",
        cluster_config={**TIERED, "warm_enabled": True, "warm_count": 6, "warm_type": "ultrawarm1.medium.search"},
    ),
    "warm_over_uneven_zones": domain(
        engine_version="Elasticsearch_7.9",
        cluster_config={
            **TIERED,
            "warm_enabled": True,
            "warm_count": 2,
            "warm_type": "ultrawarm1.medium.search",
            "cold_storage_options": {"enabled": True},
        },
    ),
    "small_masters": domain(
        cluster_config={
            "instance_type": "t2.small.search",
            "instance_count": 1,
            "dedicated_master_enabled": True,
            "dedicated_master_count": 3,
            "dedicated_master_type": "t2.small.search",
        }
    ),
    "masters_off_but_described": domain(
        cluster_config={**TIERED, "dedicated_master_enabled": False, "instance_type": "m6g.large.search"}
    ),
    "standby": domain(
        engine_version="OpenSearch_2.7",
        domain_endpoint_options={"enforce_https": True, "tls_security_policy": "Policy-Min-TLS-1-0-2019-07"},
        ebs_options={"ebs_enabled": True, "volume_size": 20},
        auto_tune_options={"desired_state": "ENABLED", "rollback_on_disable": "NO_ROLLBACK"},
        cluster_config={
            "instance_type": "m6g.large.search",
            "instance_count": 3,
            **ZONES,
            **MASTERS,
            "dedicated_master_type": "m6g.large.search",
            "multi_az_with_standby_enabled": True,
        },
    ),
    "field_data": domain(
        advanced_options={"indices.fielddata.cache.size": "80"},
        cluster_config=TWO_NODES,
        snapshot_options={"automated_snapshot_start_hour": 23},
        timeouts={"update": "180m"},
    ),
    "gp3": domain(
        engine_version="Elasticsearch_6.0",
        ebs_options={"ebs_enabled": True, "volume_size": 12, "volume_type": "gp3", "throughput": 250, "iops": 3000},
        cluster_config={"instance_type": "t3.small.search", "instance_count": 2, "zone_awareness_enabled": True},
    ),
    "gp3_by_default": domain(
        ebs_options={"ebs_enabled": True, "volume_size": 10, "volume_type": "gp3"},
        cluster_config={"instance_type": "t3.small.search"},
    ),
    "gp2": domain(
        ebs_options={"ebs_enabled": True, "volume_size": 10, "volume_type": "gp2"},
        cluster_config={"instance_type": "t3.small.search"},
    ),
    "tagged": domain(tags={"key1": "value1", "Team": "search & data %"}),
    "in_a_vpc": domain(
        cluster_config=TWO_NODES,
        vpc_options={"subnet_ids": ["subnet-0a", "subnet-0b"], "security_group_ids": ["sg-0a", "sg-0b"]},
    ),
    "for_a_role": domain(access_policies=policy(ROLE, resource="arn:aws:es:*")),
    "for_two_roles": domain(access_policies=policy(ROLE, f"{ROLE}-2", resource="arn:aws:es:*")),
    "for_an_address": domain(
        access_policies=policy("*", Condition={"IpAddress": {"aws:SourceIp": ["66.193.100.22/32"]}})
    ),
    "encrypted": domain(
        engine_version="Elasticsearch_6.0",
        cluster_config={"instance_type": "m4.large.search"},
        encrypt_at_rest={"enabled": True, "kms_key_id": KEY},
    ),
    "between_nodes": domain(
        engine_version="Elasticsearch_6.0",
        cluster_config={"instance_type": "m4.large.search"},
        node_to_node_encryption=ON,
    ),
    "complex": domain(cluster_config=TWO_NODES, tags={"bar": "complex"}),
    "oldest": domain(engine_version="Elasticsearch_2.3"),
    "by_password": domain(
        engine_version="Elasticsearch_7.1",
        cluster_config={"instance_type": "r5.large.search"},
        advanced_security_options=BY_PASSWORD,
        **ENCRYPTED,
    ),
    "by_an_iam_user": domain(
        engine_version="Elasticsearch_7.1",
        cluster_config={"instance_type": "r5.large.search"},
        advanced_security_options=BY_USER,
        **ENCRYPTED,
    ),
    "prepared_for_access_control": domain(
        engine_version="Elasticsearch_7.1",
        cluster_config={"instance_type": "r5.large.search"},
        advanced_security_options={**BY_PASSWORD, "enabled": False, "anonymous_auth_enabled": True},
        **ENCRYPTED,
    ),
    "logged": domain(
        engine_version="Elasticsearch_7.1",
        log_publishing_options=[
            {"log_type": "INDEX_SLOW_LOGS", "cloudwatch_log_group_arn": LOGS},
            {"log_type": "ES_APPLICATION_LOGS", "cloudwatch_log_group_arn": f"{LOGS}:*"},
        ],
    ),
    "audited": domain(
        engine_version="Elasticsearch_7.1",
        advanced_security_options=BY_PASSWORD,
        log_publishing_options=[{"log_type": "AUDIT_LOGS", "cloudwatch_log_group_arn": LOGS}],
        **ENCRYPTED,
    ),
    "cognito": domain(
        cognito_options={
            "enabled": True,
            "user_pool_id": "eu-west-1_AbCdEfGhI",
            "identity_pool_id": f"eu-west-1:{KEY}",
            "role_arn": f"arn:aws:iam::{ACCOUNT}:role/service-role/search",
        }
    ),
    "off_peak": domain(
        engine_version="Elasticsearch_6.7",
        off_peak_window_options={"off_peak_window": {"window_start_time": {"hours": 9, "minutes": 30}}},
    ),
    "updated_by_hand": domain(software_update_options={"auto_software_update_enabled": False}),
    # terraform-aws-modules/opensearch, complete
    "module_complete": domain(
        engine_version="OpenSearch_2.11",
        advanced_options={"rest.action.multi.allow_explicit_index": "true"},
        advanced_security_options={
            "enabled": True,
            "anonymous_auth_enabled": False,
            "internal_user_database_enabled": True,
            "master_user_options": {"master_user_name": "example", "master_user_password": "Barn-owl-2-glide"},
        },
        auto_tune_options={
            "desired_state": "ENABLED",
            "rollback_on_disable": "NO_ROLLBACK",
            "maintenance_schedule": [
                {
                    "start_at": "2099-05-13T07:44:12Z",
                    "duration": {"value": 2, "unit": "HOURS"},
                    "cron_expression_for_recurrence": "cron(0 0 ? * 1 *)",
                }
            ],
        },
        cluster_config={
            "instance_count": 3,
            "dedicated_master_enabled": True,
            "dedicated_master_count": 3,
            "dedicated_master_type": "c6g.large.search",
            "instance_type": "r6g.large.search",
            **ZONES,
        },
        ebs_options={"ebs_enabled": True, "iops": 3000, "throughput": 125, "volume_type": "gp3", "volume_size": 64},
        software_update_options={"auto_software_update_enabled": True},
        access_policies=policy("*", Condition={"IpAddress": {"aws:SourceIp": ["127.0.0.1/32"]}}),
        **ENCRYPTED,
    ),
    # Cloud Posse, complete
    "module_of_cloud_posse": domain(
        engine_version="OpenSearch_2.9",
        cluster_config={
            "instance_type": "t3.small.search",
            "instance_count": 2,
            "dedicated_master_enabled": False,
            "zone_awareness_enabled": True,
            "zone_awareness_config": {"availability_zone_count": 2},
            "warm_enabled": False,
        },
        advanced_options={"rest.action.multi.allow_explicit_index": "true"},
        encrypt_at_rest={"enabled": False},
        node_to_node_encryption={"enabled": False},
        vpc_options={"subnet_ids": ["subnet-0a", "subnet-0b"], "security_group_ids": ["sg-0a"]},
        snapshot_options={"automated_snapshot_start_hour": 0},
    ),
}

TYPE = "cluster_config.instance_type"
COUNT = "cluster_config.instance_count"
MASTER = "cluster_config.dedicated_master_type"
SCHEDULE = "auto_tune_options.maintenance_schedule"
PASSWORD = "advanced_security_options.master_user_options.master_user_password"
WINDOW = DOMAINS["tuned_by_schedule"]["auto_tune_options"]["maintenance_schedule"][0]

MUTATIONS: list[tuple[str, tuple[tuple[str, Any], ...], str]] = [
    ("basic", (("domain_name", "search"), ("engine_version", "OpenSearch_2.4")), "engine_version"),
    ("basic", (("ebs_options", {"ebs_enabled": False}), (TYPE, "m6g.large.search")), "ebs_options.ebs_enabled"),
    ("basic", ((COUNT, 11), (TYPE, "m6g.large.search")), "cluster_config.dedicated_master_enabled"),
    ("basic", ((TYPE, "ultrawarm1.medium.search"),), TYPE),
    ("basic", (("engine_version", "OpenSearch_2.19"), (TYPE, "t2.micro.search")), TYPE),
    (
        "basic",
        (("advanced_options", {"action.auto_create_index": "false"}),),
        "advanced_options.action.auto_create_index",
    ),
    (
        "basic",
        (("engine_version", "OpenSearch_3.1"), ("advanced_options", {"override_main_response_version": "true"})),
        "advanced_options.override_main_response_version",
    ),
    ("tuned_by_schedule", ((SCHEDULE, [WINDOW | {"start_at": "2020-01-31T03:00:00Z"}]),), f"{SCHEDULE}[0].start_at"),
    (
        "tuned_by_schedule",
        ((SCHEDULE, [WINDOW | {"cron_expression_for_recurrence": "0 3 * * *"}]),),
        f"{SCHEDULE}[0].cron_expression_for_recurrence",
    ),
    (
        "tuned_off_peak",
        ((SCHEDULE, [WINDOW]),),
        "auto_tune_options.use_off_peak_window",
    ),
    ("own_disks", (("ebs_options", DISK),), "ebs_options.ebs_enabled"),
    ("warm", (("cluster_config.dedicated_master_enabled", False),), "cluster_config.dedicated_master_enabled"),
    ("warm", (("engine_version", "Elasticsearch_6.7"),), "cluster_config.warm_enabled"),
    ("small_masters", (("cluster_config.dedicated_master_count", 4),), "cluster_config.dedicated_master_count"),
    ("standby", ((COUNT, 4),), COUNT),
    ("gp3", (("ebs_options.throughput", 300),), "ebs_options.throughput"),
    ("gp3", (("ebs_options.volume_size", 101),), "ebs_options.volume_size"),
    ("in_a_vpc", (("vpc_options.subnet_ids", ["subnet-0a"]),), "vpc_options.subnet_ids"),
    ("in_a_vpc", (("access_policies", DOMAINS["for_an_address"]["access_policies"]),), "access_policies"),
    ("for_a_role", (("access_policies", policy("*")),), "access_policies"),
    ("for_a_role", (("access_policies", policy(f"arn:aws:iam::{ACCOUNT}:role/*")),), "access_policies"),
    ("for_a_role", (("access_policies", policy(ROLE.replace("arn:aws:", "arn:aws-cn:"))),), "access_policies"),
    ("encrypted", (("encrypt_at_rest.kms_key_id", "alias/search"),), "encrypt_at_rest.kms_key_id"),
    (
        "encrypted",
        (("encrypt_at_rest.kms_key_id", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{KEY}"),),
        "encrypt_at_rest.kms_key_id",
    ),
    ("between_nodes", (("engine_version", "Elasticsearch_5.6"),), "node_to_node_encryption.enabled"),
    ("by_password", (("encrypt_at_rest", None),), "encrypt_at_rest.enabled"),
    ("by_password", ((PASSWORD, "kestrel"),), PASSWORD),
    (
        "by_password",
        (("advanced_security_options.master_user_options", None),),
        "advanced_security_options.master_user_options",
    ),
    (
        "by_an_iam_user",
        (("advanced_security_options.master_user_options", None),),
        "advanced_security_options.master_user_options",
    ),
    (
        "prepared_for_access_control",
        (("advanced_security_options.enabled", True),),
        "advanced_security_options.anonymous_auth_enabled",
    ),
    (
        "logged",
        (
            (
                "log_publishing_options",
                DOMAINS["logged"]["log_publishing_options"][:1] * 1
                + [{"log_type": "INDEX_SLOW_LOGS", "cloudwatch_log_group_arn": f"{LOGS}-2"}],
            ),
        ),
        "log_publishing_options[1].log_type",
    ),
    ("audited", (("advanced_security_options", None),), "log_publishing_options[0].log_type"),
    ("cognito", (("cognito_options.identity_pool_id", f"us-east-1:{KEY}"),), "cognito_options.identity_pool_id"),
    ("module_complete", ((TYPE, "or1.large.search"), (MASTER, "c5.large.search")), MASTER),
    ("module_complete", ((TYPE, "r6g.large.search"), ("ebs_options.iops", 20001)), "ebs_options.iops"),
]
"""A known configuration, what is changed in it, and the argument that AWS then refuses."""


def region() -> dict[str, Any]:
    return {
        "region": "eu-west-1",
        "access_key": "x",
        "secret_key": "x",
        "skip_credentials_validation": True,
        "skip_requesting_account_id": True,
        "skip_metadata_api_check": True,
    }


def written() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every configuration under the name of its resource."""
    for number, (name, arguments) in enumerate(DOMAINS.items()):
        yield name, {"domain_name": f"known-{number}", **arguments}
    for number, (base, changes, _) in enumerate(MUTATIONS):
        yield f"mutation_{number}", changed({"domain_name": f"mutation-{number}", **DOMAINS[base]}, *changes)


@pytest.fixture(scope="module")
def findings(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What the rules say of each resource of the plan."""
    folder = tmp_path_factory.mktemp("known")
    root = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}},
        "provider": {"aws": region()},
        "resource": {"aws_opensearch_domain": dict(written())},
    }
    (folder / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")
    terraform.init(folder)
    plan: Plan = plan_of(terraform.plan(folder, "-refresh=false"))
    found: dict[str, list[Finding]] = {name: [] for name, _ in written()}
    for address, finding in judge(plan):
        found[address.rpartition(".")[2]].append(finding)
    return found


@pytest.mark.parametrize("name", DOMAINS)
def test_what_aws_accepts_has_no_error(name: str, findings: dict[str, list[Finding]]) -> None:
    assert [f"{each.path}: {each}" for each in findings[name] if each.severity == "error"] == []


@pytest.mark.parametrize("number", range(len(MUTATIONS)), ids=[f"{n}-{case[2]}" for n, case in enumerate(MUTATIONS)])
def test_what_aws_refuses_has_its_error(number: int, findings: dict[str, list[Finding]]) -> None:
    errors = {each.path for each in findings[f"mutation_{number}"] if each.severity == "error"}
    assert MUTATIONS[number][2] in errors
