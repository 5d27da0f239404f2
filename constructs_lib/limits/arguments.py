"""Limits of single arguments, by resource type and dotted path (``[]`` is every item of a list).

ARNs are in `arns`, required arguments in `required`.
"""

from __future__ import annotations

from constructs_lib.limits import sources
from constructs_lib.limits.environment import ENVIRONMENT, KEYS
from constructs_lib.limits.limit_types import Choice, Count, Length, Limit, Pattern, Range
from constructs_lib.limits.quotas import ACCESS_POLICY_BYTES, MANY_ON_DEMAND_MIB
from constructs_lib.limits.resources import RESOURCES

DOMAIN = "aws_opensearch_domain"
STREAM = "aws_kinesis_stream"
DELIVERY = "aws_kinesis_firehose_delivery_stream"


_INSTANCE_TYPE = Pattern(
    r"(?=.{10,40}$)[^.]+\.[^.]+\.search", "a type such as r7g.large.search", sources.OPENSEARCH_MODEL
)

_TIMEOUTS = {
    f"timeouts.{operation}": (
        Pattern(
            r"(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+",
            "a duration such as 90m or 2h30m",
            "https://developer.hashicorp.com/terraform/language/resources/syntax#operation-timeouts",
        ),
    )
    for operation in ("create", "update", "delete")
}

_STREAM_ARGUMENTS: dict[str, tuple[Limit, ...]] = {
    "name": (
        Length(1, 128, sources.KINESIS_MODEL),
        Pattern(r"[a-zA-Z0-9_.-]+", "letters, digits and _ . -", sources.KINESIS_MODEL),
    ),
    "encryption_type": (Choice(("NONE", "KMS"), sources.KINESIS_MODEL),),
    "kms_key_id": (Length(1, 2048, sources.KINESIS_MODEL),),
    "max_record_size_in_kib": (Range(1024, 10240, sources.KINESIS_MODEL, "KiB"),),
    "warm_throughput_mib_ps": (Range(0, MANY_ON_DEMAND_MIB, sources.KINESIS_WARM, "MiB/s"),),
    "retention_period": (Range(24, 8760, sources.STREAM_PROVIDER, "hours"),),
    "shard_count": (Range(0, 1_000_000, sources.KINESIS_MODEL, "shards"),),
    "shard_level_metrics[]": (
        Choice(
            (
                "IncomingBytes",
                "IncomingRecords",
                "OutgoingBytes",
                "OutgoingRecords",
                "WriteProvisionedThroughputExceeded",
                "ReadProvisionedThroughputExceeded",
                "IteratorAgeMilliseconds",
                "ALL",
            ),
            sources.KINESIS_MODEL,
        ),
    ),
    "stream_mode_details.stream_mode": (Choice(("PROVISIONED", "ON_DEMAND"), sources.KINESIS_MODEL),),
    **_TIMEOUTS,
}

