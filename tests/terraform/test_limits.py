"""The table of limits compared with the provider's validators, which accept every bound and every choice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from constructs_lib import limits
from constructs_lib.limits import DELIVERY, DOMAIN, STREAM, Choice, Count, Length, Limit, Range
from constructs_lib.plans.terraform import Terraform
from tests.rules.cases import ROLE

ARN = "arn:aws:es:eu-west-1:123456789012:domain/events"
BACKUP = {"role_arn": ROLE, "bucket_arn": "arn:aws:s3:::archive"}
DESTINATION = {"domain_arn": ARN, "role_arn": ROLE, "index_name": "events", "s3_configuration": BACKUP}
MINIMAL: dict[str, dict[str, Any]] = {
    STREAM: {"name": "events", "shard_count": 1},
    DOMAIN: {"domain_name": "events"},
    DELIVERY: {"name": "events", "destination": "opensearch"},
}
NEEDED: dict[str, dict[str, Any]] = {
    "opensearch_configuration": DESTINATION,
    "elasticsearch_configuration": DESTINATION,
    "s3_configuration": BACKUP,
    "ebs_options": {"ebs_enabled": True},
    "advanced_security_options": {"enabled": True},
    "encrypt_at_rest": {"enabled": True},
    "auto_tune_options": {"desired_state": "ENABLED"},
    "maintenance_schedule": {
        "start_at": "2027-01-31T03:00:00Z",
        "cron_expression_for_recurrence": "cron(0 3 ? * 1 *)",
        "duration": {"unit": "HOURS", "value": 2},
    },
    "duration": {"unit": "HOURS", "value": 2},
    "log_publishing_options": {
        "cloudwatch_log_group_arn": "arn:aws:logs:eu-west-1:123456789012:log-group:a",
        "log_type": "AUDIT_LOGS",
    },
    "cognito_options": {"user_pool_id": "a_b", "identity_pool_id": "a:b", "role_arn": ROLE},
    "document_id_options": {"default_document_id_format": "NO_DOCUMENT_ID"},
    "processors": {"type": "Lambda"},
    "parameters": {"parameter_name": "LambdaArn", "parameter_value": "a"},
    "vpc_config": {"role_arn": ROLE, "subnet_ids": ["a"], "security_group_ids": ["a"]},
    "server_side_encryption": {"enabled": True},
    "stream_mode_details": {"stream_mode": "PROVISIONED"},
}
"""What blocks need besides the argument in question."""
UNKNOWN_TO_THE_PROVIDER = (
    "warm_throughput_mib_ps",
    "saml_options",
    "jwt_options",
    "aiml_options",
    "identity_center_options",
    "max_record_size",
)
"""Of another resource, or of newer providers."""
NEWER = ("RFC9151", "FIPS-PQ")
"""In values that newer providers know."""
MANY = 60


def values(limit: Limit) -> list[Any]:
    """What the limit accepts at its edges."""
    if isinstance(limit, Choice):
        return [value for value in limit.values if not any(mark in str(value) for mark in NEWER)]
    if not isinstance(limit, Range):
        return []
    bounds = [bound for bound in (limit.minimum, limit.maximum) if bound is not None]
    if isinstance(limit, Length):
        return ["a" * int(bound) for bound in bounds if bound < 10_000]
    if isinstance(limit, Count):
        return [[f"i{number}" for number in range(int(bound))] for bound in bounds if 0 < bound < MANY]
    return [int(bound) for bound in bounds]


def put(arguments: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Arguments with a value at a path, and what its blocks need."""
    name, _, rest = path.partition(".")
    key = name.removesuffix("[]")
    if not rest:
        return arguments | {key: [value] if name.endswith("[]") else value}
    block = put(NEEDED.get(key, {}) | arguments.get(key, {}), rest, value)
    return arguments | {key: [block] if name.endswith("[]") else block}


def test_the_provider_accepts_every_bound_and_every_choice(terraform: Terraform, tmp_path: Path) -> None:
    resources: dict[str, dict[str, Any]] = {STREAM: {}, DOMAIN: {}, DELIVERY: {}}
    for (type_, path), applying in limits.ARGUMENTS.items():
        if type_ not in resources or any(
            path.startswith(name) or f".{name}" in path for name in UNKNOWN_TO_THE_PROVIDER
        ):
            continue
        if path.endswith(("arn", "start_at", "cluster_endpoint")) or path in ("domain_name", "access_policies"):
            continue
        for limit in applying:
            for number, value in enumerate(values(limit)):
                label = re.sub(r"\W", "_", f"{path}_{type(limit).__name__}_{number}")
                resources[type_][label] = put(MINIMAL[type_], path, value)
    configuration = {
        "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0"}}},
        "resource": resources,
    }
    (tmp_path / "main.tf.json").write_text(json.dumps(configuration), encoding="utf-8")
    terraform.init(tmp_path, backend=False)
    said = [str(message) for message in terraform.validate(tmp_path)]
    assert sum(map(len, resources.values())) > 150
    assert said == []
