"""Domains that are accepted with one warning."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import domain
from tests.rules.cases import DOMAIN, SMALL, changed
from tests.rules.domain_arguments import (
    ANONYMOUS,
    COUNT,
    IOPS,
    MASTER,
    MASTERS,
    READER,
    SAML,
    SIZE,
    SUBNETS,
    THROUGHPUT,
    TOKENS,
    TYPE,
    USER,
    WARM,
    WARM_TYPE,
    ZONES,
    Change,
    policy,
    saml,
)

DOMAIN_ARN = "arn:aws:es:eu-west-1:123456789012:domain/events"

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
def test_domains_with_one_warning(path: str, base: dict[str, Any], changes: tuple[Change, ...]) -> None:
    found = domain.check(changed(base, *changes))
    assert [(finding.path, finding.severity) for finding in found] == [(path, "warning")]
