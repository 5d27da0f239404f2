"""CloudWatch alarms, their SNS topic, and a dashboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsii
from cdktf import Fn
from constructs import Construct, IValidation

from constructs_lib.aws import (
    CloudwatchCompositeAlarm,
    CloudwatchDashboard,
    CloudwatchMetricAlarm,
    SnsTopic,
    SnsTopicPolicy,
    SnsTopicSubscription,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.errors import Problem
from constructs_lib.configuration.monitoring import AlarmSettings, MonitoringSettings
from constructs_lib.iam import Condition, ServiceRole, Statement, policy_json
from constructs_lib.limits.plain_numbers import BufferSeconds, TimeoutSeconds
from constructs_lib.monitoring.alarm import Alarm
from constructs_lib.monitoring.collector import collector_alarms, gateway_alarms
from constructs_lib.monitoring.delivery import delivery_alarms
from constructs_lib.monitoring.domain import domain_alarms
from constructs_lib.monitoring.function import function_alarms, rare_function_alarms
from constructs_lib.monitoring.recommender import recommender_alarms
from constructs_lib.monitoring.stream import stream_alarms
from constructs_lib.monitoring.transform import transform_alarms
from constructs_lib.overriding import MAIN, unknown_name
from constructs_lib.reporting import report, settings_are_judged
from constructs_lib.rules.finding import sentence
from constructs_lib.service_construct import ServiceConstruct, text_written_late, written_late

if TYPE_CHECKING:
    from constructs_lib.collector.construct import Collector
    from constructs_lib.configuration.delivery import DeliverySettings
    from constructs_lib.configuration.iam import IamSettings
    from constructs_lib.configuration.stream import StreamSettings
    from constructs_lib.delivery import Delivery
    from constructs_lib.domain import Domain
    from constructs_lib.encryption import EncryptionKey
    from constructs_lib.recommender.construct import Recommender

_LOSING = ("domain-red", "domain-writes-blocked", "stream-age", "delivery-failing")
_BACKUP_INTERVAL = 300
"""Firehose's own default for objects in S3, in seconds."""
_WIDGET_WIDTH, _WIDGET_HEIGHT, _PAGE_WIDTH = 8, 6, 24


