"""Every argument of the three resources can be set in an environment file, or has a reason why not.

The authority is the provider's own schema (``terraform providers schema -json``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from constructs_lib import limits
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.section import Section, section_of
from tests.stacks import stack_of

SECTIONS = {limits.DOMAIN: "domain", limits.STREAM: "stream", limits.DELIVERY: "delivery"}
DESTINATION = "opensearch_configuration"

EVERYWHERE = {
    "id": "is the provider's own identifier",
    "arn": "follows from the name, or is answered by AWS",
    "tags": "tags stand once for all resources: `tags` of the environment, as the provider's default tags",
    "tags_all": "is the provider's sum of tags",
}
REASONS: dict[str, dict[str, str]] = {
    limits.STREAM: EVERYWHERE,
    limits.DOMAIN: EVERYWHERE,
    limits.DELIVERY: EVERYWHERE
    | {
        "destination": "is always the deployment's own domain",
        "destination_id": "is answered by AWS",
        "version_id": "is answered by AWS",
        "kinesis_source_configuration": "is always the deployment's own stream, read by its own role",
        "msk_source_configuration": "excludes the Kinesis source",
        "server_side_encryption": "excludes the Kinesis source, whose own encryption counts",
        "elasticsearch_configuration": "is the older name of opensearch_configuration, for the same domains",
        **dict.fromkeys(
            (
                "extended_s3_configuration",
                "http_endpoint_configuration",
                "iceberg_configuration",
                "opensearchserverless_configuration",
                "redshift_configuration",
                "snowflake_configuration",
                "splunk_configuration",
            ),
            "leads to something else than a search domain",
        ),
        f"{DESTINATION}.domain_arn": "is the deployment's own domain",
        f"{DESTINATION}.cluster_endpoint": "excludes domain_arn",
        f"{DESTINATION}.role_arn": "is the delivery's own role",
        f"{DESTINATION}.vpc_config.role_arn": "is the delivery's own role",
        f"{DESTINATION}.vpc_config.subnet_ids": "are the domain's own subnets",
        f"{DESTINATION}.s3_configuration.role_arn": "is the delivery's own role",
        f"{DESTINATION}.s3_configuration.bucket_arn": "is the deployment's own archive",
        **{
            f"{DESTINATION}.{block}cloudwatch_logging_options.{name}": "is the deployment's own log group and stream"
            for block in ("", "s3_configuration.")
            for name in ("log_group_name", "log_stream_name")
        },
    },
}
"""What an environment file cannot say, and why; a block's reason covers what is in it."""


