"""Paths of a domain's arguments, values for them, and changes that combine the two."""

from __future__ import annotations

import json
from typing import Any

Change = tuple[str, Any]
"""A path and the value that it is given; None takes it away."""

CLUSTER = "cluster_config"
TYPE = "cluster_config.instance_type"
COUNT = "cluster_config.instance_count"
MASTERS = "cluster_config.dedicated_master_count"
MASTER = "cluster_config.dedicated_master_type"
ZONES = "cluster_config.zone_awareness_config.availability_zone_count"
STANDBY = "cluster_config.multi_az_with_standby_enabled"
WARM = ("cluster_config.warm_enabled", True)
WARM_TYPE = ("cluster_config.warm_type", "ultrawarm1.medium.search")
SIZE = "ebs_options.volume_size"
KEY_ABROAD = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"
KIND = "ebs_options.volume_type"
IOPS = "ebs_options.iops"
THROUGHPUT = "ebs_options.throughput"
USER = "advanced_security_options.master_user_options"
NO_PERFORMANCE = ((IOPS, None), (THROUGHPUT, None))
OPEN = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "es:*", "Resource": "*"}]}
READER = "arn:aws:iam::123456789012:role/reader"
FROM_OFFICE = {"IpAddress": {"aws:SourceIp": ["192.0.2.0/24"]}}
SUBNETS = "vpc_options.subnet_ids"
METADATA = '<EntityDescriptor entityID="https://idp.example.com/saml"/>'
IDP = {"entity_id": "https://idp.example.com/saml", "metadata_content": METADATA}
SAML = ("saml_options", {"enabled": True, "idp": IDP})
TOKENS = ("advanced_security_options.jwt_options", {"enabled": True, "public_key": "-----BEGIN PUBLIC KEY-----"})
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:search"
MAX_CLAUSES = "indices.query.bool.max_clause_count"
POOLS = {
    "enabled": True,
    "user_pool_id": "eu-west-1_AbCdEfGhI",
    "identity_pool_id": "eu-west-1:1a2b",
    "role_arn": "arn:aws:iam::123456789012:role/cognito",
}
KEYS = "arn:aws:kms:eu-west-1:123456789012"
WINDOWS = "auto_tune_options.maintenance_schedule"
CRON = "cron_expression_for_recurrence"
WINDOW = {
    "start_at": "2027-01-31T03:00:00Z",
    "duration": {"value": 2, "unit": "HOURS"},
    CRON: "cron(0 3 ? * 1 *)",
}
ANONYMOUS = "advanced_security_options.anonymous_auth_enabled"
SLOW = {"log_type": "INDEX_SLOW_LOGS", "cloudwatch_log_group_arn": GROUP}


def coordinators(**changes: Any) -> tuple[str, Any]:
    """A change that adds coordinator nodes."""
    config = {"enabled": True, "count": 3, "type": "m7g.large.search"} | changes
    return ("cluster_config.node_options", [{"node_type": "coordinator", "node_config": config}])


def saml(**changes: Any) -> tuple[str, Any]:
    """A change that adds a sign-in by SAML."""
    return ("saml_options", {"enabled": True, "idp": IDP | changes})


def policy(**more: Any) -> str:
    """The policy that is open to everybody, with changes to its statement."""
    return json.dumps({"Statement": [OPEN["Statement"][0] | more]})
