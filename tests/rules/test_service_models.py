"""The table of limits against botocore's models of the services."""

from __future__ import annotations

import functools
import gzip
import json
import re
from pathlib import Path
from typing import Any

import botocore
import pytest

from constructs_lib import limits
from constructs_lib.limits import DELIVERY, DOMAIN, STREAM, Choice, Range
from constructs_lib.limits.instances import INSTANCE_TYPES


@functools.cache
def service(name: str) -> dict[str, Any]:
    """The newest model of a service that botocore has."""
    path = max(Path(botocore.__file__).parent.glob(f"data/{name}/*/service-2.json.gz"))
    shapes: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))["shapes"]
    return shapes


@pytest.mark.parametrize(
    ("key", "name", "shape"),
    [
        ((STREAM, "name"), "kinesis", "StreamName"),
        ((STREAM, "shard_level_metrics[]"), "kinesis", "MetricsName"),
        ((STREAM, "encryption_type"), "kinesis", "EncryptionType"),
        ((STREAM, "stream_mode_details.stream_mode"), "kinesis", "StreamMode"),
        ((STREAM, "max_record_size_in_kib"), "kinesis", "MaxRecordSizeInKiB"),
        ((DOMAIN, "ebs_options.volume_type"), "opensearch", "VolumeType"),
        ((DOMAIN, "domain_endpoint_options.tls_security_policy"), "opensearch", "TLSSecurityPolicy"),
        ((DOMAIN, "cluster_config.warm_type"), "opensearch", "OpenSearchWarmPartitionInstanceType"),
        ((DOMAIN, "cluster_config.node_options[].node_type"), "opensearch", "NodeOptionsNodeType"),
        ((DOMAIN, "log_publishing_options[].log_type"), "opensearch", "LogType"),
        ((DOMAIN, "ip_address_type"), "opensearch", "IPAddressType"),
        ((DOMAIN, "auto_tune_options.rollback_on_disable"), "opensearch", "RollbackOnDisable"),
        ((DOMAIN, "identity_center_options.subject_key"), "opensearch", "SubjectKeyIdCOption"),
        ((DOMAIN, "identity_center_options.roles_key"), "opensearch", "RolesKeyIdCOption"),
        (
            (DOMAIN, "off_peak_window_options.off_peak_window.window_start_time.hours"),
            "opensearch",
            "StartTimeHours",
        ),
        ((DOMAIN, "auto_tune_options.maintenance_schedule[].duration.value"), "opensearch", "DurationValue"),
        (("aws_cloudwatch_metric_alarm", "alarm_name"), "cloudwatch", "AlarmName"),
        (("aws_cloudwatch_metric_alarm", "alarm_description"), "cloudwatch", "AlarmDescription"),
        (("aws_cloudwatch_metric_alarm", "comparison_operator"), "cloudwatch", "ComparisonOperator"),
        (("aws_cloudwatch_metric_alarm", "statistic"), "cloudwatch", "Statistic"),
        (("aws_cloudwatch_metric_alarm", "metric_name"), "cloudwatch", "MetricName"),
        (("aws_iam_role", "max_session_duration"), "iam", "roleMaxSessionDurationType"),
        (("aws_kinesis_stream_consumer", "name"), "kinesis", "ConsumerName"),
        (("aws_kms_key", "rotation_period_in_days"), "kms", "RotationPeriodInDaysType"),
        (("aws_lambda_function", "description"), "lambda", "Description"),
        (("aws_lambda_function", "architectures[]"), "lambda", "Architecture"),
        (("aws_lambda_function", "tracing_config.mode"), "lambda", "TracingMode"),
        ((DELIVERY, "name"), "firehose", "DeliveryStreamName"),
        (
            (DELIVERY, "opensearch_configuration.buffering_size"),
            "firehose",
            "AmazonopensearchserviceBufferingSizeInMBs",
        ),
        (
            (DELIVERY, "opensearch_configuration.buffering_interval"),
            "firehose",
            "AmazonopensearchserviceBufferingIntervalInSeconds",
        ),
        (
            (DELIVERY, "opensearch_configuration.retry_duration"),
            "firehose",
            "AmazonopensearchserviceRetryDurationInSeconds",
        ),
        ((DELIVERY, "opensearch_configuration.index_name"), "firehose", "AmazonopensearchserviceIndexName"),
        (
            (DELIVERY, "opensearch_configuration.index_rotation_period"),
            "firehose",
            "AmazonopensearchserviceIndexRotationPeriod",
        ),
        ((DELIVERY, "opensearch_configuration.s3_backup_mode"), "firehose", "AmazonopensearchserviceS3BackupMode"),
        ((DELIVERY, "elasticsearch_configuration.buffering_size"), "firehose", "ElasticsearchBufferingSizeInMBs"),
        ((DELIVERY, "opensearch_configuration.s3_configuration.buffering_size"), "firehose", "SizeInMBs"),
        ((DELIVERY, "opensearch_configuration.s3_configuration.buffering_interval"), "firehose", "IntervalInSeconds"),
        (
            (DELIVERY, "opensearch_configuration.s3_configuration.compression_format"),
            "firehose",
            "CompressionFormat",
        ),
        ((DELIVERY, "opensearch_configuration.vpc_config.subnet_ids"), "firehose", "SubnetIdList"),
        ((DELIVERY, "opensearch_configuration.vpc_config.security_group_ids"), "firehose", "SecurityGroupIdList"),
        (
            (DELIVERY, "opensearch_configuration.processing_configuration.processors[].type"),
            "firehose",
            "ProcessorType",
        ),
        (
            (DELIVERY, "opensearch_configuration.processing_configuration.processors[].parameters[].parameter_name"),
            "firehose",
            "ProcessorParameterName",
        ),
    ],
)
def test_the_table_agrees_with_the_service_model(key: tuple[str, str], name: str, shape: str) -> None:
    model = service(name)[shape]
    for limit in limits.ARGUMENTS[key]:
        if isinstance(limit, Choice):
            assert set(limit.values) == set(model["enum"])
        elif isinstance(limit, Range):
            assert (limit.minimum, limit.maximum) == (model["min"], model["max"])
        else:
            assert limit.expression == model["pattern"]


def test_instance_types_of_the_service_model_match_the_pattern() -> None:
    (form,) = limits.ARGUMENTS[DOMAIN, "cluster_config.instance_type"]
    known = service("opensearch")["OpenSearchPartitionInstanceType"]["enum"]
    assert [name for name in [*known, *INSTANCE_TYPES] if not re.fullmatch(form.expression, name)] == []  # type: ignore[union-attr]


def test_engine_versions_match_the_pattern_of_the_service_model() -> None:
    pattern = service("opensearch")["VersionString"]["pattern"]
    assert [str(engine) for engine in limits.engines.VERSIONS if not re.fullmatch(pattern, str(engine))] == []
