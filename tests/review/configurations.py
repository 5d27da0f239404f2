"""A small pipeline in Terraform's JSON syntax, from which tests make real plans."""

from __future__ import annotations

import copy
from typing import Any

ACCOUNT = "123456789012"
PASSWORD = "correct-Horse7battery"


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:eu-central-1:{ACCOUNT}:{rest}"


PIPELINE: dict[str, Any] = {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.0"}}},
    "provider": {
        "aws": [
            {
                "region": "eu-central-1",
                "access_key": "test",
                "secret_key": "test",
                "skip_credentials_validation": True,
                "skip_metadata_api_check": "true",
                "skip_requesting_account_id": True,
                "skip_region_validation": True,
                "max_retries": 1,
                "endpoints": [{"opensearch": "http://127.0.0.1:9", "sts": "http://127.0.0.1:9"}],
            }
        ]
    },
    "variable": {"password": {"type": "string", "sensitive": True, "default": PASSWORD}},
    "resource": {
        "aws_kinesis_stream": {
            "events": {
                "name": "events",
                "shard_count": 4,
                "retention_period": 168,
                "encryption_type": "KMS",
                "kms_key_id": _arn("kms", "key/11111111-2222-3333-4444-555555555555"),
                "stream_mode_details": [{"stream_mode": "PROVISIONED"}],
            }
        },
        "aws_opensearch_domain": {
            "domain": {
                "domain_name": "behaviour",
                "engine_version": "OpenSearch_2.19",
                "cluster_config": [
                    {
                        "instance_type": "m7g.large.search",
                        "instance_count": 3,
                        "zone_awareness_enabled": True,
                        "zone_awareness_config": [{"availability_zone_count": 3}],
                        "dedicated_master_enabled": True,
                        "dedicated_master_count": 3,
                        "dedicated_master_type": "m7g.large.search",
                    }
                ],
                "ebs_options": [
                    {"ebs_enabled": True, "volume_type": "gp3", "volume_size": 100, "iops": 3000, "throughput": 250}
                ],
                "encrypt_at_rest": [{"enabled": True}],
                "node_to_node_encryption": [{"enabled": True}],
                "domain_endpoint_options": [
                    {"enforce_https": True, "tls_security_policy": "Policy-Min-TLS-1-2-PFS-2023-10"}
                ],
                "advanced_security_options": [
                    {
                        "enabled": True,
                        "internal_user_database_enabled": True,
                        "master_user_options": [
                            {"master_user_name": "chief", "master_user_password": "${var.password}"}
                        ],
                    }
                ],
                "access_policies": '{"Version":"2012-10-17","Statement":[]}',
                "auto_tune_options": [{"desired_state": "ENABLED", "rollback_on_disable": "NO_ROLLBACK"}],
                "off_peak_window_options": [
                    {
                        "enabled": True,
                        "off_peak_window": [{"window_start_time": [{"hours": 2, "minutes": 0}]}],
                    }
                ],
                "tags": {"team": "search"},
            }
        },
        "aws_kinesis_firehose_delivery_stream": {
            "delivery": {
                "name": "delivery",
                "destination": "opensearch",
                "kinesis_source_configuration": [
                    {
                        "kinesis_stream_arn": _arn("kinesis", "stream/events"),
                        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/delivery",
                    }
                ],
                "opensearch_configuration": [
                    {
                        "domain_arn": _arn("es", "domain/behaviour"),
                        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/delivery",
                        "index_name": "events",
                        "index_rotation_period": "OneDay",
                        "buffering_size": 5,
                        "buffering_interval": 60,
                        "s3_backup_mode": "AllDocuments",
                        "s3_configuration": [
                            {
                                "role_arn": f"arn:aws:iam::{ACCOUNT}:role/delivery",
                                "bucket_arn": "arn:aws:s3:::archive",
                                "compression_format": "GZIP",
                            }
                        ],
                    }
                ],
            }
        },
        "aws_s3_bucket": {"archive": {"bucket": "behaviour-archive"}},
        "aws_cloudwatch_log_group": {"domain_errors": {"name": "/aws/es/behaviour/errors", "retention_in_days": 365}},
        "aws_lambda_function": {
            "transform": {
                "function_name": "transform",
                "role": f"arn:aws:iam::{ACCOUNT}:role/transform",
                "runtime": "python3.13",
                "handler": "handler.handle",
                "s3_bucket": "code",
                "s3_key": "transform.zip",
                "memory_size": 512,
                "timeout": 60,
                "environment": [{"variables": {"API_TOKEN": "t0p-Secret-Token", "LEVEL": "INFO"}}],
            }
        },
    },
}


def changed(*edits: tuple[str, Any]) -> dict[str, Any]:
    """The pipeline with values set at dotted paths below ``resource``; ``...`` removes what is there."""
    configuration = copy.deepcopy(PIPELINE)
    for path, value in edits:
        *above, last = path.split(".")
        place = configuration["resource"]
        for part in above:
            place = place[part]
            place = place[0] if isinstance(place, list) else place
        if value is ...:
            del place[last]
            configuration["resource"] = {type_: named for type_, named in configuration["resource"].items() if named}
        else:
            place[last] = value
    return configuration
