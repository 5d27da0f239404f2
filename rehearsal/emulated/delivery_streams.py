"""Delivery streams with an OpenSearch destination, which stock moto refuses to create.

The description has the request's values under the names of DescribeDeliveryStream, with the service's defaults
(https://docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceDestinationConfiguration.html)
for missing values. `rehearsal.delivery` moves the records, not this module.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.firehose import exceptions, models
from moto.firehose.responses import FirehoseResponse

from rehearsal.emulated.extension import extends

NAME = "Amazonopensearchservice"

_stock_create = FirehoseResponse.create_delivery_stream
_stock_update = FirehoseResponse.update_destination

_DEFAULTS: dict[str, Any] = {
    "IndexRotationPeriod": "OneDay",
    "BufferingHints": {"IntervalInSeconds": 300, "SizeInMBs": 5},
    "RetryOptions": {"DurationInSeconds": 300},
    "S3BackupMode": "FailedDocumentsOnly",
    "ProcessingConfiguration": {"Enabled": False, "Processors": []},
    "CloudWatchLoggingOptions": {"Enabled": False},
    "DocumentIdOptions": {"DefaultDocumentIdFormat": "FIREHOSE_DEFAULT"},
}

_BACKUP_DEFAULTS: dict[str, Any] = {
    "BufferingHints": {"IntervalInSeconds": 300, "SizeInMBs": 5},
    "CompressionFormat": "UNCOMPRESSED",
    "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
    "CloudWatchLoggingOptions": {"Enabled": False},
}


def describe(configuration: dict[str, Any], vpc: dict[str, Any] | None) -> dict[str, Any]:
    """The destination's description: its configuration under the describing names, defaults filled in."""
    described = copy.deepcopy(_DEFAULTS) | copy.deepcopy(configuration)
    for name in ("S3Configuration", "S3Update"):
        if name in described:
            described["S3DestinationDescription"] = copy.deepcopy(_BACKUP_DEFAULTS) | described.pop(name)
    described.pop("VpcConfiguration", None)
    if vpc is not None:
        described["VpcConfigurationDescription"] = vpc
    return described


def _vpc_of(configuration: dict[str, Any], account_id: str, region: str) -> dict[str, Any] | None:
    from moto.ec2.models import ec2_backends  # noqa: PLC0415 - slow to import, and most streams have none

    given = configuration.get("VpcConfiguration")
    if not given:
        return None
    subnet = ec2_backends[account_id][region].get_subnet(given["SubnetIds"][0])
    return {**given, "VpcId": subnet.vpc_id}


@extends(FirehoseResponse)
def create_delivery_stream(self: FirehoseResponse) -> ActionResult:
    """CreateDeliveryStream: stores an OpenSearch destination; moto handles all others."""
    backend = self.firehose_backend
    name = self._get_param("DeliveryStreamName")
    destination = self._get_param(f"{NAME}DestinationConfiguration")
    if not destination:
        return _stock_create(self)
    if name in backend.delivery_streams:
        raise exceptions.ResourceInUseException(
            f"Firehose {name} under accountId {self.current_account} already exists"
        )
    source = self._get_param("KinesisStreamSourceConfiguration")
    described = describe(destination, _vpc_of(destination, self.current_account, self.region))
    stream = models.DeliveryStream(
        account_id=self.current_account,
        region=self.region,
        delivery_stream_name=name,
        delivery_stream_type=self._get_param("DeliveryStreamType"),
        encryption=self._get_param("DeliveryStreamEncryptionConfigurationInput"),
        kinesis_stream_source_configuration=source,
        destination_name=NAME,
        destination_config=described,
    )
    backend.delivery_streams[name] = stream
    backend.tagger.tag_resource(stream.delivery_stream_arn, self._get_param("Tags") or [])
    return ActionResult({"DeliveryStreamARN": stream.delivery_stream_arn})


@extends(FirehoseResponse)
def update_destination(self: FirehoseResponse) -> ActionResult:
    """UpdateDestination: merged as the service does, nested mappings whole, with a new version."""
    update = self._get_param(f"{NAME}DestinationUpdate")
    if not update:
        return _stock_update(self)
    backend = self.firehose_backend
    name = self._get_param("DeliveryStreamName")
    stream = backend.delivery_streams.get(name)
    if stream is None:
        raise exceptions.ResourceNotFoundException(f"Firehose {name} under accountId {self.current_account} not found.")
    version = self._get_param("CurrentDeliveryStreamVersionId")
    if version != stream.version_id:
        raise exceptions.ConcurrentModificationException(
            f"Cannot update firehose: {name} since the current version id: {stream.version_id} and specified version "
            f"id: {version} do not match"
        )
    known = stream.destinations[0][NAME]
    backup = update.pop("S3Update", None)
    if backup:
        known["S3DestinationDescription"] = known["S3DestinationDescription"] | backup
    known.update(copy.deepcopy(update))
    stream.version_id = str(int(version) + 1)
    return EmptyResult()
