"""``existing``: resources that this deployment uses and others manage."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class ExistingStream(Section):
    """An existing Kinesis stream that already carries the events."""

    arn: str
    """ARN of the stream."""
    kms_key_arn: str | None = None
    """ARN of the customer key that it is encrypted with, whose policy must let the delivery stream's role decrypt;
    default: AWS's own key."""


class ExistingDomain(Section):
    """A search domain that is managed elsewhere. Its access policy and its role mappings must admit this deployment's
    roles. This deployment creates no alarms for it. If it is in a VPC, ``network`` names that VPC and its subnets."""

    arn: str
    """ARN of the domain."""
    endpoint: str
    """Host name of its HTTPS endpoint, without ``https://``."""
    engine_version: str
    """``OpenSearch_x.y`` or ``Elasticsearch_x.y``."""
    fine_grained: bool = True
    """Whether fine-grained access control is on."""
    security_group_ids: list[str] = []
    """Its security groups, if it is in a VPC; the first one gets a rule for each service that must reach the domain."""


class ExistingArchive(Section):
    """An existing bucket for undelivered records, and for all records with ``s3_backup_mode: AllDocuments``."""

    bucket: str
    """Name of the bucket."""
    kms_key_arn: str | None = None
    """ARN of the customer key that its objects are encrypted with; default: the bucket's own setting, which needs no
    grant."""


class ExistingSettings(Section):
    """Resources that this deployment uses and others manage; with ``adopt``, the deployment takes them over. Name an
    existing key in ``encryption.kms_key_arn``, a network in ``network.vpc_id``, a topic in ``monitoring.topic_arn``."""

    stream: ExistingStream | None = None
    domain: ExistingDomain | None = None
    archive: ExistingArchive | None = None
