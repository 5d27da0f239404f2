"""``transform``: the function that turns raw behaviour into canonical documents on its way to the domain."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section
from constructs_lib.limits.quotas import FIREHOSE_LAMBDA_CALLS_PER_SHARD, LAMBDA_RESERVABLE

LEAST_RESERVED = 10
"""Least reserved concurrency: enough for two shards."""


class UserIdSettings(Section):
    """How user ids become pseudonyms: HMAC-SHA-256 under a key that KMS derives from a key of its own."""

    label: str = "user-id/v1"
    """Text that the KMS key signs to make the working key. Another label changes every person's pseudonym."""
    kms_key_arn: str | None = None
    """ARN of an existing KMS HMAC key (HMAC_256) whose policy lets the function generate MACs; default: a key of
    the deployment's own. If the key is destroyed, no pseudonym can be linked to its person any more."""
    deletion_window_in_days: int = 30
    """Days that KMS keeps the key after it is deleted."""


class ProcessorSettings(Section):
    """How Firehose calls the transform."""

    buffer_size_mb: float = 0.2
    """MiB of records in one call. Documents are larger than records, and the response must stay below 6 MiB. The
    default, Firehose's minimum, fits even the shortest events."""
    buffer_interval_seconds: int = 60
    """Seconds that a call waits for records."""
    retries: int = 3
    """How often Firehose retries a failed call."""


class TransformFunctionSettings(FunctionSettings):
    """How the function runs."""

    reserved_concurrent_executions: int | Literal["by_shards"] | None = "by_shards"
    """Reserved concurrent executions, taken from the account's limit, so that bursts of events and other functions do
    not throttle each other. With fewer than Firehose calls at once, whole batches go to the archive's failed prefix.
    ``by_shards`` reserves 5 for each shard and at least 10; none for an on-demand stream, or where that would exceed
    the 900 that an account can reserve by default. null reserves none."""

    def reserved(self, shards: int | None) -> int | None:
        """Concurrent executions to reserve; None reserves none.

        Args:
            shards: of the stream; None: it is on-demand.
        """
        given = self.reserved_concurrent_executions
        if given != "by_shards":
            return given
        if shards is None:
            return None
        calls = max(LEAST_RESERVED, FIREHOSE_LAMBDA_CALLS_PER_SHARD * shards)
        return calls if calls <= LAMBDA_RESERVABLE else None


class TransformSettings(Section):
    """The transform; on by default."""

    enabled: bool = True
    """Whether events are transformed before delivery. Off: records reach the domain unchanged, with all personal
    data."""
    application: str | None = None
    """Value of ``application`` for events without one, such as access log lines."""
    consent: Literal["unless_denied", "required"] = "unless_denied"
    """``required``: only events with consent to analytics are kept; ``unless_denied``: events without a
    statement of consent are kept too."""
    consent_categories: dict[str, Literal["analytics", "personalization", "necessary"]] | None = None
    """The consent platform's categories and the purpose of each, as Segment's ``categoryPreferences`` and
    RudderStack's ``consentManagement`` name them. Default: OneTrust's, C0001 ``necessary``, C0002 ``analytics``, C0003
    and C0004 ``personalization``."""
    bots: Literal["tag", "drop"] = "tag"
    """``tag``: events of bots get ``is_bot`` and the reasons; ``drop``: they are left out."""
    drop_extensions: list[str] | None = None
    """File extensions of static files, whose access log lines are left out. Default: scripts, styles, images,
    fonts."""
    drop_paths: list[str] | None = None
    """Paths whose access log lines are left out; ``*`` at the end covers all below. Default: /healthz, /ping and
    other health checks."""
    drop_methods: list[str] | None = None
    """Request methods whose access log lines are left out. Default: HEAD, OPTIONS, TRACE."""
    drop_levels: list[str] | None = None
    """Levels whose application log lines are left out. Default: debug, trace."""
    own_hosts: list[str] = []
    """Hosts of the site. A referrer from one of them, from a subdomain, or from the event's own host is
    ``internal``."""
    trusted_proxies: list[str] = []
    """Address ranges of proxies whose ``X-Forwarded-For`` is trusted, besides private, loopback and carrier-grade NAT
    ranges, and CloudFront's own hop. The client is the last hop outside these ranges."""
    w3c_fields: list[str] = []
    """Field names of W3C log lines that have no ``#Fields:`` header; default: the layouts of IIS and CloudFront."""
    ipv4_prefix: int = 24
    """Bits of an IPv4 address that are kept; 0 keeps none."""
    ipv6_prefix: int = 48
    """Bits of an IPv6 address that are kept; 0 keeps none."""
    user_ids: UserIdSettings = UserIdSettings()
    processor: ProcessorSettings = ProcessorSettings()
    function: TransformFunctionSettings = TransformFunctionSettings()
    vpc: bool = False
    """Whether the function runs in the deployment's network. There it needs only KMS: a new VPC gets an endpoint of
    KMS; for an existing one, set ``network.aws_api_security_group_ids`` or ``aws_api_cidr_blocks``."""