_DOMAIN_ARGUMENTS: dict[str, tuple[Limit, ...]] = {
    "domain_name": (
        Pattern(
            r"[a-z][a-z0-9-]{2,27}",
            "3 to 28 lower-case letters, digits and hyphens, beginning with a letter",
            sources.OPENSEARCH_MODEL,
        ),
    ),
    "engine_version": (
        Pattern(
            r"Elasticsearch_[0-9]\.[0-9]{1,2}|OpenSearch_[0-9]{1,2}\.[0-9]{1,2}",
            "OpenSearch_x.y or Elasticsearch_x.y",
            sources.OPENSEARCH_MODEL,
        ),
    ),
    "ip_address_type": (Choice(("ipv4", "dualstack"), sources.OPENSEARCH_MODEL),),
    "access_policies": (Length(0, ACCESS_POLICY_BYTES, sources.DOMAIN_QUOTAS),),
    "cluster_config.instance_type": (_INSTANCE_TYPE,),
    "cluster_config.instance_count": (Range(1, None, sources.OPENSEARCH_MODEL, "data nodes"),),
    "cluster_config.dedicated_master_type": (_INSTANCE_TYPE,),
    "cluster_config.warm_count": (Range(2, 150, sources.DOMAIN_PROVIDER, "warm nodes", zero_is_absent=True),),
    "cluster_config.warm_type": (
        Choice(
            ("ultrawarm1.medium.search", "ultrawarm1.large.search", "ultrawarm1.xlarge.search"),
            sources.OPENSEARCH_MODEL,
        ),
    ),
    "cluster_config.zone_awareness_config.availability_zone_count": (Choice((2, 3), sources.DOMAIN_PROVIDER),),
    "cluster_config.node_options[].node_type": (Choice(("coordinator",), sources.OPENSEARCH_MODEL),),
    "cluster_config.node_options[].node_config.count": (Range(1, None, sources.DOMAIN_PROVIDER, "nodes"),),
    "cluster_config.node_options[].node_config.type": (_INSTANCE_TYPE,),
    # No io2: neither the service model nor the provider knows it for domains.
    "ebs_options.volume_type": (Choice(("standard", "gp2", "gp3", "io1"), sources.OPENSEARCH_MODEL),),
    "encrypt_at_rest.kms_key_id": (Length(1, 500, sources.OPENSEARCH_MODEL),),
    "domain_endpoint_options.tls_security_policy": (
        Choice(
            (
                "Policy-Min-TLS-1-0-2019-07",
                "Policy-Min-TLS-1-2-2019-07",
                "Policy-Min-TLS-1-2-PFS-2023-10",
                # Only newer providers know the rest.
                "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
                "Policy-Min-TLS-1-2-FIPS-PQ-2026-10",
            ),
            sources.OPENSEARCH_MODEL,
        ),
    ),
    "domain_endpoint_options.custom_endpoint": (
        Pattern(
            r"(?=.{1,255}$)(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])",
            "a host name such as search.example.com, without https://",
            sources.OPENSEARCH_MODEL,
        ),
    ),
    "advanced_security_options.master_user_options.master_user_name": (Length(1, 64, sources.OPENSEARCH_MODEL),),
    "advanced_security_options.jwt_options.subject_key": (Length(1, 64, sources.OPENSEARCH_MODEL),),
    "advanced_security_options.jwt_options.roles_key": (Length(1, 64, sources.OPENSEARCH_MODEL),),
    "saml_options.session_timeout_minutes": (Range(1, 1440, sources.OPENSEARCH_MODEL, "minutes"),),
    "saml_options.idp.entity_id": (Length(8, 512, sources.OPENSEARCH_MODEL),),
    "saml_options.idp.metadata_content": (Length(1, 1_048_576, sources.OPENSEARCH_MODEL),),
    "saml_options.master_backend_role": (Length(1, 256, sources.OPENSEARCH_MODEL),),
    "saml_options.master_user_name": (Length(1, 64, sources.OPENSEARCH_MODEL),),
    "cognito_options.user_pool_id": (
        Pattern(r"[\w-]+_[0-9a-zA-Z]+", "a user pool's id such as eu-west-1_AbCdEfGhI", sources.OPENSEARCH_MODEL),
        Length(1, 55, sources.OPENSEARCH_MODEL),
    ),
    "cognito_options.identity_pool_id": (
        Pattern(r"[\w-]+:[0-9a-f-]+", "an identity pool's id such as eu-west-1:1a2b...", sources.OPENSEARCH_MODEL),
        Length(1, 55, sources.OPENSEARCH_MODEL),
    ),
    "log_publishing_options[].log_type": (
        Choice(("INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", "AUDIT_LOGS"), sources.OPENSEARCH_MODEL),
    ),
    "auto_tune_options.desired_state": (Choice(("ENABLED", "DISABLED"), sources.OPENSEARCH_MODEL),),
    "auto_tune_options.rollback_on_disable": (Choice(("NO_ROLLBACK", "DEFAULT_ROLLBACK"), sources.OPENSEARCH_MODEL),),
    "auto_tune_options.maintenance_schedule": (Count(0, 100, sources.OPENSEARCH_MODEL, "maintenance windows"),),
    "auto_tune_options.maintenance_schedule[].duration.value": (Range(1, 24, sources.OPENSEARCH_MODEL, "hours"),),
    "auto_tune_options.maintenance_schedule[].duration.unit": (Choice(("HOURS",), sources.OPENSEARCH_MODEL),),
    "auto_tune_options.maintenance_schedule[].start_at": (
        Pattern(
            r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})",
            "a time such as 2027-01-31T03:00:00Z",
            sources.DOMAIN_PROVIDER,
        ),
    ),
    "off_peak_window_options.off_peak_window.window_start_time.hours": (
        Range(0, 23, sources.OPENSEARCH_MODEL, "hours"),
    ),
    "off_peak_window_options.off_peak_window.window_start_time.minutes": (
        Range(0, 59, sources.OPENSEARCH_MODEL, "minutes"),
    ),
    "snapshot_options.automated_snapshot_start_hour": (Range(0, 23, sources.DOMAIN_PROVIDER, "hours"),),
    "aiml_options.natural_language_query_generation_options.desired_state": (
        Choice(("ENABLED", "DISABLED"), sources.OPENSEARCH_MODEL),
    ),
    "identity_center_options.subject_key": (Choice(("UserName", "UserId", "Email"), sources.OPENSEARCH_MODEL),),
    "identity_center_options.roles_key": (Choice(("GroupName", "GroupId"), sources.OPENSEARCH_MODEL),),
    **_TIMEOUTS,
}

