"""``delivery``: from the stream to the domain (provider resource ``aws_kinesis_firehose_delivery_stream``).

Left out, because they follow from the rest of the deployment: the ARNs of source, domain, bucket, key and role, the
subnets, and the processor that calls the transform.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from constructs_lib.configuration.section import Section, Timeouts
from constructs_lib.rules.finding import Unknown

UNPACKING = ("Decompression", "CloudWatchLogProcessing")
"""Processors that unpack records, such as those of a CloudWatch Logs subscription; they run before the transform
(https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html)."""


class LoggingOptions(Section):
    """Where delivery errors are logged. Default: on, into the deployment's own log group."""

    enabled: bool = True
    """Whether delivery errors are logged."""


class DocumentIdOptions(Section):
    """How documents get their ids."""

    default_document_id_format: Literal["FIREHOSE_DEFAULT", "NO_DOCUMENT_ID"] = "FIREHOSE_DEFAULT"
    """FIREHOSE_DEFAULT: Firehose gives each record an id, so a retry overwrites; NO_DOCUMENT_ID: the engine makes ids,
    which is faster and may duplicate documents."""


class ProcessorParameter(Section):
    """A name and a value that Firehose knows for this type of processor."""

    parameter_name: str
    """Name of the parameter, such as ``Delimiter``."""
    parameter_value: str
    """Value of the parameter, as text."""


class Processor(Section):
    """A further processor of the delivery stream, as in Firehose's API."""

    type: str
    """Kind of processor, such as ``AppendDelimiterToRecord`` or ``Decompression``."""
    parameters: list[ProcessorParameter] = []
    """Parameters of the processor."""


class ProcessingConfiguration(Section):
    """Processors besides the deployment's own transform, which comes after those that unpack records
    (``Decompression``, ``CloudWatchLogProcessing``) and before all others."""

    enabled: bool = True
    """Whether records are processed before they are delivered."""
    processors: list[Processor] = []
    """Processors besides the transform."""