class Monitoring(ServiceConstruct):
    """CloudWatch alarms and the SNS topic that they notify: a given one, or a new one (encrypted, TLS only).

    Each ``watch_*`` method adds the alarms of one resource, with thresholds from its settings; `add_alarm` adds one of
    your own. The dashboard shows all of them; a composite alarm combines those about lost data.

    Args:
        name: alarms are called ``<name>-<what>``.
        encryption: the key of the topic.
        settings: thresholds, subscribers, and changes of single alarms (``alarms``).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: EncryptionKey,
        settings: MonitoringSettings | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.settings = self.judge_settings("monitoring", settings, MonitoringSettings)
        self.name = name
        self._context = AwsContext.of(scope)
        self._encryption = encryption
        self._known: set[str] = set()
        self._losing: list[str] = []
        self._widgets: list[dict[str, Any]] = []
        if self.settings.alarms and not settings_are_judged():
            self.node.add_validation(_KnownAlarms(self))
        self.topic: Any = None
        self.topic_arn: str = self.settings.topic_arn or self._topic()

    def watch_domain(self, domain: Domain) -> None:
        """Alarms of the domain: health, storage, nodes, memory, queues, refused requests, its key."""
        if MAIN not in domain.resources:
            message = "is not managed by this stack, so its alarms have no settings to follow"
            allowed = "a SearchDomain; for others, add_alarm"
            report([Problem(self.node.path, domain.node.path, sentence(message, None, allowed))])
            return
        dimensions = {"DomainName": domain.resource_name, "ClientId": self._context.account_id}
        alarms = domain_alarms(domain.arguments, free_storage_percent=self.settings.free_storage_percent)
        self._watch("domain", "AWS/ES", dimensions, alarms)

    def watch_stream(self, stream_name: str, settings: StreamSettings) -> None:
        """Alarms of the stream: unread events that get old, refused writes and reads."""
        alarms = stream_alarms(retention_hours=settings.retention_period)
        self._watch("stream", "AWS/Kinesis", {"StreamName": stream_name}, alarms)

    def watch_delivery(self, delivery: Delivery, settings: DeliverySettings, *, transforms: bool = False) -> None:
        """Alarms of the delivery stream: late, failing, behind its source."""
        options = settings.opensearch_configuration
        alarms = delivery_alarms(
            buffering_interval=options.buffering_interval,
            late_seconds=self.settings.late_seconds,
            all_documents=options.s3_backup_mode == "AllDocuments",
            backup_interval=options.s3_configuration.buffering_interval or _BACKUP_INTERVAL,
            transforms=transforms,
        )
        self._watch("delivery", "AWS/Firehose", {"DeliveryStreamName": delivery.name}, alarms)

    def watch_function(self, id_: str, *, function_name: str, timeout_seconds: TimeoutSeconds) -> None:
        """Alarms of a function that is called all the time: errors, refused calls, calls close to the timeout."""
        alarms = function_alarms(timeout_seconds=timeout_seconds)
        self._watch(id_, "AWS/Lambda", {"FunctionName": function_name}, alarms)

    def watch_rare_function(self, id_: str, *, function_name: str) -> None:
        """The alarm of a function that is called now and then: a run that failed."""
        self._watch(id_, "AWS/Lambda", {"FunctionName": function_name}, rare_function_alarms())

    def watch_transform(self, delivery: Delivery, *, namespace: str, buffer_interval: BufferSeconds) -> None:
        """Alarms on the transform's own metrics: the share of records that fail, user ids without a pseudonym.

        Args:
            delivery: the delivery stream that calls it; the dimension of its metrics.
            namespace: the CloudWatch namespace of its metrics.
            buffer_interval: seconds that a call waits for records.
        """
        alarms = transform_alarms(failed_percent=self.settings.failed_percent, buffer_interval=buffer_interval)
        self._watch("transform", namespace, {"DeliveryStream": delivery.name}, alarms)

    def watch_recommender(self, recommender: Recommender, *, namespace: str) -> None:
        """Alarms of the recommender: its functions, how far behind the fold is, answers from memory alone.

        Args:
            namespace: the CloudWatch namespace of the functions' metrics.
        """
        function, timeout = recommender.function.resource_name, recommender.settings.function.timeout
        self.watch_function("recommender", function_name=function, timeout_seconds=timeout)
        self.watch_rare_function("fold", function_name=recommender.fold.resource_name)
        self._watch("recommender", namespace, {"Deployment": recommender.name}, recommender_alarms())

    def watch_collector(self, collector: Collector, *, namespace: str) -> None:
        """Alarms of the collector: its function, its API, and the function's own metrics.

        Args:
            namespace: the CloudWatch namespace of the function's metrics.
        """
        function = collector.function.resource_name
        self.watch_function("collector", function_name=function, timeout_seconds=collector.settings.function.timeout)
        self._watch("collector", "AWS/ApiGateway", {"ApiId": collector.api.api_id}, gateway_alarms())
        alarms = collector_alarms(rejected_percent=self.settings.failed_percent)
        self._watch("collector", namespace, {"Collector": function}, alarms)

    def add_alarm(
        self, id_: str, alarm: Alarm, *, namespace: str, dimensions: Mapping[str, str], loses_data: bool = False
    ) -> Any:
        """Add one alarm and return its resource; None if the settings switch it off.

        Args:
            id_: its name after the deployment's name, and its key in ``monitoring.alarms``.
            loses_data: whether it is part of the composite alarm.
        """
        self._known.add(id_)
        changes = self.settings.alarms.get(id_, AlarmSettings())
        if not changes.enabled:
            return None
        alarm = replace(alarm, **changes.model_dump(exclude_none=True, exclude={"enabled"}))
        resource = self.create(
            CloudwatchMetricAlarm,
            id_,
            {
                "alarm_name": f"{self.name}-{id_}",
                "alarm_description": alarm.advice,
                "comparison_operator": alarm.comparison,
                "threshold": alarm.threshold,
                "evaluation_periods": alarm.evaluations,
                "datapoints_to_alarm": alarm.breaches,
                "treat_missing_data": alarm.missing,
                "alarm_actions": [self.topic_arn],
                "ok_actions": self._when_ok(),
                "insufficient_data_actions": [self.topic_arn] if alarm.silence_rings else None,
                **_measured(alarm, namespace, dimensions),
            },
        )
        if id_ in self.settings.alarms and settings_are_judged():
            self.judge_resource(id_)
        self._show(_widget(id_.replace("-", " "), alarm, namespace, dimensions))
        if loses_data:
            self._wake(resource)
        return resource

    def unknown_alarms(self) -> list[Problem]:
        """Names under ``alarms`` that no alarm has. A `Monitoring` by itself refuses them when the app is written."""
        unknown = [name for name in self.settings.alarms if name not in self._known]
        return [unknown_name(self.node.path, f"alarms.{name}", sorted(self._known)) for name in unknown]

    def publishing_role(self, domain: Domain, *, iam: IamSettings | None = None) -> ServiceRole:
        """A role with which the domain's alerting plugin publishes to the topic.

        Source: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/alerting.html
        """
        role = ServiceRole(
            self,
            "alerting-role",
            name=f"{self.name}-alerting",
            description=f"Lets the alerting plugin of {domain.name} publish to the topic",
            service="es.amazonaws.com",
            account_id=self._context.account_id,
            source_arn=domain.arn,
            settings=iam,
        )
        role.grant("PublishAlerts", ["sns:Publish"], [self.topic_arn])
        if self.topic is not None:
            self._encryption.grant_encrypt_decrypt(role, sid="EncryptMessages", via="sns")
        return role

    def _watch(self, group: str, namespace: str, dimensions: Mapping[str, str], alarms: Iterable[Alarm]) -> None:
        for alarm in alarms:
            id_ = f"{group}-{alarm.id}"
            explained = replace(alarm, advice=self._with_runbook(id_, alarm.advice))
            self.add_alarm(id_, explained, namespace=namespace, dimensions=dimensions, loses_data=id_ in _LOSING)

    def _with_runbook(self, id_: str, advice: str) -> str:
        """An alarm's description: the advice, and the link to its entry in the runbook."""
        return f"{advice} Runbook: {self.settings.runbook_url}#{id_}"

    def _when_ok(self) -> list[str] | None:
        return [self.topic_arn] if self.settings.notify_when_ok else None

    def _topic(self) -> str:
        self.topic = self.create(
            SnsTopic,
            "alarms",
            {
                "name": f"{self.name}-alarms",
                "kms_master_key_id": self._encryption.key_arn,
                "signature_version": 2,
            },
        )
        arn: str = self.topic.arn
        statements = [
            Statement(
                "AlarmsPublish",
                ["sns:Publish"],
                [arn],
                principals={"Service": ["cloudwatch.amazonaws.com"]},
                conditions=[
                    Condition("StringEquals", "aws:SourceAccount", [self._context.account_id]),
                    Condition("ArnLike", "aws:SourceArn", [self._context.arn("cloudwatch", f"alarm:{self.name}-*")]),
                ],
            ),
            Statement(
                "DenyRequestsWithoutTls",
                ["sns:Publish"],
                [arn],
                principals={"AWS": ["*"]},
                conditions=[Condition("Bool", "aws:SecureTransport", ["false"])],
                effect="Deny",
            ),
        ]
        policy = self.create(
            SnsTopicPolicy, "alarms-policy", {"arn": arn, "policy": policy_json(self, "alarms-permissions", statements)}
        )
        for number, subscription in enumerate(self.settings.subscriptions):
            self.create(
                SnsTopicSubscription,
                f"subscription-{number}",
                {"topic_arn": arn, "protocol": subscription.protocol, "endpoint": subscription.endpoint},
            )
        # The ARN taken from the topic policy, so that Terraform creates the policy before the first alarm can fire.
        behind_policy: str = policy.arn
        return behind_policy

    def _wake(self, alarm: Any) -> None:
        """Make an alarm part of the composite alarm about lost data."""
        first = not self._losing
        self._losing.append(f'ALARM("{alarm.alarm_name}")')
        if first:
            self.create(
                CloudwatchCompositeAlarm,
                "losing-data",
                {
                    "alarm_name": f"{self.name}-losing-data",
                    "alarm_description": self._with_runbook(
                        "losing-data",
                        "Events do not reach the domain, and events that wait too long are lost. Act now: see which of "
                        "this alarm's child alarms are in ALARM, and follow their descriptions.",
                    ),
                    "alarm_rule": text_written_late(lambda: " OR ".join(self._losing)),
                    "alarm_actions": [self.topic_arn],
                    "ok_actions": self._when_ok(),
                },
            )

    def _show(self, widget: dict[str, Any]) -> None:
        """Put a graph on the dashboard."""
        first = not self._widgets
        self._widgets.append(widget)
        if first and self.settings.dashboard:
            body = self.local("dashboard", written_late(self._dashboard))
            self.create(
                CloudwatchDashboard,
                "dashboard",
                {"dashboard_name": self.name, "dashboard_body": Fn.jsonencode(body)},
            )

    def _dashboard(self) -> dict[str, Any]:
        """The dashboard's body (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html)."""
        per_row = _PAGE_WIDTH // _WIDGET_WIDTH
        widgets = [
            {
                "type": "metric",
                "x": number % per_row * _WIDGET_WIDTH,
                "y": number // per_row * _WIDGET_HEIGHT,
                "width": _WIDGET_WIDTH,
                "height": _WIDGET_HEIGHT,
                "properties": {"region": self._context.region, **widget},
            }
            for number, widget in enumerate(self._widgets)
        ]
        return {"widgets": widgets}


