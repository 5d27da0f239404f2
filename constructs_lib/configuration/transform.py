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
    """Text that the KMS key signs to make the working key. Another label gives every person another pseudonym."""
    kms_key_arn: str | None = None
    """ARN of an existing KMS HMAC key (HMAC_256) whose policy lets the function generate MACs; default: a key of
    the deployment's own. If the key is destroyed, no pseudonym can be linked to its person any more."""
    deletion_window_in_days: int = 30
    """Days that KMS keeps the key after it is deleted."""


class ProcessorSettings(Section):
    """How Firehose calls the transform."""

    buffer_size_mb: float = 0.2
    """MiB of records in one call. A document is larger than its record, and the response must stay below 6 MiB: the
    default, the least that Firehose takes, fits even a flood of the shortest events."""
    buffer_interval_seconds: int = 60
    """Seconds that a call waits for records."""
    retries: int = 3
    """How often a failed call is repeated."""


class TransformFunctionSettings(FunctionSettings):
    """How the function runs."""

    reserved_concurrent_executions: int | Literal["by_shards"] | None = "by_shards"
    """Calls at once, reserved from the account's limit, so that bursts of events neither starve other functions nor
    are starved. With fewer than Firehose makes, whole batches end in the archive's failed prefix. ``by_shards``
    reserves five for each shard and at least 10; none for an on-demand stream, or where that would be more than the
    900 an account can reserve by default. null reserves none."""

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
    """Whether events are cleaned on their way. Off: records reach the domain as they came, with all personal
    data."""
    application: str | None = None
    """Value of ``application`` for events that name none, such as access log lines."""
    consent: Literal["unless_denied", "required"] = "unless_denied"
    """``required``: only events with consent to analytics are kept; ``unless_denied``: events that say nothing
    about consent are kept too."""
    consent_categories: dict[str, Literal["analytics", "personalization", "necessary"]] | None = None
    """The consent platform's categories and the purpose that each stands for, as Segment's ``categoryPreferences`` and
    RudderStack's ``consentManagement`` name them. Default: OneTrust's, C0001 ``necessary``, C0002 ``analytics``, C0003
    and C0004 ``personalization``."""
    bots: Literal["tag", "drop"] = "tag"
    """``tag``: events of bots are marked ``is_bot`` with the reasons; ``drop``: they are left out."""
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
    """Bits of an IPv4 address that are kept; 0 keeps none."""
    ipv6_prefix: int = 48
    """Bits of an IPv6 address that are kept; 0 keeps none."""
    user_ids: UserIdSettings = UserIdSettings()
    processor: ProcessorSettings = ProcessorSettings()
    function: TransformFunctionSettings = TransformFunctionSettings()
    vpc: bool = False
    """Whether the function runs in the deployment's network. It only needs KMS there: a VPC of the deployment's own
    gets an endpoint of KMS; for an existing one, set ``network.aws_api_security_group_ids`` or
    ``aws_api_cidr_blocks``."""
