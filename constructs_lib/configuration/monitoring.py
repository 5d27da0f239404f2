"""Who is told what goes wrong, and from when on."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.section import Section


class SubscriptionSettings(Section):
    """One who is told; an e-mail address has to confirm first."""

    # No firehose: SNS needs a role for it (https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html).
    protocol: Literal["email", "email-json", "https", "lambda", "sms", "sqs"]
    endpoint: str


class AlarmSettings(Section):
    """What differs for one alarm."""

    enabled: bool = True
    """Whether there is such an alarm."""
    threshold: float | None = None
    """Value from which on it rings; default: as docs/monitoring.md lists."""
    period: int | None = None
    """Seconds that one value covers."""
    evaluations: int | None = None
    """How many periods in a row."""


class MonitoringSettings(Section):
    """CloudWatch alarms on the domain, the stream, the delivery and the functions, a topic they go to, a dashboard.

    On by default: about 40 alarms for a production domain, which AWS bills singly. ``enabled: false`` makes none of it.
    """

    enabled: bool = True
    topic_arn: str | None = None
    """An existing SNS topic that alarms go to; its policy must let CloudWatch publish. One that is encrypted with a
    customer key needs that key's policy too: it must let CloudWatch (``cloudwatch.amazonaws.com``) and, for the
    domain's alerts, the role ``<name>-alerting`` do ``kms:Decrypt`` and ``kms:GenerateDataKey``, or nothing arrives.
    Default: a topic of the deployment's own, encrypted with its key."""
    subscriptions: list[SubscriptionSettings] = []
    """Who hears of the deployment's own topic."""
    notify_when_ok: bool = True
    """Whether the end of an alarm is told too."""
    free_storage_percent: int = 25
    """Share of a data node's disk below which its free storage is an alarm. AWS recommends 25; writes stop at 20."""
    late_seconds: int = 900
    """How much older than the buffering interval an undelivered document may get. Firehose tries again for
    ``retry_duration``, and a domain's update slows it down, so a few minutes are no reason to wake anybody."""
    failed_percent: int = 5
    """Share of the records that the transform fails, a quarter of an hour long, from which on it is an alarm. A few are
    always broken; a producer that changed its format fails altogether."""
    dashboard: bool = True
    """A CloudWatch dashboard with the same metrics."""
    alarms: dict[str, AlarmSettings] = {}
    """What differs for single alarms, by the name that docs/monitoring.md lists them under:
    ``domain-cpu: {threshold: 90}``, ``stream-put-failed: {enabled: false}``."""
