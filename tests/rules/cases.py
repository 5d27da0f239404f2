"""Valid arguments, and small changes to them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

DOMAIN: dict[str, Any] = {
    "domain_name": "events",
    "engine_version": "OpenSearch_3.3",
    "cluster_config": {
        "instance_type": "r7g.large.search",
        "instance_count": 3,
        "dedicated_master_enabled": True,
        "dedicated_master_count": 3,
        "dedicated_master_type": "m7g.large.search",
        "zone_awareness_enabled": True,
        "zone_awareness_config": {"availability_zone_count": 3},
    },
    "ebs_options": {"ebs_enabled": True, "volume_type": "gp3", "volume_size": 100, "iops": 3000, "throughput": 125},
    "encrypt_at_rest": {"enabled": True},
    "node_to_node_encryption": {"enabled": True},
    "domain_endpoint_options": {"enforce_https": True, "tls_security_policy": "Policy-Min-TLS-1-2-PFS-2023-10"},
    "advanced_security_options": {
        "enabled": True,
        "internal_user_database_enabled": False,
        "master_user_options": {"master_user_arn": "arn:aws:iam::123456789012:role/master"},
    },
    "auto_tune_options": {"desired_state": "ENABLED", "rollback_on_disable": "NO_ROLLBACK"},
}
"""A valid domain."""

SMALL: dict[str, Any] = {
    "domain_name": "events",
    "engine_version": "OpenSearch_3.3",
    "cluster_config": {"instance_type": "t3.small.search", "instance_count": 1},
    "ebs_options": {"ebs_enabled": True, "volume_type": "gp3", "volume_size": 10},
    "encrypt_at_rest": {"enabled": True},
    "node_to_node_encryption": {"enabled": True},
}
"""The smallest valid domain."""

ROLE = "arn:aws:iam::123456789012:role/delivery"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:transform:7"

DELIVERY: dict[str, Any] = {
    "name": "events",
    "destination": "opensearch",
    "kinesis_source_configuration": {
        "kinesis_stream_arn": "arn:aws:kinesis:eu-west-1:123456789012:stream/events",
        "role_arn": ROLE,
    },
    "opensearch_configuration": {
        "domain_arn": "arn:aws:es:eu-west-1:123456789012:domain/events",
        "role_arn": ROLE,
        "index_name": "events",
        "index_rotation_period": "OneDay",
        "buffering_size": 5,
        "buffering_interval": 60,
        "retry_duration": 7200,
        "s3_backup_mode": "AllDocuments",
        "processing_configuration": {
            "enabled": True,
            "processors": [
                {"type": "Lambda", "parameters": [{"parameter_name": "LambdaArn", "parameter_value": FUNCTION}]}
            ],
        },
        "s3_configuration": {"role_arn": ROLE, "bucket_arn": "arn:aws:s3:::archive"},
    },
}
"""A valid delivery stream."""

STREAM: dict[str, Any] = {"name": "events", "shard_count": 1, "retention_period": 168}


def changed(arguments: dict[str, Any], *changes: tuple[str, Any]) -> dict[str, Any]:
    """A copy with values set at dotted paths; ``None`` removes."""
    result = deepcopy(arguments)
    for path, value in changes:
        *above, last = path.split(".")
        block = result
        for name in above:
            block = block.setdefault(name, {})
        if value is None:
            block.pop(last, None)
        else:
            block[last] = value
    return result
