"""``delivery``: from the stream to the domain (provider resource ``aws_kinesis_firehose_delivery_stream``).

Left out, because they follow from the rest of the deployment: the ARNs of source, domain, bucket, key and role, the
subnets, and the processor that calls the transform.
"""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.section import Section, Timeouts


class LoggingOptions(Section):
    """Where delivery errors are logged; on, into a log group of the deployment's own."""

    enabled: bool = True


class DocumentIdOptions(Section):
    """Who makes document ids."""

    default_document_id_format: Literal["FIREHOSE_DEFAULT", "NO_DOCUMENT_ID"] = "FIREHOSE_DEFAULT"
    """FIREHOSE_DEFAULT: an id by record, so a delivery retry overwrites; NO_DOCUMENT_ID: the engine makes ids, which is
    faster and may duplicate."""


class ProcessorParameter(Section):
    """A name and a value that Firehose knows for this type of processor."""

    parameter_name: str
    parameter_value: str


class Processor(Section):
    """A further processor of the delivery stream, after Firehose's API."""

    type: str
    parameters: list[ProcessorParameter] = []


class ProcessingConfiguration(Section):
    """Processors besides the deployment's own transform, which comes after those that unpack records
    (``Decompression``, ``CloudWatchLogProcessing``) and before all others."""

    enabled: bool = True
    processors: list[Processor] = []


class BackupConfiguration(Section):
    """How documents are put into the archive bucket."""

    buffering_size: int | None = None
    """MiB gathered before an object is written; AWS's default is 5."""
    buffering_interval: int | None = None
    """Seconds after which an object is written anyway; AWS's default is 300."""
    compression_format: Literal["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] = "GZIP"
    prefix: str = "events/"
    """Key prefix of backed-up events; Firehose adds ``yyyy/MM/dd/HH/`` in UTC unless it names a time."""
    error_output_prefix: str = "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"
    """Key prefix of what could not be delivered, by kind of error and hour in UTC; begins with a text of its own. It
    names the date itself: Firehose adds none to an error prefix with expressions."""
    kms_key_arn: str | None = None
    """An existing key's ARN; default: the deployment's key."""
    cloudwatch_logging_options: LoggingOptions = LoggingOptions()


class DeliveryVpcConfig(Section):
    """Network interfaces of the delivery stream; the subnets are the domain's."""

    security_group_ids: list[str] | None = None
    """Existing security groups; default: one of the deployment's own that reaches 443 of the domain's, nothing else."""


class OpensearchConfiguration(Section):
    """The destination: the deployment's own domain, whichever engine it runs."""

    index_name: str = "events"
    """Index that documents go to; a rotation appends the date."""
    index_rotation_period: Literal["NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"] = "OneDay"
    type_name: str | None = None
    """Document type; empty for Elasticsearch 7 and OpenSearch."""
    buffering_size: int | None = None
    """MiB gathered before a bulk request; AWS's default is 5."""
    buffering_interval: int = 60
    """Seconds after which a bulk request is sent anyway."""
    retry_duration: int = 3600
    """Seconds that Firehose tries again before documents go to the archive's failed prefix."""
    s3_backup_mode: Literal["FailedDocumentsOnly", "AllDocuments"] = "FailedDocumentsOnly"
    """Which documents the archive keeps. A change makes a new delivery stream."""
    document_id_options: DocumentIdOptions = DocumentIdOptions()
    cloudwatch_logging_options: LoggingOptions = LoggingOptions()
    processing_configuration: ProcessingConfiguration = ProcessingConfiguration()
    s3_configuration: BackupConfiguration = BackupConfiguration()
    vpc_config: DeliveryVpcConfig = DeliveryVpcConfig()


class DeliverySettings(Section):
    """The delivery stream."""

    name: str | None = None
    """Name of the delivery stream; default: the deployment's name with ``-delivery``."""
    opensearch_configuration: OpensearchConfiguration = OpensearchConfiguration()
    timeouts: Timeouts | None = None
    log_retention_in_days: int = 365
    """Days that delivery error logs are kept."""