def arguments(block: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Paths of what a configuration may write of a resource, blocks included."""
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("optional") or attribute.get("required"):
            yield f"{prefix}{name}"
    for name, nested in block.get("block_types", {}).items():
        yield f"{prefix}{name}"
        yield from arguments(nested["block"], f"{prefix}{name}.")


def sayable(section: type[Section], path: str) -> bool:
    """Whether the fields of a section lead to an argument."""
    model: type[Section] | None = section
    for name in path.split("."):
        if model is None or name not in model.model_fields:
            return False
        model = section_of(model.model_fields[name].annotation)
    return True


def excused(resource_type: str, path: str) -> bool:
    return any(path == excuse or path.startswith(f"{excuse}.") for excuse in REASONS[resource_type])


@pytest.fixture(scope="session")
def known(provider_schema: dict[str, Any]) -> dict[str, list[str]]:
    """Arguments of the three resources."""
    return {type_: list(arguments(provider_schema["resource_schemas"][type_]["block"])) for type_ in SECTIONS}


@pytest.mark.parametrize("resource_type", SECTIONS)
def test_every_argument_can_be_set_or_has_a_reason(resource_type: str, known: dict[str, list[str]]) -> None:
    section = section_of(Environment.model_fields[SECTIONS[resource_type]].annotation)
    assert section is not None
    unsaid = [path for path in known[resource_type] if not sayable(section, path) and not excused(resource_type, path)]
    assert unsaid == []


@pytest.mark.parametrize("resource_type", SECTIONS)
def test_every_reason_is_for_an_argument_that_cannot_be_set(resource_type: str, known: dict[str, list[str]]) -> None:
    section = section_of(Environment.model_fields[SECTIONS[resource_type]].annotation)
    assert section is not None
    assert [path for path in REASONS[resource_type] if path not in known[resource_type]] in ([], ["arn"])
    assert [path for path in REASONS[resource_type] if sayable(section, path)] == []


@pytest.mark.parametrize("resource_type", SECTIONS)
def test_every_newer_argument_can_be_set(resource_type: str, known: dict[str, list[str]]) -> None:
    section = section_of(Environment.model_fields[SECTIONS[resource_type]].annotation)
    assert section is not None
    newer = [path for path in limits.ARGUMENT_SINCE[resource_type] if path not in known[resource_type]]
    assert newer == list(limits.ARGUMENT_SINCE[resource_type])
    unsaid = [path for path in newer if path != "region" and not sayable(section, path)]
    assert unsaid == []


ROLE = "arn:aws:iam::123456789012:role/existing"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"
TIMEOUTS = {"create": "2h", "update": "3h", "delete": "2h"}

LARGE: dict[str, Any] = {
    "name": "large",
    "region": "eu-west-1",
    "network": {"vpc_id": "vpc-00000001", "subnet_ids": ["subnet-00000001", "subnet-00000002", "subnet-00000003"]},
    "stream": {
        "name": "clicks",
        "shard_count": 2,
        "retention_period": 168,
        "encryption_type": "KMS",
        "kms_key_id": KEY,
        "shard_level_metrics": ["IncomingBytes"],
        "enforce_consumer_deletion": True,
        "max_record_size_in_kib": 2048,
        "timeouts": TIMEOUTS,
        "stream_mode_details": {"stream_mode": "PROVISIONED"},
    },
    "domain": {
        "domain_name": "clicks",
        "engine_version": "OpenSearch_3.3",
        "access_policies": {"Version": "2012-10-17", "Statement": []},
        "advanced_options": {"indices.fielddata.cache.size": "20"},
        "ip_address_type": "dualstack",
        "cluster_config": {
            "instance_type": "or2.large.search",
            "instance_count": 3,
            "dedicated_master_enabled": True,
            "dedicated_master_count": 3,
            "dedicated_master_type": "m7g.large.search",
            "zone_awareness_enabled": True,
            "zone_awareness_config": {"availability_zone_count": 3},
            "multi_az_with_standby_enabled": True,
            "warm_enabled": True,
            "warm_count": 3,
            "warm_type": "ultrawarm1.medium.search",
            "cold_storage_options": {"enabled": True},
            "node_options": [
                {"node_type": "coordinator", "node_config": {"enabled": True, "count": 3, "type": "m7g.large.search"}}
            ],
        },
        "ebs_options": {
            "ebs_enabled": True,
            "volume_type": "gp3",
            "volume_size": 100,
            "iops": 4000,
            "throughput": 250,
        },
        "encrypt_at_rest": {"enabled": True, "kms_key_id": KEY},
        "node_to_node_encryption": {"enabled": True},
        "domain_endpoint_options": {
            "enforce_https": True,
            "tls_security_policy": "Policy-Min-TLS-1-2-PFS-2023-10",
            "custom_endpoint_enabled": True,
            "custom_endpoint": "search.example.com",
            "custom_endpoint_certificate_arn": "arn:aws:acm:eu-west-1:123456789012:certificate/1",
        },
        "advanced_security_options": {
            "enabled": True,
            "anonymous_auth_enabled": False,
            "internal_user_database_enabled": False,
            "master_user_options": {"master_user_arn": ROLE},
            "jwt_options": {
                "enabled": True,
                "public_key": "-----BEGIN PUBLIC KEY-----",
                "roles_key": "roles",
                "subject_key": "sub",
            },
        },
        "cognito_options": {
            "enabled": True,
            "user_pool_id": "eu-west-1_AbCdEfGhI",
            "identity_pool_id": "eu-west-1:1a2b",
            "role_arn": ROLE,
        },
        "log_publishing_options": [
            {
                "log_type": "AUDIT_LOGS",
                "enabled": True,
                "cloudwatch_log_group_arn": "arn:aws:logs:eu-west-1:123456789012:log-group:audit",
            }
        ],
        "auto_tune_options": {
            "desired_state": "ENABLED",
            "rollback_on_disable": "NO_ROLLBACK",
            "use_off_peak_window": False,
            "maintenance_schedule": [
                {
                    "start_at": "2027-01-31T03:00:00Z",
                    "duration": {"value": 2, "unit": "HOURS"},
                    "cron_expression_for_recurrence": "cron(0 3 ? * 1 *)",
                }
            ],
        },
        "off_peak_window_options": {
            "enabled": True,
            "off_peak_window": {"window_start_time": {"hours": 23, "minutes": 59}},
        },
        "snapshot_options": {"automated_snapshot_start_hour": 23},
        "software_update_options": {"auto_software_update_enabled": False},
        "vpc_options": {
            "subnet_ids": ["subnet-00000001", "subnet-00000002", "subnet-00000003"],
            "security_group_ids": ["sg-1"],
        },
        "aiml_options": {
            "natural_language_query_generation_options": {"desired_state": "ENABLED"},
            "s3_vectors_engine": {"enabled": True},
            "serverless_vector_acceleration": {"enabled": False},
        },
        "identity_center_options": {
            "enabled_api_access": True,
            "identity_center_instance_arn": "arn:aws:sso:::instance/ssoins-1234567890abcdef",
            "roles_key": "GroupId",
            "subject_key": "UserName",
        },
        "timeouts": TIMEOUTS,
    },
    "delivery": {
        "name": "clicks",
        "timeouts": TIMEOUTS,
        "opensearch_configuration": {
            "index_name": "clicks",
            "index_rotation_period": "OneWeek",
            "buffering_size": 10,
            "buffering_interval": 120,
            "retry_duration": 600,
            "s3_backup_mode": "AllDocuments",
            "document_id_options": {"default_document_id_format": "NO_DOCUMENT_ID"},
            "cloudwatch_logging_options": {"enabled": True},
            "processing_configuration": {
                "enabled": True,
                "processors": [
                    {
                        "type": "AppendDelimiterToRecord",
                        "parameters": [{"parameter_name": "Delimiter", "parameter_value": "|"}],
                    }
                ],
            },
            "s3_configuration": {
                "buffering_size": 64,
                "buffering_interval": 600,
                "compression_format": "Snappy",
                "prefix": "clicks/",
                "error_output_prefix": "wrong/!{firehose:error-output-type}/",
                "kms_key_arn": KEY,
                "cloudwatch_logging_options": {"enabled": True},
            },
            "vpc_config": {"security_group_ids": ["sg-2"]},
        },
    },
}
"""An environment that says everything but what excludes it."""

OLD: dict[str, Any] = {
    "name": "old",
    "region": "eu-west-1",
    "stream": {"stream_mode_details": {"stream_mode": "ON_DEMAND"}, "warm_throughput_mib_ps": 10},
    "domain": {
        "engine_version": "Elasticsearch_6.8",
        "cluster_config": {"instance_type": "m5.large.search", "instance_count": 1},
        "ebs_options": {"volume_type": "gp2", "volume_size": 10},
        "advanced_security_options": {"enabled": False},
    },
    "delivery": {"opensearch_configuration": {"type_name": "click"}},
}
"""What the first excludes, on an old engine."""

EXPECTED_ELSEWHERE = {
    "advanced_security_options.master_user_options.master_user_name": "is refused: the password would lie in the state",
    "advanced_security_options.master_user_options.master_user_password": "is refused: it would lie in the state",
}


def written(value: Any, prefix: str = "") -> Iterator[str]:
    """Paths of what a synthesized resource writes, blocks included."""
    for item in value if isinstance(value, list) else [value]:
        for name, inner in item.items() if isinstance(item, dict) else ():
            yield f"{prefix}{name}"
            yield from written(inner, f"{prefix}{name}.")


@pytest.mark.parametrize("resource_type", SECTIONS)
def test_every_setting_reaches_terraform(resource_type: str, known: dict[str, list[str]]) -> None:
    reached = {path for document in (LARGE, OLD) for path in written(stack_of(document).one(resource_type))}
    wanted = [*known[resource_type], *(path for path in limits.ARGUMENT_SINCE[resource_type] if path != "region")]
    missing = [
        path for path in wanted if path not in reached | set(EXPECTED_ELSEWHERE) and not excused(resource_type, path)
    ]
    assert missing == []
