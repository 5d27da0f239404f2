"""Every key of an environment file: what it does, its type, default, unit and provider argument, and since when."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from constructs_lib import limits
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.keys import known_keys
from constructs_lib.configuration.schema import RESOURCES, description
from constructs_lib.configuration.section import section_of

FIRST_VERSION: Final = "0.1.0"
"""Version of this project that introduced all keys without a newer provider argument."""

UNITS: Final = {
    "domain.cluster_config.dedicated_master_count": "nodes",
    "domain.cluster_config.zone_awareness_config.availability_zone_count": "zones",
    "domain.ebs_options.volume_size": "GiB",
    "domain.ebs_options.iops": "operations/s",
    "domain.ebs_options.throughput": "MiB/s",
    "recommender.arms.share": "parts",
    "monitoring.alarms.threshold": "the metric's",
    "monitoring.alarms.period": "seconds",
    "monitoring.alarms.evaluations": "periods",
}
"""Units of numbers that have no range in the table of limits."""

_PREFIXES = {f"{section}.": f"{type_}." for section, type_ in RESOURCES.items()}
_OURS = (
    "stream.readers",
    "stream.writers",
    "delivery.opensearch_configuration.vpc_config",
)
_FUNCTION = {
    "memory_size": "aws_lambda_function.memory_size",
    "timeout": "aws_lambda_function.timeout",
    "reserved_concurrent_executions": "aws_lambda_function.reserved_concurrent_executions",
    "log_retention_in_days": "aws_cloudwatch_log_group.retention_in_days",
}
_RULE = "aws_vpc_security_group_ingress_rule"
PROVIDER_ARGUMENTS: Final = {
    "region": "provider aws: region",
    "account_id": "provider aws: allowed_account_ids",
    "tags": "provider aws: default_tags.tags",
    "stream.consumers": "aws_kinesis_stream_consumer",
    "stream.consumers[].name": "aws_kinesis_stream_consumer.name",
    "stream.writers.managed_policy": "aws_iam_policy",
    "domain.log_retention_in_days": "aws_cloudwatch_log_group.retention_in_days",
    "domain.log_resource_policy": "aws_cloudwatch_log_resource_policy",
    "domain.service_linked_role": "aws_iam_service_linked_role",
    "delivery.log_retention_in_days": "aws_cloudwatch_log_group.retention_in_days",
    "delivery.opensearch_configuration.vpc_config.security_group_ids": (
        "aws_kinesis_firehose_delivery_stream.opensearch_configuration.vpc_config.security_group_ids"
    ),
    **{
        f"{section}.function.{key}": argument
        for section in ("transform", "bootstrap")
        for key, argument in _FUNCTION.items()
    },
    "bootstrap.schedule": "aws_cloudwatch_event_rule.schedule_expression",
    "transform.user_ids.deletion_window_in_days": "aws_kms_key.deletion_window_in_days",
    "archive.bucket": "aws_s3_bucket.bucket",
    "archive.access_log_bucket": "aws_s3_bucket_logging.target_bucket",
    "archive.lifecycle": "aws_s3_bucket_lifecycle_configuration",
    "encryption.deletion_window_in_days": "aws_kms_key.deletion_window_in_days",
    "encryption.rotation_period_in_days": "aws_kms_key.rotation_period_in_days",
    "network.cidr_block": "aws_vpc.cidr_block",
    "network.availability_zones": "aws_subnet.availability_zone",
    "network.client_security_group_ids": f"{_RULE}.referenced_security_group_id",
    "network.client_cidr_blocks": f"{_RULE}.cidr_ipv4",
    "network.flow_log_retention_in_days": "aws_cloudwatch_log_group.retention_in_days",
    "iam.path": "aws_iam_role.path",
    "iam.permissions_boundary": "aws_iam_role.permissions_boundary",
    "monitoring.topic_arn": "aws_cloudwatch_metric_alarm.alarm_actions",
    "monitoring.subscriptions": "aws_sns_topic_subscription",
    "monitoring.subscriptions[].protocol": "aws_sns_topic_subscription.protocol",
    "monitoring.subscriptions[].endpoint": "aws_sns_topic_subscription.endpoint",
    "monitoring.notify_when_ok": "aws_cloudwatch_metric_alarm.ok_actions",
    "monitoring.dashboard": "aws_cloudwatch_dashboard",
    "monitoring.alarms": "aws_cloudwatch_metric_alarm",
    "monitoring.alarms.threshold": "aws_cloudwatch_metric_alarm.threshold",
    "monitoring.alarms.period": "aws_cloudwatch_metric_alarm.period",
    "monitoring.alarms.evaluations": "aws_cloudwatch_metric_alarm.evaluation_periods",
    "outputs": "output",
}
"""Provider arguments of keys that do not follow from their place in the file."""


class Entry(NamedTuple):
    """One line of the reference."""

    key: str
    text: str
    type: str
    default: str
    unit: str
    argument: str
    since: str


def entries() -> Iterator[Entry]:
    """Every key of an environment file, in the order of the sections."""
    for path, section, name in known_keys(Environment):
        field = section.model_fields[name]
        argument = argument_of(path)
        yield Entry(
            path,
            description(section, name),
            _type(field.annotation),
            _default(field),
            _unit(path),
            argument,
            _since(path),
        )


def argument_of(path: str) -> str:
    """The provider's argument that a key sets; empty for the project's own keys."""
    if path in PROVIDER_ARGUMENTS:
        return PROVIDER_ARGUMENTS[path]
    for prefix, resource in _PREFIXES.items():
        if path.startswith(prefix) and not path.startswith(_OURS):
            rest = path.removeprefix(prefix)
            saml = rest == "saml_options" or rest.startswith("saml_options.")
            return f"aws_opensearch_domain_saml_options.{rest}" if saml else f"{resource}{rest}"
    if path.startswith("provider."):
        return f"provider aws: {path.removeprefix('provider.')}"
    return f"backend {path.removeprefix('backend.')}" if path.startswith("backend.") else ""


def _since(path: str) -> str:
    for prefix, resource in _PREFIXES.items():
        newer = limits.ARGUMENT_SINCE[resource.rstrip(".")]
        rest = path.removeprefix(prefix)
        for argument, version in newer.items():
            if path.startswith(prefix) and (rest == argument or rest.startswith(f"{argument}.")):
                return f"AWS provider {version}"
    return FIRST_VERSION


def _unit(path: str) -> str:
    if path in UNITS:
        return UNITS[path]
    section, _, rest = path.partition(".")
    keys = [(limits.ENVIRONMENT, path), (RESOURCES.get(section, ""), rest)]
    for key in keys:
        for limit in limits.ARGUMENTS.get(key, ()):
            if isinstance(limit, (limits.Range, limits.Choice)) and not isinstance(
                limit, (limits.Length, limits.Count)
            ):
                return limit.unit
    return ""


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(argument) for argument in arguments if argument is not type(None))
    if origin is Literal:
        return ", ".join(f"`{argument}`" for argument in arguments)
    if origin is list:
        inner = section_of(arguments[0])
        return "list of sections" if inner is not None else f"list of {_type(arguments[0])}"
    if origin is dict:
        return "mapping"
    if section_of(annotation) is not None:
        return "section"
    return {bool: "true or false", int: "whole number", float: "number", str: "text"}.get(annotation, "any value")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, (int, float, str)):
        return f"`{value}`"
    return ", ".join(f"`{item}`" for item in value) if isinstance(value, list) else ""
