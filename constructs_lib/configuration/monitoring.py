"""``monitoring``: alarms and their subscribers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from constructs_lib.configuration.section import Section


class SubscriptionSettings(Section):
    """A subscriber of the alarms' topic. The owner of an e-mail address must confirm first."""

    # No firehose: SNS needs a role for it (https://docs.aws.amazon.com/sns/latest/dg/prereqs-kinesis-data-firehose.html).
    protocol: Literal["email", "email-json", "https", "lambda", "sms", "sqs"]
    """Protocol of the subscription."""
    endpoint: str
    """Endpoint: an e-mail address, an https address, a telephone number, or an ARN."""


class AlarmSettings(Section):
    """Changes of one alarm's defaults."""

    enabled: bool = True
    """Whether the alarm exists."""
    threshold: float | None = Field(default=None, allow_inf_nan=False)
    """Value at which the alarm fires. Default: in docs/monitoring.md."""
    period: int | None = None
    """Length of a period in seconds."""
    evaluations: int | None = None
    """Number of consecutive periods that must breach the threshold."""


class MonitoringSettings(Section):
    """CloudWatch alarms on the domain, the stream, the delivery and the functions; their topic; and a dashboard.

    On by default: about 40 alarms for a production domain, each billed by AWS. ``enabled: false`` creates none of
    them.
    """

    enabled: bool = True
    """Whether there are alarms, a topic and a dashboard."""
    topic_arn: str | None = None
    """ARN of an existing SNS topic that alarms notify; default: a new topic. Its policy must let
    CloudWatch publish. If it is encrypted with a customer key, that key's policy must let CloudWatch
    (``cloudwatch.amazonaws.com``) and, for the domain's alerts, the role ``<name>-alerting`` do ``kms:Decrypt`` and
    ``kms:GenerateDataKey``."""
    subscriptions: list[SubscriptionSettings] = []
    """Subscribers of the deployment's own topic. Without subscribers, alarms notify nobody."""
    notify_when_ok: bool = True
    """Whether the end of an alarm is also reported."""
    free_storage_percent: int = 25
    """Percent of a data node's disk that must stay free; the alarm fires below it. AWS recommends 25; at 20 writes
    stop."""
    late_seconds: int = 900
    """Seconds that an undelivered document may be older than the buffering interval before the alarm fires. Firehose
    retries for ``retry_duration``, and an update of the domain slows it down."""
    failed_percent: int = 5
    """Percent of records that the transform may fail in 15 minutes before the alarm fires."""
    runbook_url: str = "docs/runbook.md"
    """URL of the runbook; each alarm's description links to its paragraph. Default: the path of this project's page.
    Set the https URL under which your team reads it."""
    dashboard: bool = True
    """Whether there is a CloudWatch dashboard with the same metrics."""
    alarms: dict[str, AlarmSettings] = {}
    """Changes of single alarms, by their names in docs/monitoring.md:
    ``domain-cpu: {threshold: 90}``, ``stream-put-failed: {enabled: false}``."""