@jsii.implements(IValidation)
class _KnownAlarms:
    """Refuses changes of alarms that a `Monitoring` does not have."""

    def __init__(self, monitoring: Monitoring) -> None:
        self._monitoring = monitoring

    def validate(self) -> list[str]:
        """One line for each unknown name."""
        return [f"{problem.path}: {problem.message}" for problem in self._monitoring.unknown_alarms()]


def _measured(alarm: Alarm, namespace: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
    """The alarm's metric arguments: one metric, or metric math over several."""
    name, statistic = alarm.metric
    if alarm.expression is None:
        kind = "extended_statistic" if statistic.startswith("p") else "statistic"
        return {
            "namespace": namespace,
            "metric_name": name,
            "dimensions": dict(dimensions),
            "period": alarm.period,
            kind: statistic,
        }
    where = {"namespace": namespace, "dimensions": dict(dimensions), "period": alarm.period}
    queries: list[dict[str, Any]] = [
        {"id": f"m{number}", "metric": {**where, "metric_name": name, "stat": statistic}}
        for number, (name, statistic) in enumerate(alarm.metrics.items(), 1)
    ]
    result = {"id": "result", "expression": alarm.expression, "label": alarm.id, "return_data": True}
    return {"metric_query": [*queries, result]}


def _widget(title: str, alarm: Alarm, namespace: str, dimensions: Mapping[str, str]) -> dict[str, Any]:
    """A graph of the alarm's metric with its threshold, in CloudWatch's dashboard body syntax."""
    where = [part for pair in dimensions.items() for part in pair]
    hidden = alarm.expression is not None
    metrics: list[list[Any]] = [
        [
            namespace,
            name,
            *where,
            {"stat": statistic, "period": alarm.period, "id": f"m{number}", "visible": not hidden},
        ]
        for number, (name, statistic) in enumerate(alarm.metrics.items(), 1)
    ]
    if alarm.expression is not None:
        metrics.append([{"expression": alarm.expression, "label": alarm.id, "id": "result"}])
    threshold = {"annotations": {"horizontal": [{"label": "alarm", "value": alarm.threshold}]}}
    return {"title": title, "view": "timeSeries", "metrics": metrics, **threshold}
