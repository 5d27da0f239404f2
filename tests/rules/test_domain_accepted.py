"""Valid domains: each rule at its bound, and every form that a plan may have."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import UNKNOWN, domain
from tests.rules.cases import DOMAIN, SMALL, changed
from tests.rules.domain_arguments import (
    CLUSTER,
    COUNT,
    FROM_OFFICE,
    GROUP,
    IOPS,
    KEYS,
    KIND,
    MASTER,
    MASTERS,
    MAX_CLAUSES,
    METADATA,
    NO_PERFORMANCE,
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
    WARM,
    WARM_TYPE,
    WINDOW,
    WINDOWS,
    ZONES,
    coordinators,
    policy,
    saml,
)

OWN_DISKS = ((TYPE, "r6gd.large.search"), ("ebs_options", {"ebs_enabled": False}))

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
def test_valid_domains_are_accepted(arguments: dict[str, Any]) -> None:
    assert [f"{finding.path}: {finding}" for finding in domain.check(arguments)] == []