_DESTINATION_ARGUMENTS: dict[str, tuple[Limit, ...]] = {
    "cluster_endpoint": (
        Pattern(r"https:.*", "an address that begins with https:", sources.FIREHOSE_MODEL),
        Length(1, 512, sources.FIREHOSE_MODEL),
    ),
    "index_name": (Length(1, 80, sources.FIREHOSE_MODEL),),
    "type_name": (Length(0, 100, sources.FIREHOSE_MODEL),),
    "index_rotation_period": (
        Choice(("NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"), sources.FIREHOSE_MODEL),
    ),
    "buffering_size": (Range(1, 100, sources.FIREHOSE_MODEL, "MiB"),),
    "buffering_interval": (Range(0, 900, sources.FIREHOSE_MODEL, "seconds"),),
    "retry_duration": (Range(0, 7200, sources.FIREHOSE_MODEL, "seconds"),),
    "s3_backup_mode": (Choice(("FailedDocumentsOnly", "AllDocuments"), sources.FIREHOSE_MODEL),),
    "document_id_options.default_document_id_format": (
        Choice(("FIREHOSE_DEFAULT", "NO_DOCUMENT_ID"), sources.FIREHOSE_MODEL),
    ),
    "vpc_config.subnet_ids": (Count(1, 16, sources.FIREHOSE_MODEL, "subnets"),),
    "vpc_config.security_group_ids": (Count(1, 5, sources.FIREHOSE_MODEL, "security groups"),),
    "processing_configuration.processors[].type": (
        Choice(
            (
                "RecordDeAggregation",
                "Decompression",
                "CloudWatchLogProcessing",
                "Lambda",
                "MetadataExtraction",
                "AppendDelimiterToRecord",
            ),
            sources.FIREHOSE_MODEL,
        ),
    ),
    "processing_configuration.processors[].parameters[].parameter_name": (
        Choice(
            (
                "LambdaArn",
                "NumberOfRetries",
                "MetadataExtractionQuery",
                "JsonParsingEngine",
                "RoleArn",
                "BufferSizeInMBs",
                "BufferIntervalInSeconds",
                "SubRecordType",
                "Delimiter",
                "CompressionFormat",
                "DataMessageExtraction",
            ),
            sources.FIREHOSE_MODEL,
        ),
    ),
    "processing_configuration.processors[].parameters[].parameter_value": (Length(1, 5120, sources.FIREHOSE_MODEL),),
    "s3_configuration.buffering_size": (Range(1, 128, sources.FIREHOSE_MODEL, "MiB"),),
    # From 0 since Firehose learned to deliver without buffering; it was 60 before.
    "s3_configuration.buffering_interval": (Range(0, 900, sources.FIREHOSE_MODEL, "seconds"),),
    "s3_configuration.compression_format": (
        Choice(("UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"), sources.FIREHOSE_MODEL),
    ),
    "s3_configuration.prefix": (Length(0, 1024, sources.FIREHOSE_MODEL),),
    "s3_configuration.error_output_prefix": (Length(0, 1024, sources.FIREHOSE_MODEL),),
}

DESTINATIONS = ("opensearch_configuration", "elasticsearch_configuration")
"""Blocks of a delivery stream for a search domain; both take the same arguments."""

_DELIVERY_ARGUMENTS: dict[str, tuple[Limit, ...]] = {
    "name": (
        Length(1, 64, sources.FIREHOSE_MODEL),
        Pattern(r"[a-zA-Z0-9_.-]+", "letters, digits and _ . -", sources.FIREHOSE_MODEL),
    ),
    **_TIMEOUTS,
    "server_side_encryption.key_type": (Choice(("AWS_OWNED_CMK", "CUSTOMER_MANAGED_CMK"), sources.FIREHOSE_MODEL),),
    **{
        f"{destination}.{path}": limits
        for destination in DESTINATIONS
        for path, limits in _DESTINATION_ARGUMENTS.items()
        if not (destination == "elasticsearch_configuration" and path.startswith("document_id_options"))
    },
}

PROCESSOR_PARAMETERS: dict[str, Range] = {
    "BufferSizeInMBs": Range(0.2, 3, sources.FIREHOSE_MODEL, "MiB"),
    "BufferIntervalInSeconds": Range(0, 900, sources.FIREHOSE_LAMBDA, "seconds"),
    "NumberOfRetries": Range(0, 300, sources.FIREHOSE_LAMBDA, "retries"),
}
"""Processor parameters that hold a number, written as text."""

ARGUMENTS: dict[tuple[str, str], tuple[Limit, ...]] = {
    (resource_type, path): limits
    for resource_type, table in (
        (STREAM, _STREAM_ARGUMENTS),
        (DOMAIN, _DOMAIN_ARGUMENTS),
        (DELIVERY, _DELIVERY_ARGUMENTS),
        (ENVIRONMENT, KEYS),
        *RESOURCES.items(),
    )
    for path, limits in table.items()
}
"""Every limit of a single argument."""
