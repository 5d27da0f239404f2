"""Domains that are refused, each for one argument alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from constructs_lib.rules import UNKNOWN, domain
from tests.rules.cases import DOMAIN, SMALL, changed
from tests.rules.domain_arguments import (
    COUNT,
    CRON,
    FROM_OFFICE,
    GROUP,
    IOPS,
    KEY_ABROAD,
    KEYS,
    KIND,
    MASTER,
    MASTERS,
    MAX_CLAUSES,
    METADATA,
    NO_PERFORMANCE,
    OPEN,
    POOLS,
    READER,
    SAML,
    SIZE,
    SLOW,
    STANDBY,
    SUBNETS,
    THROUGHPUT,
    TOKENS,
    TYPE,
    USER,
    WARM,
    WARM_TYPE,
    WINDOW,
    WINDOWS,
    ZONES,
    Change,
    coordinators,
    policy,
    saml,
)

MASTERS_ON = "cluster_config.dedicated_master_enabled"
AWARE = "cluster_config.zone_awareness_enabled"
MASTERS_OF_SMALL = ((MASTERS_ON, True), (MASTERS, 3), (MASTER, "m7g.large.search"))
FROM_ANYWHERE = {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}
METADATA_PATH = "saml_options.idp.metadata_content"
DATABASE = "advanced_security_options.internal_user_database_enabled"
BY_NAME = {"master_user_name": "kestrel", "master_user_password": "Kestrel-1-hover"}
COORDINATOR = "cluster_config.node_options[0].node_config"

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
def test_invalid_domains_are_refused(path: str, base: dict[str, Any], changes: tuple[Change, ...]) -> None:
    errors = [finding for finding in domain.check(changed(base, *changes)) if finding.severity == "error"]
    assert {finding.path for finding in errors} == {path}


def test_a_password_is_never_printed() -> None:
    found = domain.check(changed(DOMAIN, (USER, {"master_user_name": "a", "master_user_password": "Kestrel-1-hover"})))
    assert "Kestrel" not in " ".join(map(str, found))


@pytest.mark.parametrize(("sign_in", "allowed"), [((), "named principals"), ((SAML,), "a VPC, or source addresses")])
def test_an_open_policy_is_refused_with_alternatives(sign_in: tuple[Change, ...], allowed: str) -> None:
    (finding,) = domain.check(changed(DOMAIN, *sign_in, ("access_policies", policy())))
    assert finding.allowed == allowed
