"""Drift: changes made outside Terraform, without differences that only a refresh causes.

A plan's ``resource_drift`` lists every value that differs between a refresh and the state. Counters and times of AWS
are left out, and two kinds of differences that are not changes:

- normalisation: null, empty and zero are the same to providers of the older SDK, and AWS reorders lists in a policy
  (https://developer.hashicorp.com/terraform/plugin/framework/migrating/resources/crud: null and zero values);
- a computed twin: a role lists the policies that ``aws_iam_role_policy`` resources attach to it, a bucket its policy, a
  security group its rules. Values that a separate resource sets are not drift of the owner; any other value is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from constructs_lib.plans.differences import Difference, differences
from constructs_lib.plans.document import Plan, ResourceChange
from constructs_lib.plans.references import Configuration

Values = Mapping[str, Any]
Items = Iterable[tuple[Any, ...]]

_BUCKET = {
    "acceleration_status": "accelerate_configuration",
    "acl": "acl",
    "cors_rule": "cors_configuration",
    "grant": "acl",
    "lifecycle_rule": "lifecycle_configuration",
    "logging": "logging",
    "object_lock_configuration": "object_lock_configuration",
    "policy": "policy",
    "replication_configuration": "replication_configuration",
    "request_payer": "request_payment_configuration",
    "server_side_encryption_configuration": "server_side_encryption_configuration",
    "versioning": "versioning",
    "website": "website_configuration",
    "website_domain": "website_configuration",
    "website_endpoint": "website_configuration",
}
_WHOLE: Final = {
    **{("aws_s3_bucket", own): (f"aws_s3_bucket_{other}", "bucket") for own, other in _BUCKET.items()},
    ("aws_kms_key", "policy"): ("aws_kms_key_policy", "key_id"),
    ("aws_sns_topic", "policy"): ("aws_sns_topic_policy", "arn"),
    ("aws_sqs_queue", "policy"): ("aws_sqs_queue_policy", "queue_url"),
    ("aws_sqs_queue", "redrive_policy"): ("aws_sqs_queue_redrive_policy", "queue_url"),
    ("aws_sqs_queue", "redrive_allow_policy"): ("aws_sqs_queue_redrive_allow_policy", "queue_url"),
    ("aws_secretsmanager_secret", "policy"): ("aws_secretsmanager_secret_policy", "secret_arn"),
    ("aws_opensearch_domain", "access_policies"): ("aws_opensearch_domain_policy", "domain_name"),
    ("aws_elasticsearch_domain", "access_policies"): ("aws_elasticsearch_domain_policy", "domain_name"),
    ("aws_vpc_endpoint", "policy"): ("aws_vpc_endpoint_policy", "vpc_endpoint_id"),
    ("aws_api_gateway_rest_api", "policy"): ("aws_api_gateway_rest_api_policy", "rest_api_id"),
}
"""Arguments of which the owner has one value, by the separate resource that sets it and its argument that names the
owner: a change of the value shows at the separate resource too."""


def _inline(owner: Values) -> Items:
    return [(each.get("name"), canonical(each.get("policy"))) for each in _blocks(owner.get("inline_policy"))]


def _one_inline(other: Values) -> Items:
    return [(other.get("name"), canonical(other.get("policy")))]


def _texts(name: str) -> Callable[[Values], Items]:
    def items(values: Values) -> Items:
        given = values.get(name)
        return [(each,) for each in (given if isinstance(given, list) else [given])]

    return items


_PROTOCOLS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "all": "-1"}
_SOURCES = {
    "cidr_blocks": "v4", "ipv6_cidr_blocks": "v6", "prefix_list_ids": "list", "security_groups": "group",
    "cidr_ipv4": "v4", "cidr_ipv6": "v6", "prefix_list_id": "list", "referenced_security_group_id": "group",
    "source_security_group_id": "group",
}  # fmt: skip


def _traffic(block: Values, own: Any) -> Items:
    """Traffic that one rule allows, by source: protocol, ports, kind of source, source."""
    given = str(block.get("protocol", block.get("ip_protocol")))
    protocol = _PROTOCOLS.get(given, given)
    ports = (None, None) if protocol == "-1" else (block.get("from_port"), block.get("to_port"))
    for name, kind in _SOURCES.items():
        sources = block.get(name)
        for source in sources if isinstance(sources, list) else [sources]:
            if isinstance(source, str) and source:
                yield protocol, *ports, kind, source.rpartition("/")[2] if kind == "group" else source
    if block.get("self") is True:
        yield protocol, *ports, "group", own


def _rules(direction: str) -> Callable[[Values], Items]:
    return lambda group: [each for block in _blocks(group.get(direction)) for each in _traffic(block, group.get("id"))]


def _one_rule(direction: str) -> Callable[[Values], Items]:
    return lambda rule: (
        _traffic(rule, rule.get("security_group_id")) if rule.get("type", direction) == direction else ()
    )


_ROUTE = (
    "cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block",
    "destination_prefix_list_id", "gateway_id", "nat_gateway_id", "network_interface_id", "transit_gateway_id",
    "vpc_endpoint_id", "vpc_peering_connection_id", "egress_only_gateway_id", "carrier_gateway_id", "local_gateway_id",
)  # fmt: skip


def _route(block: Values) -> tuple[Any, ...]:
    return tuple(sorted(str(block[name]) for name in _ROUTE if block.get(name)))


def _attached(argument: str) -> list[tuple[str, str, Callable[[Values], Items]]]:
    singular = argument.removesuffix("s")
    kind = singular.removesuffix("_id")
    return [(f"aws_vpc_endpoint_{kind}_association", "vpc_endpoint_id", _texts(singular))]


_PARTS: Final[
    Mapping[tuple[str, str], tuple[Callable[[Values], Items], list[tuple[str, str, Callable[[Values], Items]]]]]
] = {
    ("aws_iam_role", "inline_policy"): (_inline, [("aws_iam_role_policy", "role", _one_inline)]),
    ("aws_iam_role", "managed_policy_arns"): (
        _texts("managed_policy_arns"),
        [
            ("aws_iam_role_policy_attachment", "role", _texts("policy_arn")),
            ("aws_iam_policy_attachment", "roles", _texts("policy_arn")),
        ],
    ),
    **{
        (group, direction): (
            _rules(direction),
            [
                (f"aws_vpc_security_group_{direction}_rule", "security_group_id", _one_rule(direction)),
                ("aws_security_group_rule", "security_group_id", _one_rule(direction)),
            ],
        )
        for group in ("aws_security_group", "aws_default_security_group")
        for direction in ("ingress", "egress")
    },
    ("aws_route_table", "route"): (
        lambda table: [_route(block) for block in _blocks(table.get("route"))],
        [("aws_route", "route_table_id", lambda route: [_route(route)])],
    ),
    **{
        ("aws_vpc_endpoint", argument): (_texts(argument), _attached(argument))
        for argument in ("route_table_ids", "subnet_ids", "security_group_ids")
    },
}
"""Arguments that collect values of several separate resources; any other value in them is drift."""


_KEPT_BY_AWS: Final = frozenset(
    {"attachment_count", "last_modified", "last_modified_date", "last_modified_time", "last_updated_date"}
)
"""Attributes that change as a consequence of other changes and are not drift by themselves."""


def drift(plan: Plan) -> Iterator[tuple[ResourceChange, list[Difference]]]:
    """Resources that were changed or destroyed outside Terraform, each with its differences."""
    configuration = Configuration(plan)
    twins = _Twins(plan)
    for item in plan.resource_drift:
        if item.mode != "managed":
            continue
        found = [each for each in differences(item.change) if not _normalised(each)]
        before, after = item.change.before, item.change.after
        if item.action == "update" and isinstance(before, dict) and isinstance(after, dict):
            written = configuration.arguments_of(item.address) or {}
            names = {str(each.path[0]) for each in found if each.path}
            ours = {name for name in names if name not in written and twins.explain(item.type, name, before, after)}
            ours |= {name for name in names - ours if _same_policy(before.get(name), after.get(name))}
            ours |= names & _KEPT_BY_AWS
            found = [each for each in found if each.path[:1] and each.path[0] not in ours]
        if found or item.action != "update":
            yield item, found


class _Twins:
    """The separate resources of a plan, by type and owner."""

    def __init__(self, plan: Plan) -> None:
        wanted: dict[str, set[str]] = defaultdict(set)
        for other, link in _WHOLE.values():
            wanted[other].add(link)
        for _, others in _PARTS.values():
            for other, link, _items in others:
                wanted[other].add(link)
        self._found: dict[tuple[str, str], list[Values]] = defaultdict(list)
        drifted = bool(plan.resource_drift)
        for item in (*plan.resource_changes, *plan.resource_drift) if drifted else ():
            for link in wanted.get(item.type, ()):
                for values in (item.change.before, item.change.after):
                    owners = values.get(link) if isinstance(values, dict) else None
                    for owner in owners if isinstance(owners, list) else [owners]:
                        if isinstance(owner, str):
                            self._found[item.type, owner].append(values)

    def explain(self, type_: str, name: str, before: Any, after: Any) -> bool:
        """Whether separate resources explain the difference in an argument of their owner."""
        if not isinstance(before, dict) or not isinstance(after, dict):
            return False
        whole = _WHOLE.get((type_, name))
        if whole is not None:
            return bool(self._of(whole[0], after))
        if (type_, name) not in _PARTS:
            return False
        items, others = _PARTS[type_, name]
        said = {_key(each) for other, _link, one in others for values in self._of(other, after) for each in one(values)}
        return _keys(items(before)) ^ _keys(items(after)) <= said | {_key((None,))}

    def _of(self, type_: str, owner: Values) -> list[Values]:
        given = (owner.get(key) for key in ("id", "name", "arn", "url", "bucket", "key_id", "domain_name"))
        keys = dict.fromkeys(key for key in given if isinstance(key, str))
        return [values for key in keys for values in self._found.get((type_, key), ())]


def _keys(items: Items) -> set[str]:
    return set(map(_key, items))


def _key(item: tuple[Any, ...]) -> str:
    """A comparable key for any value of a plan."""
    return json.dumps(item, sort_keys=True, default=str)


def _normalised(difference: Difference) -> bool:
    """Whether both sides are absent, empty or zero."""
    return not difference.unknown and all(
        value in (None, "", [], {}, 0, False) for value in (difference.old, difference.new)
    )


def _same_policy(before: Any, after: Any) -> bool:
    return isinstance(before, str) and isinstance(after, str) and canonical(before) == canonical(after) is not None


def canonical(text: Any) -> str | None:
    """A policy document in canonical form, independent of list order and of lists with a single item."""
    try:
        document = json.loads(text) if isinstance(text, str) else None
        return None if document is None else json.dumps(_ordered(document), sort_keys=True)
    except (ValueError, RecursionError):
        return None


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _ordered(item) for name, item in value.items()}
    if isinstance(value, list):
        items = sorted((_ordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return items[0] if len(items) == 1 else items
    return value


def _blocks(value: Any) -> list[Values]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
