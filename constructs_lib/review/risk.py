"""What a change does to the running service, in five levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from constructs_lib.plans.differences import Difference, differences
from constructs_lib.plans.document import ResourceChange
from constructs_lib.review import domain_changes


class Risk(IntEnum):
    """How bad it may get; the value is the exit code of ``review`` (2 is left to unreadable input).

    NONE: nothing, or only additions and changes in place. HOURS: a blue/green deployment, or something in the data path
    is replaced. REFUSED: a policy fails or AWS would refuse the configuration. LOSS: data is lost.
    """

    NONE = 0
    HOURS = 3
    REFUSED = 4
    LOSS = 5


@dataclass(frozen=True)
class Effect:
    """One consequence of a change: how bad, in which words, what triggers it, who says so."""

    risk: Risk
    text: str
    trigger: str = ""
    source: str = ""


HOLDS_DATA = {
    "aws_opensearch_domain": "all indexes of the domain (its automated snapshots go with it)",
    "aws_elasticsearch_domain": "all indexes of the domain (its automated snapshots go with it)",
    "aws_kinesis_stream": "all records in the stream that were not delivered yet",
    "aws_s3_bucket": "all objects of the bucket",
    "aws_kms_key": "everything that is encrypted under the key becomes unreadable",
    "aws_cloudwatch_log_group": "all log events of the group",
    "aws_sqs_queue": "all messages in the queue",
    "aws_cognito_user_pool": "all users of the pool",
    "aws_dynamodb_table": "all items of the table",
    "aws_ebs_volume": "the volume's contents",
}
"""Resource types whose replacement or destruction loses data, and which data."""

DATA_PATH = {
    "aws_kinesis_firehose_delivery_stream": "delivery stops until the new delivery stream is active, and that one "
    "starts with the newest record: what arrived in between is in the stream only, for as long as that keeps it "
    "(replay --from-stream sends it again)",
    "aws_lambda_function": "records are not transformed (or the bootstrap is not run) until the new function is there",
    "aws_lambda_alias": "the delivery stream cannot call the transform until the alias is back",
    "aws_iam_role": "whoever assumes the role is refused until the new one is there and known everywhere",
    "aws_iam_role_policy": "its role is refused until the new policy is known everywhere",
    "aws_iam_role_policy_attachment": "its role is refused until the new policy is known everywhere",
    "aws_kms_alias": "whoever names the key by its alias is refused in between",
    "aws_security_group": "the network interfaces that use it must change first",
    "aws_opensearch_vpc_endpoint": "the domain cannot be reached through the endpoint in between",
    "aws_vpc_endpoint": "the service cannot be reached through the endpoint in between",
    "aws_subnet": "what has network interfaces in the subnet must move first",
    "aws_vpc": "everything in the network must move first",
}
"""Resource types whose replacement or destruction interrupts the flow of events, and how."""

_SHORTER = {
    ("aws_kinesis_stream", "retention_period"): (
        "records older than the new retention become unreadable at once",
        "https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html",
    ),
    ("aws_cloudwatch_log_group", "retention_in_days"): (
        "log events older than the new retention are deleted",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    ),
    ("aws_s3_bucket_lifecycle_configuration", "rule.expiration.days"): (
        "objects older than the new limit are deleted",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html",
    ),
    ("aws_s3_bucket_lifecycle_configuration", "rule.noncurrent_version_expiration.noncurrent_days"): (
        "older versions of objects are deleted",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html",
    ),
}
_DOMAINS = ("aws_opensearch_domain", "aws_elasticsearch_domain")


def effects(item: ResourceChange, changed: Sequence[Difference] | None = None) -> list[Effect]:
    """What one resource's change does, worst first. A data source and a no-op do nothing."""
    if item.mode != "managed":
        return []
    changed = differences(item.change) if changed is None else changed
    action = item.action
    found: list[Effect] = []
    if action in ("replace", "destroy"):
        found.extend(_gone(item, action))
    elif action == "forget":
        found.append(
            Effect(Risk.HOURS, "no longer managed: Terraform forgets it, AWS keeps it (and bills it)", "removed block")
        )
    elif action in ("update", "import") and changed:
        if item.type in _DOMAINS:
            found.extend(_domain(item, changed))
        found.extend(_shortened(item, changed))
        if item.type == "aws_s3_bucket_versioning":
            found.extend(_versioning(changed))
    return sorted(found, key=lambda effect: (-effect.risk, effect.trigger))


def _gone(item: ResourceChange, action: str) -> list[Effect]:
    word = "replacement" if action == "replace" else "destruction"
    trigger = ", ".join(_trigger(path) for path in item.change.replace_paths) or _reason(item.action_reason)
    if item.deposed is not None:
        trigger = "a left-over of an earlier replacement"
    if item.type in HOLDS_DATA:
        return [Effect(Risk.LOSS, f"{word} (data loss): {HOLDS_DATA[item.type]}", trigger)]
    if item.type in DATA_PATH:
        return [Effect(Risk.HOURS, f"{word}: {DATA_PATH[item.type]}", trigger)]
    return [Effect(Risk.NONE, word, trigger)]


def _trigger(path: list[object]) -> str:
    return ".".join(str(part) for part in path if isinstance(part, str)) or "the whole resource"


def _reason(reason: str | None) -> str:
    return {
        "replace_because_tainted": "marked as tainted",
        "replace_by_request": "asked for by -replace",
        "replace_by_triggers": "replace_triggered_by",
        "replace_because_cannot_update": "an attribute that cannot change in place",
        "delete_because_no_resource_config": "no longer in the configuration",
        "delete_because_no_module": "its module is no longer in the configuration",
        "delete_because_count_index": "count is smaller",
        "delete_because_each_key": "its key is no longer in for_each",
        "delete_because_wrong_repetition": "count or for_each was added or removed",
    }.get(reason or "", "")


def _domain(item: ResourceChange, changed: Sequence[Difference]) -> list[Effect]:
    return [
        Effect(Risk.HOURS if verdict.blue_green else Risk.NONE, verdict.text, verdict.trigger, verdict.source)
        for verdict in domain_changes.verdicts(item.change.before, item.change.after, changed)
    ]


def _shortened(item: ResourceChange, changed: Sequence[Difference]) -> list[Effect]:
    found = []
    for difference in changed:
        text, source = _SHORTER.get((item.type, difference.attribute), ("", ""))
        if text and _less(difference):
            found.append(
                Effect(
                    Risk.LOSS,
                    f"data loss: {text}",
                    f"{difference.attribute}: {difference.before} -> {difference.after}",
                    source,
                )
            )
    return found


def _less(difference: Difference) -> bool:
    """A smaller number. Zero (and nothing) mean "keep for ever" wherever this is asked."""
    old, new = difference.old, difference.new
    if isinstance(new, bool) or not isinstance(new, (int, float)) or new <= 0:
        return False
    return old in (None, 0) or (isinstance(old, (int, float)) and new < old)


def _versioning(changed: Sequence[Difference]) -> list[Effect]:
    return [
        Effect(
            Risk.HOURS,
            "overwritten and deleted objects can no longer be restored",
            f"{d.attribute}: {d.before} -> {d.after}",
        )
        for d in changed
        if d.attribute == "versioning_configuration.status" and d.old == "Enabled"
    ]
