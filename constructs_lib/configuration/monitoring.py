"""``monitoring``: alarms, and who is told of them."""

from __future__ import annotations

from typing import Literal

from constructs_lib.configuration.section import Section


class SubscriptionSettings(Section):
    """Somebody who is told of alarms. The owner of an e-mail address must confirm first."""

    # No firehose: SNS needs a role for it (https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html).
    protocol: Literal["email", "email-json", "https", "lambda", "sms", "sqs"]
    """How the subscriber is told."""
    endpoint: str
    """Where the subscriber is told: an e-mail address, an https address, a telephone number, or an ARN."""


class AlarmSettings(Section):
    """How one alarm differs from its defaults."""

    enabled: bool = True
    """Whether there is such an alarm."""
    threshold: float | None = None
    """Value at which it raises the alarm. Default: in docs/monitoring.md."""
    period: int | None = None
    """Seconds that one value covers."""
    evaluations: int | None = None
    """How many periods in a row."""


class MonitoringSettings(Section):
    """CloudWatch alarms on the domain, the stream, the delivery and the functions; their topic; and a dashboard.

    On by default: about 40 alarms for a production domain, and AWS bills each. ``enabled: false`` makes
    none of them.
    """

    enabled: bool = True
    """Whether there are alarms, a topic and a dashboard."""
    topic_arn: str | None = None
    """ARN of an existing SNS topic that alarms go to; default: a topic of the deployment's own. Its policy must let
    CloudWatch publish. If it is encrypted with a customer key, that key's policy must let CloudWatch
    (``cloudwatch.amazonaws.com``) and, for the domain's alerts, the role ``<name>-alerting`` do ``kms:Decrypt`` and
    ``kms:GenerateDataKey``."""
    subscriptions: list[SubscriptionSettings] = []
    """Who is told of alarms, through the deployment's own topic. Without subscribers, nobody is told."""
    notify_when_ok: bool = True
    """Whether the end of an alarm is also reported."""
    free_storage_percent: int = 25
    """Share of a data node's disk that must stay free; less is an alarm. AWS recommends 25; at 20 writes stop."""
    late_seconds: int = 900
    """Seconds that an undelivered document may be older than the buffering interval; more is an alarm. Firehose
    retries for ``retry_duration``, and an update of the domain slows it down."""
    failed_percent: int = 5
    """Share of records that the transform may fail in a quarter of an hour; more is an alarm."""
    runbook_url: str = "docs/runbook.md"
    """Address of the runbook, to whose paragraph each alarm's description leads. Default: the page of this project, by
    its path; name the https address under which your people read it."""
    dashboard: bool = True
    """Whether there is a CloudWatch dashboard with the same metrics."""
    alarms: dict[str, AlarmSettings] = {}
    """How single alarms differ from their defaults, by their names in docs/monitoring.md:
    ``domain-cpu: {threshold: 90}``, ``stream-put-failed: {enabled: false}``."""
