"""Protocols of the constructs' arguments: any object with these members is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from constructs_lib.configuration.domain_cluster import ClusterConfig
from constructs_lib.iam import Role
from constructs_lib.network import Network, SecurityGroups


class KeyWithArn(Protocol):
    """A KMS key that other resources name."""

    @property
    def key_arn(self) -> str:
        """ARN of the key."""
        ...


class LogKey(KeyWithArn, Protocol):
    """A KMS key that log groups are encrypted with."""

    def allow_log_group(self, name: str) -> None:
        """Let CloudWatch Logs use the key for one log group."""
        ...


class ReadableStream(Protocol):
    """A Kinesis stream that records are read from."""

    @property
    def arn(self) -> str:
        """ARN of the stream."""
        ...

    def grant_read(self, role: Role) -> None:
        """Let a role read the stream, and decrypt what it reads."""
        ...


class WritableStream(Protocol):
    """A Kinesis stream that batches of records are put on."""

    @property
    def name(self) -> str:
        """Name of the stream."""
        ...

    def grant_put(self, role: Role) -> None:
        """Let a role put batches of records on the stream, encrypted."""
        ...


class DeliveryBucket(Protocol):
    """A bucket that Firehose writes to."""

    @property
    def arn(self) -> str:
        """ARN of the bucket."""
        ...

    def grant_write(self, role: Role) -> None:
        """Let a role put objects into the bucket as Firehose does."""
        ...


class DeliveryDomain(Protocol):
    """A search domain that Firehose writes to."""

    @property
    def resource_arn(self) -> str:
        """ARN of the domain; references to it depend on the domain."""
        ...

    @property
    def network(self) -> Network | None:
        """The VPC that the domain is in; None: its endpoint is public."""
        ...

    @property
    def subnet_ids(self) -> Sequence[str]:
        """Its subnets in that VPC."""
        ...

    @property
    def security_groups(self) -> SecurityGroups | None:
        """Its security groups in that VPC."""
        ...

    def grant_index_write(self, role: Role, *, index_name: str) -> None:
        """Let Firehose's role write documents into indices whose names begin with ``index_name``."""
        ...


class RecommendingDomain(DeliveryDomain, Protocol):
    """A search domain whose events become recommendations."""

    @property
    def endpoint(self) -> str:
        """Host name of its HTTPS endpoint."""
        ...

    def grant_fold(self, role: Role, *, index_name: str) -> None:
        """Let a role fold events into sessions."""
        ...

    def grant_recommend(self, role: Role, *, index_name: str) -> None:
        """Let a role recommend."""
        ...


class SetUpDomain(DeliveryDomain, Protocol):
    """A search domain that the bootstrap function sets up."""

    @property
    def endpoint(self) -> str:
        """Host name of its HTTPS endpoint."""
        ...

    @property
    def engine_version(self) -> str:
        """Such as ``OpenSearch_3.3``."""
        ...

    @property
    def cluster(self) -> ClusterConfig | None:
        """Its nodes; None if unknown."""
        ...

    @property
    def fine_grained(self) -> bool:
        """Whether fine-grained access control is on."""
        ...

    @property
    def audited(self) -> bool:
        """Whether audit logs are published."""
        ...

    def grant_setup(self, role: Role, *, patterns: Sequence[str], indices: Sequence[str] = ()) -> None:
        """Let a role set the domain up, indices of ``patterns`` and those rotated from them, and single ``indices``."""
        ...
