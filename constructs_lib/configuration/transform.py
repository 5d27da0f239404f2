"""``transform``: the function that turns raw behaviour into canonical documents on its way to the domain."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.section import Section
from constructs_lib.limits.quotas import FIREHOSE_LAMBDA_CALLS_PER_SHARD, LAMBDA_RESERVABLE

LEAST_RESERVED = 10
"""What few shards get too: room for a second shard, which then changes nothing here."""


class UserIdSettings(Section):
    """How user ids become pseudonyms: HMAC-SHA-256 under a key that KMS derives from a key of its own."""

    label: str = "user-id/v1"
    """What the KMS key signs to make the working key. Another label gives everybody another pseudonym."""
    kms_key_arn: str | None = None
    """An existing KMS HMAC key (HMAC_256) whose policy lets the function generate MACs; default: a key of the
    deployment's own. Destroying the key unlinks every pseudonym from its person for good."""
    deletion_window_in_days: int = 30


class ProcessorSettings(Section):
    """How Firehose calls the transform."""

    buffer_size_mb: float = 0.2
    """MiB of records a call. A document is larger than the line it is made of, and the answer must stay under 6 MiB:
    this size, the least that Firehose takes, fits even a flood of the shortest events."""
    buffer_interval_seconds: int = 60
    """Seconds a call waits for records."""
    retries: int = 3
    """Further tries of a failed call."""


class TransformFunctionSettings(FunctionSettings):
    """How the function runs."""

    reserved_concurrent_executions: int | Literal["by_shards"] | None = "by_shards"
    """Calls at once, taken from the account's limit and guaranteed: a burst of events neither starves other functions
    nor is starved. Fewer than Firehose makes send whole batches to the archive's failed prefix. ``by_shards``: as many
    as it makes, five for each shard of the stream, and 10 at least; none where the stream is on demand, or where that
    would be more than the 900 that an account has by default. null: none reserved, which an account needs whose whole
    limit is still 10."""

    def reserved(self, shards: int | None) -> int | None:
        """Calls at once to reserve, None for none.

        Args:
            shards: of the stream that is read; None: it scales by itself.
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
    """Off: records go to the domain as they came, with whatever personal data they hold."""
    application: str | None = None
    """``application`` of events that name none, such as access log lines."""
    consent: Literal["unless_denied", "required"] = "unless_denied"
    """``required``: only events that carry consent to analytics are kept; ``unless_denied``: those without a word on it
    are kept too."""
    consent_categories: dict[str, Literal["analytics", "personalization", "necessary"]] | None = None
    """The consent platform's categories and the purpose that each stands for, as Segment's ``categoryPreferences`` and
    RudderStack's ``consentManagement`` name them. Default: OneTrust's, C0001 ``necessary``, C0002 ``analytics``, C0003
    and C0004 ``personalization``."""
    bots: Literal["tag", "drop"] = "tag"
    """``tag``: bots are marked ``is_bot`` with their signs; ``drop``: they are left out."""
    drop_extensions: list[str] | None = None
    """File extensions of static assets in access logs, which are left out; default: scripts, styles, images, fonts."""
    drop_paths: list[str] | None = None
    """Paths of health checks, which are left out; ``*`` ends a prefix. Default: /healthz, /ping and the like."""
    drop_methods: list[str] | None = None
    """Request methods that are left out; default: HEAD, OPTIONS, TRACE."""
    drop_levels: list[str] | None = None
    """Levels of application log lines that are left out; default: debug, trace."""
    own_hosts: list[str] = []
    """Hosts of the site. A referrer from one of them or from a subdomain is ``internal``, as is one from the host that
    an event itself names."""
    trusted_proxies: list[str] = []
    """Address ranges of proxies in front of the servers whose word about the client (``X-Forwarded-For``) is taken,
    besides private, loopback and carrier ranges, and CloudFront's own hop. The client is the last hop that is none of
    them."""
    w3c_fields: list[str] = []
    """Names of the fields of W3C log lines that come without their ``#Fields:`` header; default: IIS's own layout, and
    CloudFront's."""
    ipv4_prefix: int = 24
    """Bits that are kept of an IPv4 address; 0 keeps none."""
    ipv6_prefix: int = 48
    """Bits that are kept of an IPv6 address; 0 keeps none."""
    user_ids: UserIdSettings = UserIdSettings()
    processor: ProcessorSettings = ProcessorSettings()
    function: TransformFunctionSettings = TransformFunctionSettings()
    vpc: bool = False
    """Whether the function runs in the deployment's network. It needs nothing there but KMS: an own network gets an
    endpoint of KMS for it, for an existing one ``network.aws_api_security_group_ids`` or ``aws_api_cidr_blocks`` says
    how KMS is reached."""
