"""The configuration of a delivery stream, read from DescribeDeliveryStream."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

MIB = 1024 * 1024

LAMBDA_BUFFER_MIB = 1.0
"""Default buffer of a Lambda processor
(https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html)."""

LAMBDA_BUFFER_SECONDS = 60
"""Default interval of a Lambda processor."""

LAMBDA_RETRIES = 3
"""Default retries of a Lambda processor."""


@dataclass(frozen=True)
class TransformSettings:
    """The Lambda processor."""

    function_arn: str
    buffer_bytes: int
    buffer_seconds: float
    retries: int


@dataclass(frozen=True)
class BucketSettings:
    """The bucket for backups and failures."""

    bucket: str
    prefix: str | None
    error_prefix: str | None
    gzip: bool
    kms_key_arn: str | None
    buffer_bytes: int
    buffer_seconds: float


@dataclass(frozen=True)
class DeliverySettings:
    """One delivery stream from Kinesis to a search domain."""

    name: str
    arn: str
    version: str
    stream_arn: str
    role_arn: str
    start: datetime | None
    """Start of reading the stream: the delivery stream's creation."""
    domain_arn: str | None
    cluster_endpoint: str | None
    index_name: str
    rotation: str
    buffer_bytes: int
    buffer_seconds: float
    retry_seconds: float
    with_document_id: bool
    back_up_all: bool
    bucket: BucketSettings
    transform: TransformSettings | None

    @property
    def region(self) -> str:
        """The delivery stream's region."""
        return self.arn.split(":")[3]

    @classmethod
    def from_description(cls, description: dict[str, Any]) -> DeliverySettings:
        """From the answer's ``DeliveryStreamDescription``.

        Raises `ValueError` for a delivery stream that is not one from Kinesis to an OpenSearch domain.
        """
        destination = description["Destinations"][0].get("AmazonopensearchserviceDestinationDescription")
        source = description.get("Source", {}).get("KinesisStreamSourceDescription")
        if destination is None or source is None:
            raise ValueError(f"{description['DeliveryStreamName']} does not go from Kinesis to an OpenSearch domain")
        bucket = destination["S3DestinationDescription"]
        encryption = bucket.get("EncryptionConfiguration", {}).get("KMSEncryptionConfig", {})
        return cls(
            name=description["DeliveryStreamName"],
            arn=description["DeliveryStreamARN"],
            version=description["VersionId"],
            stream_arn=source["KinesisStreamARN"],
            role_arn=destination["RoleARN"],
            start=source.get("DeliveryStartTimestamp") or description.get("CreateTimestamp"),
            domain_arn=destination.get("DomainARN"),
            cluster_endpoint=destination.get("ClusterEndpoint"),
            index_name=destination["IndexName"],
            rotation=destination["IndexRotationPeriod"],
            buffer_bytes=destination["BufferingHints"]["SizeInMBs"] * MIB,
            buffer_seconds=destination["BufferingHints"]["IntervalInSeconds"],
            retry_seconds=destination["RetryOptions"]["DurationInSeconds"],
            with_document_id=destination.get("DocumentIdOptions", {}).get("DefaultDocumentIdFormat")
            != "NO_DOCUMENT_ID",
            back_up_all=destination["S3BackupMode"] == "AllDocuments",
            bucket=BucketSettings(
                bucket=bucket["BucketARN"].rpartition(":")[2],
                prefix=bucket.get("Prefix") or None,
                error_prefix=bucket.get("ErrorOutputPrefix") or None,
                gzip=bucket.get("CompressionFormat") == "GZIP",
                kms_key_arn=encryption.get("AWSKMSKeyARN"),
                buffer_bytes=bucket["BufferingHints"]["SizeInMBs"] * MIB,
                buffer_seconds=bucket["BufferingHints"]["IntervalInSeconds"],
            ),
            transform=_transform(destination.get("ProcessingConfiguration", {})),
        )


def _transform(processing: dict[str, Any]) -> TransformSettings | None:
    if not processing.get("Enabled"):
        return None
    for processor in processing.get("Processors", []):
        if processor["Type"] == "Lambda":
            given = {entry["ParameterName"]: entry["ParameterValue"] for entry in processor.get("Parameters", [])}
            return TransformSettings(
                function_arn=given["LambdaArn"],
                buffer_bytes=int(float(given.get("BufferSizeInMBs", LAMBDA_BUFFER_MIB)) * MIB),
                buffer_seconds=float(given.get("BufferIntervalInSeconds", LAMBDA_BUFFER_SECONDS)),
                retries=int(given.get("NumberOfRetries", LAMBDA_RETRIES)),
            )
    return None
