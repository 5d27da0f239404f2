"""``existing``: what exists already and stays in other hands; this deployment uses it."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class ExistingStream(Section):
    """A Kinesis stream that events come on already."""

    arn: str
    """ARN of the stream."""
    kms_key_arn: str | None = None
    """ARN of the customer key that it is encrypted with, whose policy must let the delivery stream's role decrypt;
    default: AWS's own key."""


class ExistingDomain(Section):
    """A search domain that somebody else manages. Its access policy and its roles must let this deployment's roles in;
    its alarms are its owner's. In a VPC, ``network`` names that VPC and the domain's subnets."""

    arn: str
    """ARN of the domain."""
    endpoint: str
    """Host name of its HTTPS endpoint, without ``https://``."""
    engine_version: str
    """``OpenSearch_x.y`` or ``Elasticsearch_x.y``."""
    fine_grained: bool = True
    """Whether fine-grained access control is on."""
    security_group_ids: list[str] = []
    """Its security groups, where it is in a VPC; the first of them gets a rule for each service that must reach it."""


class ExistingArchive(Section):
    """A bucket for what could not be delivered, and for everything where ``s3_backup_mode`` asks for it."""

    bucket: str
    """Name of the bucket."""
    kms_key_arn: str | None = None
    """ARN of the customer key that its objects are encrypted with; default: the bucket's own setting, which needs no
    grant."""


class ExistingSettings(Section):
    """What exists already and is used without being managed; ``adopt`` is for what comes under management. An existing
    key is ``encryption.kms_key_arn``, a network ``network.vpc_id``, a topic ``monitoring.topic_arn``."""

    stream: ExistingStream | None = None
    domain: ExistingDomain | None = None
    archive: ExistingArchive | None = None