class BackupConfiguration(Section):
    """How documents are put into the archive bucket."""

    buffering_size: int | None = None
    """Buffer size in MiB at which Firehose writes an object; AWS's default is 5."""
    buffering_interval: int | None = None
    """Seconds after which Firehose writes an object anyway; AWS's default is 300."""
    compression_format: Literal["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] = "GZIP"
    """How objects are compressed."""
    prefix: str = "events/"
    """Key prefix of backed-up events; Firehose adds ``yyyy/MM/dd/HH/`` in UTC unless the prefix contains a time."""
    error_output_prefix: str = "failed/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd/HH}/"
    """Key prefix of undelivered records, by kind of error and hour in UTC. It must begin with a fixed text and
    contain the date itself."""
    kms_key_arn: str | None = None
    """ARN of an existing key; default: the deployment's key."""
    cloudwatch_logging_options: LoggingOptions = LoggingOptions()


class DeliveryVpcConfig(Section):
    """Network interfaces of the delivery stream; the subnets are the domain's."""

    security_group_ids: list[str] | None = None
    """Ids of existing security groups; default: a new one, which reaches only port 443 of the domain."""


class OpensearchConfiguration(Section):
    """The destination: the deployment's own domain, whichever engine it runs."""

    index_name: str = "events"
    """Index that documents go to; rotation appends the date."""
    index_rotation_period: Literal["NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth"] = "OneDay"
    """How often a new index begins; its name ends with the date. NoRotation: never."""
    type_name: str | None = None
    """Document type, for Elasticsearch 6 and earlier only."""
    buffering_size: int | None = None
    """Buffer size in MiB at which Firehose sends a bulk request; AWS's default is 5."""
    buffering_interval: int = 60
    """Seconds after which Firehose sends a bulk request anyway."""
    retry_duration: int = 7200
    """Seconds that Firehose retries before it puts documents under the archive's failed prefix; at most 7200."""
    s3_backup_mode: Literal["FailedDocumentsOnly", "AllDocuments"] = "FailedDocumentsOnly"
    """Which records the archive keeps. A change replaces the delivery stream."""
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

    def resource_arguments(
        self,
        *,
        name: str,
        stream_arn: str | Unknown,
        domain_arn: str | Unknown,
        role_arn: str | Unknown,
        bucket_arn: str | Unknown,
        kms_key_arn: str | Unknown | None,
        log_group_name: str | Unknown,
        log_streams: Mapping[str, str | Unknown],
        network: Mapping[str, Any] | None,
        processor: LambdaProcessor | None,
    ) -> dict[str, Any]:
        """Arguments of the delivery stream's resource.

        Args:
            name: the delivery stream's name, unless the settings have one.
            kms_key_arn: the key of the archive's objects, unless the settings set one; None: the bucket's own.
            log_group_name: group of the error logs.
            log_streams: log streams by destination: ``domain`` and ``archive``.
            network: ``subnet_ids`` and ``security_group_ids`` of network interfaces; None: the domain is public.
            processor: the transform.
        """
        options = self.opensearch_configuration
        values = options.arguments("vpc_config", "processing_configuration")
        values |= {"domain_arn": domain_arn, "role_arn": role_arn}
        backup = values["s3_configuration"]
        backup |= {"bucket_arn": bucket_arn, "role_arn": role_arn}
        if kms_key_arn is not None:
            backup.setdefault("kms_key_arn", kms_key_arn)
        for place, holder in (("domain", values), ("archive", backup)):
            logging = holder["cloudwatch_logging_options"]
            if logging["enabled"]:
                logging |= {"log_group_name": log_group_name, "log_stream_name": log_streams[place]}
        if network is not None:
            values["vpc_config"] = {"role_arn": role_arn, **network}
        processing = _processing(options.processing_configuration, processor)
        if processing is not None:
            values["processing_configuration"] = processing
        arguments = {
            "name": self.name or name,
            "destination": "opensearch",
            "kinesis_source_configuration": {"kinesis_stream_arn": stream_arn, "role_arn": role_arn},
            "opensearch_configuration": values,
        }
        if self.timeouts is not None:
            arguments["timeouts"] = self.timeouts.arguments()
        return arguments

    @property
    def logging_places(self) -> list[str]:
        """Destinations that log their errors: ``domain``, ``archive``."""
        options = self.opensearch_configuration
        logging = {
            "domain": options.cloudwatch_logging_options,
            "archive": options.s3_configuration.cloudwatch_logging_options,
        }
        return [place for place, given in logging.items() if given.enabled]


@dataclass(frozen=True)
class LambdaProcessor:
    """A function that transforms records on their way.

    Attributes:
        arn: ARN with a version or an alias; Firehose refuses an unqualified one.
        buffer_size_mb: most MiB a call; 1 is Firehose's default and is left out, or every plan would show a change.
        buffer_interval_seconds: most seconds that a call waits for records; 60 is Firehose's default.
        retries: retries of a failed call; 3 is Firehose's default.
    """

    arn: str | Unknown
    buffer_size_mb: float = 1
    buffer_interval_seconds: int = 60
    retries: int = 3

    def arguments(self) -> dict[str, Any]:
        """The processor in the provider's argument shape."""
        tuned = (
            ("BufferSizeInMBs", self.buffer_size_mb, 1),
            ("BufferIntervalInSeconds", self.buffer_interval_seconds, 60),
            ("NumberOfRetries", self.retries, 3),
        )
        parameters: list[dict[str, Any]] = [{"parameter_name": "LambdaArn", "parameter_value": self.arn}]
        parameters += [
            {"parameter_name": name, "parameter_value": f"{value:g}"}
            for name, value, default in tuned
            if value != default
        ]
        return {"type": "Lambda", "parameters": parameters}


def processor_order(given: Sequence[Processor], *, transforms: bool) -> list[int | None]:
    """The order in which Firehose runs processors: those that unpack, the transform, then all others.

    Args:
        given: processors of the settings.
        transforms: whether there is a transform.

    Returns:
        Positions in ``given``; None for the transform.
    """
    first = [index for index, item in enumerate(given) if item.type in UNPACKING]
    then = [index for index, item in enumerate(given) if item.type not in UNPACKING]
    return [*first, *([None] if transforms else []), *then]


def _processing(given: ProcessingConfiguration, processor: LambdaProcessor | None) -> dict[str, Any] | None:
    order = processor_order(given.processors, transforms=processor is not None)
    processors = [
        given.processors[index].arguments() if index is not None else processor.arguments() if processor else {}
        for index in order
    ]
    return {"enabled": given.enabled, "processors": processors} if processors else None
