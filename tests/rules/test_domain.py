"""What is accepted of a domain, each rule in both directions and the bounds between."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.rules import UNKNOWN, Context, domain
from tests.rules.cases import DOMAIN, SMALL, changed

CLUSTER = "cluster_config"
TYPE = "cluster_config.instance_type"
COUNT = "cluster_config.instance_count"
MASTERS = "cluster_config.dedicated_master_count"
MASTER = "cluster_config.dedicated_master_type"
MASTERS_ON = "cluster_config.dedicated_master_enabled"
ZONES = "cluster_config.zone_awareness_config.availability_zone_count"
AWARE = "cluster_config.zone_awareness_enabled"
STANDBY = "cluster_config.multi_az_with_standby_enabled"
WARM = ("cluster_config.warm_enabled", True)
WARM_TYPE = ("cluster_config.warm_type", "ultrawarm1.medium.search")
SIZE = "ebs_options.volume_size"
KEY_ABROAD = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
KIND = "ebs_options.volume_type"
IOPS = "ebs_options.iops"
THROUGHPUT = "ebs_options.throughput"
SECURITY = "advanced_security_options.enabled"
USER = "advanced_security_options.master_user_options"
OWN_DISKS = ((TYPE, "r6gd.large.search"), ("ebs_options", {"ebs_enabled": False}))
NO_PERFORMANCE = ((IOPS, None), (THROUGHPUT, None))
OPEN = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "es:*", "Resource": "*"}]}
MASTERS_OF_SMALL = ((MASTERS_ON, True), (MASTERS, 3), (MASTER, "m7g.large.search"))
READER = "arn:aws:iam::123456789012:role/reader"
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}
FROM_ANYWHERE = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}
SUBNETS = "vpc_options.subnet_ids"
METADATA = '<EntityDescriptor entityID="https://idp.example.com/saml"/>'
IDP = {"entity_id": "https://idp.example.com/saml", "metadata_content": METADATA}
SAML = ("saml_options", {"enabled": True, "idp": IDP})
TOKENS = ("advanced_security_options.jwt_options", {"enabled": True, "public_key": "-----BEGIN PUBLIC KEY-----"})
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:search"


MAX_CLAUSES = "indices.query.bool.max_clause_count"
METADATA_PATH = "saml_options.idp.metadata_content"
POOLS = {
    "enabled": True,
    "user_pool_id": "eu-west-1_AbCdEfGhI",
    "identity_pool_id": "eu-west-1:1a2b",
    "role_arn": "arn:aws:iam::123456789012:role/cognito",
}
DOMAIN_ARN = "arn:aws:es:eu-west-1:123456789012:domain/events"
KEYS = "arn:aws:kms:eu-west-1:123456789012"
DATABASE = "advanced_security_options.internal_user_database_enabled"
BY_NAME = {"master_user_name": "kestrel", "master_user_password": "Kestrel-1-hover"}
COORDINATOR = "cluster_config.node_options[0].node_config"
WINDOWS = "auto_tune_options.maintenance_schedule"
CRON = "cron_expression_for_recurrence"
WINDOW = {
    "start_at": "2027-01-31T03:00:00Z",
    "duration": {"value": 2, "unit": "HOURS"},
    CRON: "cron(0 3 ? * 1 *)",
}
POOLS_ABROAD = POOLS | {"user_pool_id": "us-east-1_AbCdEfGhI", "identity_pool_id": "us-east-1:1a2b"}
ANONYMOUS = "advanced_security_options.anonymous_auth_enabled"
SLOW_ABROAD = {"log_type": "INDEX_SLOW_LOGS", "cloudwatch_log_group_arn": GROUP.replace("eu-west-1", "us-east-1")}
SLOW = {"log_type": "INDEX_SLOW_LOGS", "cloudwatch_log_group_arn": GROUP}


def coordinators(**changes: Any) -> tuple[str, Any]:
    """A change that adds coordinator nodes."""
    config = {"enabled": True, "count": 3, "type": "m7g.large.search"} | changes
    return ("cluster_config.node_options", [{"node_type": "coordinator", "node_config": config}])


def saml(**changes: Any) -> tuple[str, Any]:
    """A change that adds a sign-in by SAML."""
    return ("saml_options", {"enabled": True, "idp": IDP | changes})


def policy(**more: Any) -> str:
    return json.dumps({"Statement": [OPEN["Statement"][0] | more]})


@pytest.mark.parametrize(
    ("given", "guess"),
    [
        ("2.19", "OpenSearch_2.19"),
        ("7.10", "Elasticsearch_7.10"),
        ("OpenSearch 2.19", "OpenSearch_2.19"),
        ("opensearch_3.3", "OpenSearch_3.3"),
    ],
)
def test_a_version_without_its_engine_is_guessed(given: str, guess: str) -> None:
    found = domain.check(changed(DOMAIN, ("engine_version", given)))
    assert any(f"did you mean {guess}?" in finding.message for finding in found)


ACCEPTED: dict[str, dict[str, Any]] = {
    "as it is": DOMAIN,
    "small": SMALL,
    "as a plan has it": changed(DOMAIN, (CLUSTER, [DOMAIN[CLUSTER]]), ("ebs_options", [DOMAIN["ebs_options"]])),
    "ten burstable nodes": changed(SMALL, (COUNT, 10)),
    "eighty nodes": changed(DOMAIN, (COUNT, 78)),
    "five masters": changed(DOMAIN, (MASTERS, 5)),
    "burstable masters, ten nodes": changed(DOMAIN, (MASTER, "t3.medium.search"), (COUNT, 9)),
    "two nodes, two zones": changed(DOMAIN, (COUNT, 2), (ZONES, 2)),
    "zones by default": changed(DOMAIN, (COUNT, 4), ("cluster_config.zone_awareness_config", None)),
    "standby": changed(DOMAIN, (STANDBY, True)),
    "standby on own disks": changed(DOMAIN, (STANDBY, True), *OWN_DISKS),
    "a subnet for each zone": changed(DOMAIN, (SUBNETS, ["a", "b", "c"])),
    "subnets made in the same plan": changed(DOMAIN, (SUBNETS, [UNKNOWN, UNKNOWN, UNKNOWN])),
    "one subnet": changed(SMALL, (SUBNETS, ["a"])),
    "unknown subnets": changed(DOMAIN, (SUBNETS, UNKNOWN)),
    "warm": changed(DOMAIN, WARM, WARM_TYPE, ("cluster_config.warm_count", 3)),
    "warm and cold": changed(
        DOMAIN, WARM, WARM_TYPE, ("cluster_config.warm_count", 3), ("cluster_config.cold_storage_options.enabled", True)
    ),
    "warm nodes that never were": changed(DOMAIN, ("cluster_config.warm_count", 0)),
    "own disks": changed(DOMAIN, *OWN_DISKS),
    "older type, own disks": changed(SMALL, (TYPE, "i2.xlarge.search"), ("ebs_options", {"ebs_enabled": False})),
    "gp2": changed(DOMAIN, (TYPE, "r5.large.search"), (KIND, "gp2"), *NO_PERFORMANCE),
    "gp2 with what AWS reports": changed(DOMAIN, (TYPE, "r5.large.search"), (KIND, "gp2"), (IOPS, 0), (THROUGHPUT, 0)),
    "largest gp2": changed(DOMAIN, (TYPE, "r5.large.search"), (KIND, "gp2"), (SIZE, 1024), *NO_PERFORMANCE),
    "largest gp3": changed(DOMAIN, (TYPE, "t3.small.search"), (SIZE, 100), (MASTER, "m7g.large.search"))
    | {"auto_tune_options": {"desired_state": "DISABLED"}},
    "io1 at its most": changed(DOMAIN, (TYPE, "r5.large.search"), (KIND, "io1"), (IOPS, 5000), (THROUGHPUT, None)),
    "gp3 IOPS at their most": changed(DOMAIN, (SIZE, 20), (IOPS, 10000)),
    "gp3 throughput at its most": changed(DOMAIN, (IOPS, 4000), (THROUGHPUT, 1000)),
    "large gp3, more than one volume": changed(
        DOMAIN, (TYPE, "r7g.4xlarge.search"), (SIZE, 6144), (IOPS, 32000), (THROUGHPUT, 1250)
    ),
    "smallest optimized": changed(DOMAIN, (TYPE, "or1.medium.search"), (SIZE, 20)),
    "old engine": changed(SMALL, ("engine_version", "OpenSearch_3.1")),
    "engine left to AWS": changed(SMALL, ("engine_version", None)),
    "the last release of a major version": changed(SMALL, ("engine_version", "OpenSearch_2.19")),
    "unknown engine": changed(DOMAIN, ("engine_version", UNKNOWN)),
    "burstable without Auto-Tune": changed(SMALL, ("auto_tune_options.desired_state", "DISABLED")),
    "custom endpoint": changed(
        DOMAIN,
        ("domain_endpoint_options.custom_endpoint_enabled", True),
        ("domain_endpoint_options.custom_endpoint", "search.example.com"),
        ("domain_endpoint_options.custom_endpoint_certificate_arn", "arn:aws:acm:eu-west-1:123456789012:certificate/1"),
    ),
    "open policy in a VPC": changed(SMALL, (SUBNETS, ["a"]), ("access_policies", policy())),
    "open policy for an office": changed(SMALL, ("access_policies", policy(Condition=FROM_OFFICE))),
    "open policy for an endpoint": changed(
        SMALL, ("access_policies", policy(Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}))
    ),
    "open policy that denies": changed(SMALL, ("access_policies", policy(Effect="Deny"))),
    "named principal": changed(SMALL, ("access_policies", policy(Principal={"AWS": READER}))),
    "open policy in a VPC, for a sign-in": changed(
        DOMAIN, SAML, (SUBNETS, ["a", "b", "c"]), ("access_policies", policy(Principal="*"))
    ),
    "sign-in from an office": changed(DOMAIN, TOKENS, ("access_policies", policy(Condition=FROM_OFFICE))),
    "sign-in by a policy that is not known": changed(DOMAIN, SAML, ("access_policies", UNKNOWN)),
    "policy of a reference": changed(SMALL, ("access_policies", "${data.aws_iam_policy_document.domain.json}")),
    "unknown policy": changed(SMALL, ("access_policies", UNKNOWN)),
    "policy as a mapping": changed(SMALL, ("access_policies", {"Statement": []})),
    "audit logs": changed(
        DOMAIN, ("log_publishing_options", [{"log_type": "AUDIT_LOGS", "cloudwatch_log_group_arn": GROUP}])
    ),
    "audit logs off": changed(
        SMALL,
        ("log_publishing_options", [{"log_type": "AUDIT_LOGS", "enabled": False, "cloudwatch_log_group_arn": GROUP}]),
    ),
    "vectors": changed(DOMAIN, (TYPE, "or2.large.search"), ("aiml_options.s3_vectors_engine.enabled", True)),
    "coordinators": changed(DOMAIN, coordinators()),
    "coordinators that are off": changed(SMALL, coordinators(enabled=False, count=None)),
    "Graviton masters of optimized nodes": changed(DOMAIN, (TYPE, "or2.large.search"), (MASTER, "c6g.large.search")),
    "throughput that the instance carries": changed(
        DOMAIN, (TYPE, "m6g.large.search"), (SIZE, 1024), (IOPS, 16000), (THROUGHPUT, 593)
    ),
    "ten nodes without masters": changed(
        DOMAIN,
        (COUNT, 10),
        (ZONES, 2),
        ("cluster_config.dedicated_master_enabled", None),
        (MASTERS, None),
        (MASTER, None),
    ),
    "SAML with a declaration": changed(
        DOMAIN, (SUBNETS, ["a", "b", "c"]), saml(metadata_content=f'<?xml version="1.0" encoding="UTF-8"?>\n{METADATA}')
    ),
    "pools of one region": changed(DOMAIN, ("cognito_options", POOLS)),
    "a key by its id": changed(DOMAIN, ("encrypt_at_rest.kms_key_id", "0a1b2c3d-0000-4000-8000-000000000000")),
    "a key by its ARN": changed(DOMAIN, ("encrypt_at_rest.kms_key_id", f"{KEYS}:key/0a1b2c3d")),
    "a session, an account and a deleted role": changed(
        SMALL,
        (
            "access_policies",
            policy(
                Principal={
                    "AWS": [
                        "123456789012",
                        "arn:aws:sts::123456789012:assumed-role/reader/session",
                        "arn:aws:iam::123456789012:root",
                        "AROAEXAMPLEID1234567",
                    ]
                }
            ),
        ),
    ),
    "a maintenance window": changed(DOMAIN, (WINDOWS, [WINDOW])),
    "options that AWS has": changed(DOMAIN, ("advanced_options", {MAX_CLAUSES: "1024"})),
    "two kinds of logs": changed(DOMAIN, ("log_publishing_options", [SLOW, SLOW | {"log_type": "SEARCH_SLOW_LOGS"}])),
    "everything unknown": dict.fromkeys(DOMAIN, UNKNOWN),
}


@pytest.mark.parametrize("arguments", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(arguments: dict[str, Any]) -> None:
    assert [f"{finding.path}: {finding}" for finding in domain.check(arguments)] == []


Change = tuple[str, Any]
REFUSED: list[tuple[str, dict[str, Any], tuple[Change, ...]]] = [
    # engine
    ("engine_version", DOMAIN, (("engine_version", "OpenSearch_2.4"),)),
    ("engine_version", DOMAIN, (("engine_version", "OpenSearch_9.1"),)),
    ("engine_version", SMALL, (("engine_version", "Elasticsearch_7.11"),)),
    ("engine_version", SMALL, (("engine_version", "7.10"),)),
    # nodes
    (COUNT, SMALL, ((COUNT, 11), *MASTERS_OF_SMALL)),
    (COUNT, SMALL, ((COUNT, 0),)),
    (MASTERS, DOMAIN, ((MASTERS, 1),)),
    (MASTERS, DOMAIN, ((MASTERS, 2),)),
    (MASTERS, DOMAIN, ((MASTERS, 4),)),
    (MASTERS, DOMAIN, ((MASTERS, 6),)),
    (MASTERS, DOMAIN, ((MASTERS, None),)),
    (MASTER, DOMAIN, ((MASTER, None),)),
    (MASTER, DOMAIN, ((MASTER, "t3.medium.search"), (COUNT, 12))),
    (COUNT, DOMAIN, ((COUNT, 2),)),
    (COUNT, SMALL, ((AWARE, True),)),
    (ZONES, DOMAIN, ((ZONES, 4), (COUNT, 4))),
    (SUBNETS, DOMAIN, ((SUBNETS, ["a", "b"]),)),
    (SUBNETS, DOMAIN, ((SUBNETS, ["a", "b", "b"]),)),
    (SUBNETS, DOMAIN, ((SUBNETS, [UNKNOWN, UNKNOWN]),)),
    (SUBNETS, SMALL, ((SUBNETS, ["a", "b"]),)),
    # types and masters
    (TYPE, DOMAIN, ((TYPE, "ultrawarm1.medium.search"),)),
    (MASTER, DOMAIN, ((MASTER, "ultrawarm1.large.search"),)),
    (TYPE, SMALL, ((TYPE, "t2.micro.search"), (KIND, "gp2"), ("encrypt_at_rest", None))),
    (MASTERS_ON, DOMAIN, ((COUNT, 12), (MASTERS_ON, False))),
    (MASTER, DOMAIN, ((TYPE, "or2.large.search"), (MASTER, "c5.large.search"))),
    (MASTER, DOMAIN, ((TYPE, "om2.large.search"), (MASTER, "m7i.large.search"))),
    (f"{COORDINATOR}.count", DOMAIN, (coordinators(count=None),)),
    (f"{COORDINATOR}.type", DOMAIN, (coordinators(type=None),)),
    (MASTERS_ON, DOMAIN, (coordinators(), (MASTERS_ON, False))),
    # standby
    (ZONES, DOMAIN, ((STANDBY, True), (ZONES, 2), (COUNT, 6))),
    (AWARE, DOMAIN, ((STANDBY, True), (AWARE, None))),
    (COUNT, DOMAIN, ((STANDBY, True), (COUNT, 4))),
    (MASTERS_ON, DOMAIN, ((STANDBY, True), (MASTERS_ON, False))),
    (KIND, DOMAIN, ((STANDBY, True), (TYPE, "r5.large.search"), (KIND, "gp2"), *NO_PERFORMANCE)),
    ("auto_tune_options.desired_state", DOMAIN, ((STANDBY, True), ("auto_tune_options.desired_state", "DISABLED"))),
    (MASTER, DOMAIN, ((STANDBY, True), (MASTER, "t3.small.search"))),
    (
        "cluster_config.warm_count",
        DOMAIN,
        ((STANDBY, True), WARM, WARM_TYPE, ("cluster_config.warm_count", 2)),
    ),
    # warm and cold
    (MASTERS_ON, DOMAIN, (WARM, WARM_TYPE, ("cluster_config.warm_count", 3), (MASTERS_ON, None))),
    ("cluster_config.warm_type", DOMAIN, (WARM, ("cluster_config.warm_count", 3))),
    ("cluster_config.warm_count", DOMAIN, (WARM, WARM_TYPE)),
    ("cluster_config.warm_count", DOMAIN, (WARM, WARM_TYPE, ("cluster_config.warm_count", 151))),
    ("cluster_config.cold_storage_options.enabled", DOMAIN, (("cluster_config.cold_storage_options.enabled", True),)),
    # storage
    ("ebs_options.ebs_enabled", DOMAIN, (("ebs_options", {"ebs_enabled": False}),)),
    ("ebs_options.ebs_enabled", DOMAIN, (("ebs_options", None),)),
    ("ebs_options.ebs_enabled", DOMAIN, ((TYPE, "i3.large.search"),)),
    (SIZE, DOMAIN, ((SIZE, 9),)),
    (SIZE, SMALL, ((SIZE, 101),)),
    (SIZE, DOMAIN, ((TYPE, "or1.medium.search"), (SIZE, 19))),
    (SIZE, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "gp2"), (SIZE, 1025), *NO_PERFORMANCE)),
    (SIZE, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "standard"), (SIZE, 101), *NO_PERFORMANCE)),
    (KIND, DOMAIN, ((KIND, "gp2"), *NO_PERFORMANCE)),
    (KIND, SMALL, ((TYPE, "m4.large.search"),)),
    (KIND, DOMAIN, ((TYPE, "r6g.large.search"), (KIND, "standard"), *NO_PERFORMANCE)),
    (KIND, DOMAIN, ((KIND, "io2"),)),
    (IOPS, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "gp2"), (THROUGHPUT, None))),
    (THROUGHPUT, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "gp2"), (IOPS, None))),
    (THROUGHPUT, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "io1"))),
    (IOPS, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "io1"), *NO_PERFORMANCE)),
    (IOPS, DOMAIN, ((TYPE, "r5.large.search"), (KIND, "io1"), (IOPS, 5001), (THROUGHPUT, None))),
    (IOPS, DOMAIN, ((IOPS, 2999),)),
    (IOPS, DOMAIN, ((SIZE, 20), (IOPS, 10001))),
    (THROUGHPUT, DOMAIN, ((THROUGHPUT, 124),)),
    (THROUGHPUT, DOMAIN, ((THROUGHPUT, 751),)),
    (THROUGHPUT, DOMAIN, ((THROUGHPUT, 751), (IOPS, None))),
    (THROUGHPUT, DOMAIN, ((SIZE, 256),)),
    (THROUGHPUT, SMALL, ((SIZE, 100), (IOPS, 3000), (THROUGHPUT, 261))),
    (IOPS, DOMAIN, ((TYPE, "m6g.large.search"), (SIZE, 1024), (IOPS, 20001), (THROUGHPUT, 500))),
    # security
    ("encrypt_at_rest.kms_key_id", DOMAIN, (("encrypt_at_rest.kms_key_id", KEY_ABROAD.replace("us-", "us-gov-")),)),
    (f"{TOKENS[0]}.public_key", DOMAIN, ((TOKENS[0], TOKENS[1] | {"public_key": "https://idp.example.com/keys"}),)),
    (f"{TOKENS[0]}.public_key", DOMAIN, ((TOKENS[0], TOKENS[1] | {"public_key": "key.pem"}),)),
    ("encrypt_at_rest.enabled", DOMAIN, (("encrypt_at_rest", None),)),
    ("node_to_node_encryption.enabled", DOMAIN, (("node_to_node_encryption.enabled", False),)),
    ("domain_endpoint_options.enforce_https", DOMAIN, (("domain_endpoint_options.enforce_https", False),)),
    ("domain_endpoint_options.enforce_https", DOMAIN, (("domain_endpoint_options", None),)),
    (
        "domain_endpoint_options.tls_security_policy",
        DOMAIN,
        (("domain_endpoint_options.tls_security_policy", "TLS1.2"),),
    ),
    (
        f"{USER}.master_user_name",
        DOMAIN,
        (
            (f"{USER}.master_user_name", "admin"),
            (f"{USER}.master_user_password", UNKNOWN),
            ("advanced_security_options.internal_user_database_enabled", True),
        ),
    ),
    (
        "advanced_security_options.internal_user_database_enabled",
        DOMAIN,
        ((USER, {"master_user_name": "admin", "master_user_password": UNKNOWN}),),
    ),
    ("encrypt_at_rest.enabled", SMALL, ((TYPE, "t2.small.search"), (KIND, "gp2"))),
    ("encrypt_at_rest.enabled", SMALL, ((TYPE, "or1.large.search"), ("encrypt_at_rest", None), (SIZE, 20))),
    (
        "log_publishing_options[0].log_type",
        SMALL,
        (("log_publishing_options", [{"log_type": "AUDIT_LOGS", "cloudwatch_log_group_arn": GROUP}]),),
    ),
    (
        "log_publishing_options[0].log_type",
        DOMAIN,
        (("log_publishing_options", [{"log_type": "SLOW", "cloudwatch_log_group_arn": GROUP}]),),
    ),
    ("saml_options.enabled", SMALL, (SAML,)),
    ("saml_options.idp", DOMAIN, (("saml_options.enabled", True),)),
    (METADATA_PATH, DOMAIN, (saml(metadata_content="https://idp.example.com/metadata.xml"),)),
    (METADATA_PATH, DOMAIN, (saml(metadata_content="./metadata.xml"),)),
    (METADATA_PATH, DOMAIN, (saml(metadata_content="\ufeff" + METADATA),)),
    (METADATA_PATH, DOMAIN, (saml(metadata_content="<EntityDescriptor>"),)),
    (METADATA_PATH, DOMAIN, (saml(metadata_content="<html/>"),)),
    (METADATA_PATH, DOMAIN, (saml(metadata_content="<!DOCTYPE a [<!ENTITY b 'c'>]>" + METADATA),)),
    ("advanced_security_options.jwt_options.public_key", DOMAIN, ((TOKENS[0], {"enabled": True}),)),
    ("cognito_options.identity_pool_id", DOMAIN, (("cognito_options", POOLS | {"identity_pool_id": "us-east-1:1a"}),)),
    (USER, DOMAIN, ((USER, None),)),
    (USER, DOMAIN, ((USER, None), (DATABASE, True))),
    (f"{USER}.master_user_password", DOMAIN, ((DATABASE, True), (USER, BY_NAME | {"master_user_password": "short"}))),
    (f"{USER}.master_user_arn", DOMAIN, ((f"{USER}.master_user_arn", "arn:aws:iam::123456789012:role/*"),)),
    (f"{USER}.master_user_arn", DOMAIN, ((f"{USER}.master_user_arn", "arn:aws:s3:::bucket"),)),
    ("encrypt_at_rest.kms_key_id", DOMAIN, (("encrypt_at_rest.kms_key_id", "alias/search"),)),
    ("encrypt_at_rest.kms_key_id", DOMAIN, (("encrypt_at_rest.kms_key_id", f"{KEYS}:alias/search"),)),
    # access
    ("access_policies", SMALL, (("access_policies", policy(Principal={"AWS": f"{READER[:-6]}*"})),)),
    ("access_policies", SMALL, (("access_policies", policy(Principal={"AWS": "reader"})),)),
    (
        "access_policies",
        SMALL,
        (("access_policies", json.dumps({"Statement": [{"Effect": "Allow", "Action": "es:*"}]})),),
    ),
    ("access_policies", SMALL, (("access_policies", "{"),)),
    ("access_policies", SMALL, (("access_policies", policy()),)),
    ("access_policies", SMALL, (("access_policies", OPEN),)),
    ("access_policies", SMALL, (("access_policies", policy(Principal="*")),)),
    ("access_policies", SMALL, (("access_policies", policy(Condition=FROM_ANYWHERE)),)),
    ("access_policies", SMALL, (("access_policies", policy(Condition=FROM_OFFICE)), (SUBNETS, ["a"]))),
    (
        "domain_endpoint_options.custom_endpoint_certificate_arn",
        DOMAIN,
        (
            ("domain_endpoint_options.custom_endpoint_enabled", True),
            ("domain_endpoint_options.custom_endpoint", "search.example.com"),
        ),
    ),
    (
        "advanced_options.rest.action.multi.allow_explicit_index",
        DOMAIN,
        (("advanced_options", {"rest.action.multi.allow_explicit_index": True}),),
    ),
    ("advanced_options.action.auto_create_index", DOMAIN, (("advanced_options", {"action.auto_create_index": "no"}),)),
    ("advanced_options.indices.query.bool.max_clause_count", DOMAIN, (("advanced_options", {MAX_CLAUSES: "many"}),)),
    (
        "advanced_options.override_main_response_version",
        DOMAIN,
        (("advanced_options", {"override_main_response_version": "true"}),),
    ),
    # operations
    (f"{WINDOWS}[0].start_at", DOMAIN, ((WINDOWS, [WINDOW | {"start_at": "2027-02-30T03:00:00Z"}]),)),
    (f"{WINDOWS}[0].cron_expression_for_recurrence", DOMAIN, ((WINDOWS, [WINDOW | {CRON: "cron(0 3 * * *)"}]),)),
    (
        "auto_tune_options.use_off_peak_window",
        DOMAIN,
        ((WINDOWS, [WINDOW]), ("auto_tune_options.use_off_peak_window", True)),
    ),
    ("log_publishing_options[1].log_type", DOMAIN, (("log_publishing_options", [SLOW, SLOW]),)),
    ("vpc_options.subnet_ids", SMALL, (("vpc_options", {"subnet_ids": [], "security_group_ids": ["sg-1"]}),)),
    ("domain_name", SMALL, (("domain_name", None),)),
    ("auto_tune_options.desired_state", SMALL, (("auto_tune_options.desired_state", "ENABLED"),)),
    (
        "off_peak_window_options.off_peak_window.window_start_time.hours",
        DOMAIN,
        (("off_peak_window_options.off_peak_window.window_start_time.hours", 24),),
    ),
    (
        "snapshot_options.automated_snapshot_start_hour",
        DOMAIN,
        (("snapshot_options.automated_snapshot_start_hour", 24),),
    ),
    ("aiml_options.s3_vectors_engine.enabled", DOMAIN, (("aiml_options.s3_vectors_engine.enabled", True),)),
]


@pytest.mark.parametrize(("path", "base", "changes"), REFUSED, ids=[f"{n}-{case[0]}" for n, case in enumerate(REFUSED)])
def test_refused(path: str, base: dict[str, Any], changes: tuple[Change, ...]) -> None:
    errors = [finding for finding in domain.check(changed(base, *changes)) if finding.severity == "error"]
    assert {finding.path for finding in errors} == {path}


@pytest.mark.parametrize(
    ("existing", "path", "changes"),
    [
        (False, f"{WINDOWS}[0].start_at", ((WINDOWS, [WINDOW | {"start_at": "2020-01-31T03:00:00Z"}]),)),
        (False, ANONYMOUS, ((ANONYMOUS, True),)),
        (None, USER, ((USER, None),)),
    ],
)
def test_what_a_new_domain_cannot_have(existing: bool | None, path: str, changes: tuple[Change, ...]) -> None:
    def refused(**known: Any) -> list[str]:
        found = domain.check(changed(DOMAIN, *changes), Context(now="2026-11-26T00:00:00Z", **known))
        return [finding.path for finding in found if finding.severity == "error"]

    assert refused(existing=existing) == [path]
    assert refused(existing=True) == []


CERTIFICATE = "domain_endpoint_options.custom_endpoint_certificate_arn"
ENDPOINT = (
    ("domain_endpoint_options.custom_endpoint_enabled", True),
    ("domain_endpoint_options.custom_endpoint", "search.example.com"),
)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("encrypt_at_rest.kms_key_id", (("encrypt_at_rest.kms_key_id", KEY_ABROAD),)),
        (CERTIFICATE, (*ENDPOINT, (CERTIFICATE, "arn:aws:acm:us-east-1:123456789012:certificate/1"))),
        (CERTIFICATE, (*ENDPOINT, (CERTIFICATE, "arn:aws:acm:eu-west-1:210987654321:certificate/1"))),
        (CERTIFICATE, (*ENDPOINT, (CERTIFICATE, "arn:aws-cn:acm:cn-north-1:123456789012:certificate/1"))),
        ("log_publishing_options[0].cloudwatch_log_group_arn", (("log_publishing_options", [SLOW_ABROAD]),)),
        ("cognito_options.user_pool_id", (("cognito_options", POOLS_ABROAD),)),
        ("cognito_options.role_arn", (("cognito_options", POOLS | {"role_arn": "arn:aws:iam::210987654321:role/c"}),)),
    ],
)
def test_what_is_elsewhere_is_refused_where_the_place_is_known(path: str, changes: tuple[Change, ...]) -> None:
    arguments = changed(DOMAIN, *changes)
    assert [each for each in domain.check(arguments) if each.severity == "error"] == []
    found = domain.check(arguments, Context(region="eu-west-1", account="123456789012"))
    assert {each.path for each in found if each.severity == "error"} >= {path}


WARNED: list[tuple[str, dict[str, Any], tuple[Change, ...]]] = [
    ("engine_version", DOMAIN, (("engine_version", "OpenSearch_3.9"),)),
    ("engine_version", DOMAIN, (("engine_version", "OpenSearch_2.17"),)),
    ("engine_version", DOMAIN, (("engine_version", "Elasticsearch_7.10"),)),
    (TYPE, SMALL, ((TYPE, "r6g.larg.search"),)),
    (COUNT, DOMAIN, ((COUNT, 81),)),
    (COUNT, DOMAIN, ((COUNT, 4),)),
    (COUNT, DOMAIN, ((COUNT, 3), (ZONES, 2))),
    (MASTERS, SMALL, ((MASTERS, 1),)),
    ("cluster_config.warm_count", DOMAIN, (WARM, WARM_TYPE, ("cluster_config.warm_count", 4))),
    ("cluster_config.warm_count", DOMAIN, (("cluster_config.warm_count", 3),)),
    (THROUGHPUT, DOMAIN, ((IOPS, 8000), (THROUGHPUT, 1001))),
    (IOPS, DOMAIN, ((IOPS, 16001),)),
    (IOPS, DOMAIN, ((SIZE, 1024), (THROUGHPUT, 250))),
    (IOPS, DOMAIN, ((SIZE, 256), (IOPS, None), (THROUGHPUT, 250))),
    ("saml_options.idp.entity_id", DOMAIN, (saml(entity_id="https://other.example"), (SUBNETS, ["a", "b", "c"]))),
    (ANONYMOUS, DOMAIN, ((ANONYMOUS, True),)),
    (f"{USER}.master_user_arn", DOMAIN, ((f"{USER}.master_user_arn", "arn:aws:iam::123456789012:root"),)),
    (f"{USER}.master_user_arn", DOMAIN, ((f"{USER}.master_user_arn", "arn:aws:sts::123456789012:assumed-role/a/b"),)),
    ("domain_endpoint_options.custom_endpoint", DOMAIN, (("domain_endpoint_options.custom_endpoint", "a.example"),)),
    (MASTER, SMALL, ((MASTER, "m7g.large.search"),)),
    ("cluster_config.warm_type", DOMAIN, (("cluster_config.warm_type", "ultrawarm1.medium.search"),)),
    ("access_policies", SMALL, (("access_policies", policy(Principal={"AWS": READER}, Resource=DOMAIN_ARN)),)),
    ("access_policies", SMALL, (("access_policies", policy(Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}})),)),
    ("node_to_node_encryption.enabled", SMALL, (("node_to_node_encryption", None),)),
    ("access_policies", DOMAIN, (("access_policies", policy()),)),
    ("access_policies", DOMAIN, (SAML, ("access_policies", policy()))),
    ("access_policies", DOMAIN, (SAML, ("access_policies", policy(Principal={"AWS": READER})))),
    ("access_policies", DOMAIN, (TOKENS, ("access_policies", policy(Principal={"AWS": [READER]})))),
    (
        "advanced_options.override_main_response_version",
        DOMAIN,
        (("engine_version", "OpenSearch_2.19"), ("advanced_options", {"override_main_response_version": "true"})),
    ),
    ("auto_tune_options.rollback_on_disable", DOMAIN, (("auto_tune_options.rollback_on_disable", "DEFAULT_ROLLBACK"),)),
    (
        "advanced_security_options.internal_user_database_enabled",
        DOMAIN,
        (("advanced_security_options.internal_user_database_enabled", True),),
    ),
    (
        f"{USER}.master_user_password",
        DOMAIN,
        (
            ("advanced_security_options.internal_user_database_enabled", True),
            (USER, {"master_user_name": "admin", "master_user_password": "Kestrel-1-hover"}),
        ),
    ),
]


@pytest.mark.parametrize(("path", "base", "changes"), WARNED, ids=[f"{n}-{case[0]}" for n, case in enumerate(WARNED)])
def test_warned(path: str, base: dict[str, Any], changes: tuple[Change, ...]) -> None:
    found = domain.check(changed(base, *changes))
    assert [(finding.path, finding.severity) for finding in found] == [(path, "warning")]


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
def test_a_feature_begins_with_its_version(below: str, floor: str, path: str) -> None:
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
def test_an_instance_family_begins_with_its_version(instance_type: str, below: str, floor: str) -> None:
    def refused(version: str) -> bool:
        found = domain.check({"engine_version": version, CLUSTER: {"instance_type": instance_type}})
        return any(item.path == TYPE and item.severity == "error" for item in found)

    assert (refused(below), refused(floor)) == (True, False)


def test_a_support_window_names_both_dates() -> None:
    (finding,) = domain.check(changed(SMALL, ("engine_version", "Elasticsearch_7.1"), ("auto_tune_options", None)))
    assert "2025-11-07" in finding.message
    assert "2027-11-07" in finding.message


def test_a_password_is_never_repeated() -> None:
    found = domain.check(changed(DOMAIN, (USER, {"master_user_name": "a", "master_user_password": "Kestrel-1-hover"})))
    assert "Kestrel" not in " ".join(map(str, found))


@pytest.mark.parametrize(("sign_in", "allowed"), [((), "named principals"), ((SAML,), "a VPC, or source addresses")])
def test_what_an_open_policy_could_be_instead(sign_in: tuple[Change, ...], allowed: str) -> None:
    (finding,) = domain.check(changed(DOMAIN, *sign_in, ("access_policies", policy())))
    assert finding.allowed == allowed
