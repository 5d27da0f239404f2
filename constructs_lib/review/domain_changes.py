"""Which changes of a search domain are made in place and which start a blue/green deployment.

AWS keeps two lists, "Changes that usually cause blue/green deployments" and "Changes that usually don't cause
blue/green deployments", on the page "Making configuration changes in Amazon OpenSearch Service":
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html
Each rule below is a line of those lists. A setting on neither list counts as blue/green, and the report says so: a dry
run (``aws opensearch update-domain-config --dry-run``) tells for certain. The provider decides about replacements: the
plan shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from constructs_lib.limits import sources
from constructs_lib.limits.engines import ELASTICSEARCH, Engine, is_downgrade, parse
from constructs_lib.limits.instances import GP3_STRIPE_GIB
from constructs_lib.limits.quotas import STORAGE_OVERHEAD
from constructs_lib.plans.differences import Difference

PAGE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html"
IN_PLACE_GIB = GP3_STRIPE_GIB
"""A volume may grow to this size (3 TiB a data node) without a blue/green deployment (same page)."""
IN_PLACE = "in place"
BLUE_GREEN = "blue/green deployment (hours)"
MOVES_DATA = "in place, but data moves (hours)"
REFUSED = "refused by AWS"


@dataclass(frozen=True)
class Verdict:
    """The effect of one changed attribute, and the line of AWS's list that it follows from."""

    kind: str
    """`IN_PLACE`, `BLUE_GREEN`, `MOVES_DATA` or `REFUSED`."""
    text: str
    trigger: str
    source: str


class _Line(NamedTuple):
    """A line of the lists: what the change is, its kind, and the page where it is not `PAGE`."""

    text: str
    kind: str
    source: str = PAGE


@dataclass(frozen=True)
class _Rule:
    prefix: str
    line: _Line | Callable[[_Context], _Line]


@dataclass(frozen=True)
class _Context:
    before: dict[str, Any]
    after: dict[str, Any]

    def was(self, *path: str) -> Any:
        return _at(self.before, path)

    def will(self, *path: str) -> Any:
        return _at(self.after, path)

    @property
    def masters_stay(self) -> bool:
        """Whether there are dedicated masters both before and after."""
        where = ("cluster_config", "dedicated_master_enabled")
        return self.was(*where) is True and self.will(*where) is True


def _at(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _nodes(context: _Context) -> _Line:
    if not context.masters_stay:
        return _Line("changing the data node count of a domain without dedicated master nodes", BLUE_GREEN)
    old, new = (side("cluster_config", "instance_count") for side in (context.was, context.will))
    if _number(old) and _number(new) and new < old:
        return _Line(f"removing data nodes, two at a time; {_must_fit(context, int(new))}", MOVES_DATA)
    return _Line("changing the data node or UltraWarm node count of a domain with dedicated master nodes", IN_PLACE)


def _must_fit(context: _Context, nodes: int) -> str:
    """Condition for removing nodes: the capacity of the remaining ones, computed from the plan."""
    volume = context.will("ebs_options", "volume_size")
    if context.will("ebs_options", "ebs_enabled") is not True or not _number(volume):
        return f"all data of the domain must fit on the remaining {nodes}"
    total = nodes * volume
    source = total / STORAGE_OVERHEAD / 2
    return (
        f"all data of the domain must fit on the remaining {nodes}: {total:,.0f} GiB of volumes, about "
        f"{source:,.0f} GiB of source data with one replica"
    )


def _master(context: _Context) -> _Line:
    if not context.masters_stay:
        return _Line("enabling or disabling dedicated master nodes", BLUE_GREEN)
    count = context.was("cluster_config", "dedicated_master_count")
    if count == 2 and context.was("cluster_config", "zone_awareness_enabled") is True:
        return _Line(
            "increasing the dedicated master node count of a Multi-AZ domain with two dedicated master nodes",
            BLUE_GREEN,
        )
    return _Line("changing the type or count of dedicated master nodes", IN_PLACE)


def _volume(context: _Context) -> _Line:
    if context.was("ebs_options", "ebs_enabled") is not context.will("ebs_options", "ebs_enabled"):
        return _Line("changing the storage type", BLUE_GREEN)
    old, new = context.was("ebs_options", "volume_size"), context.will("ebs_options", "volume_size")
    if not _number(old) or not _number(new):
        return _Line("changing the volume (its new size is not known)", BLUE_GREEN)
    if new < old:
        nodes = context.will("cluster_config", "instance_count")
        fits = _must_fit(context, int(nodes) if _number(nodes) else 1)
        return _Line(f"decreasing the EBS volume size; {fits}", BLUE_GREEN)
    if new > IN_PLACE_GIB:
        return _Line("changing a volume of more than 3 TiB a data node", BLUE_GREEN)
    return _Line(
        "changing the volume up to 3 TiB a data node (blue/green within six hours of the last such change)", IN_PLACE
    )


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _logs(context: _Context) -> _Line:
    """Only turning on the audit logs is on the first list. The blocks are a set, so they are compared by log type."""

    def audit(values: dict[str, Any]) -> bool:
        blocks = values.get("log_publishing_options")
        return any(
            isinstance(block, dict) and block.get("log_type") == "AUDIT_LOGS" and block.get("enabled") is not False
            for block in (blocks if isinstance(blocks, list) else [])
        )

    if audit(context.after) and not audit(context.before):
        return _Line("enabling the publication of audit logs to CloudWatch", BLUE_GREEN)
    return _Line(
        "enabling or disabling the publication of error logs or slow logs, or disabling that of audit logs", IN_PLACE
    )


def _auto_tune(context: _Context) -> _Line:
    if context.will("auto_tune_options", "desired_state") == "DISABLED" and (
        context.will("auto_tune_options", "rollback_on_disable") == "DEFAULT_ROLLBACK"
    ):
        return _Line("disabling Auto-Tune and rolling back its changes", BLUE_GREEN)
    return _Line("enabling Auto-Tune, or disabling it without rolling back its changes", IN_PLACE)


def _engine(context: _Context) -> _Line:
    old, new = (_version(values) for values in (context.before, context.after))
    if old is not None and new is not None:
        if is_downgrade(old, new):
            text = (
                "downgrading, which AWS does not support; restore a snapshot from before the upgrade into a new domain"
            )
            return _Line(text, REFUSED, sources.UPGRADES)
        if new == old:
            return _Line("the same engine version under another name", IN_PLACE)
    return _Line("upgrading to a new version (Dashboards may be unavailable meanwhile)", BLUE_GREEN)


def _version(values: Mapping[str, Any]) -> Engine | None:
    older = values.get("elasticsearch_version")
    text = f"{ELASTICSEARCH}_{older}" if older else values.get("engine_version")
    return parse(text) if isinstance(text, str) else None


_SCHEDULE = "changing when AWS may update the domain; the running domain does not change (not on AWS's lists)"
_RULES = (
    _Rule("access_policies", _Line("modifying the access policy", IN_PLACE)),
    _Rule("tags", _Line("adding or removing tags", IN_PLACE)),
    _Rule("tags_all", _Line("adding or removing tags", IN_PLACE)),
    _Rule("timeouts", _Line("how long Terraform waits; not a setting of the domain", IN_PLACE)),
    _Rule("domain_endpoint_options.enforce_https", _Line("enabling or disabling Require HTTPS", IN_PLACE)),
    _Rule("domain_endpoint_options.tls_security_policy", _Line("changing the TLS policy", IN_PLACE)),
    _Rule("domain_endpoint_options.custom_endpoint", _Line("modifying the custom endpoint", IN_PLACE)),
    _Rule("off_peak_window_options", _Line(_SCHEDULE, IN_PLACE)),
    _Rule("software_update_options", _Line(_SCHEDULE, IN_PLACE)),
    _Rule("snapshot_options", _Line("changing the automated snapshot hour", IN_PLACE)),
    _Rule("auto_tune_options", _auto_tune),
    _Rule("log_publishing_options", _logs),
    _Rule("cluster_config.instance_count", _nodes),
    _Rule("cluster_config.warm_count", _nodes),
    _Rule("cluster_config.dedicated_master", _master),
    _Rule("cluster_config.instance_type", _Line("changing the instance type", BLUE_GREEN)),
    _Rule("cluster_config.warm_type", _Line("changing the instance type", BLUE_GREEN)),
    _Rule("cluster_config.warm_enabled", _Line("enabling or disabling UltraWarm or cold storage", BLUE_GREEN)),
    _Rule("cluster_config.cold_storage_options", _Line("enabling or disabling UltraWarm or cold storage", BLUE_GREEN)),
    _Rule("cluster_config.zone_awareness", _Line("enabling or disabling Multi-AZ without Standby", BLUE_GREEN)),
    _Rule("cluster_config.node_options", _Line("adding or removing dedicated coordinator nodes", BLUE_GREEN)),
    _Rule("ebs_options", _volume),
    _Rule("vpc_options.subnet_ids", _Line("choosing different VPC subnets", BLUE_GREEN)),
    _Rule("vpc_options.security_group_ids", _Line("adding or removing VPC security groups", BLUE_GREEN)),
    _Rule(
        "cognito_options", _Line("enabling, disabling or choosing another Amazon Cognito authentication", BLUE_GREEN)
    ),
    _Rule("advanced_options", _Line("modifying advanced settings", BLUE_GREEN)),
    _Rule("engine_version", _engine),
    _Rule("elasticsearch_version", _engine),
    _Rule("encrypt_at_rest", _Line("enabling encryption of data at rest or node-to-node encryption", BLUE_GREEN)),
    _Rule(
        "node_to_node_encryption", _Line("enabling encryption of data at rest or node-to-node encryption", BLUE_GREEN)
    ),
    _Rule("advanced_security_options.enabled", _Line("enabling fine-grained access control", BLUE_GREEN)),
)


def verdicts(before: object, after: object, changed: Sequence[Difference]) -> list[Verdict]:
    """Effects of the changed attributes of one domain: one verdict for each line of AWS's lists that applies.

    Attributes that only AWS computes (endpoints and ids that become unknown) have no effect.
    """
    context = _Context(before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})
    found: dict[_Line, list[str]] = {}
    for difference in changed:
        if difference.path[:1] in _COMPUTED or _default(difference):
            continue
        found.setdefault(_line(context, difference), []).append(_trigger(difference))
    return [
        Verdict(line.kind, f"{line.kind}: {line.text}", "; ".join(dict.fromkeys(triggers)), line.source)
        for line, triggers in found.items()
    ]


_COMPUTED = {
    (name,)
    for name in (
        "arn",
        "dashboard_endpoint",
        "dashboard_endpoint_v2",
        "domain_endpoint_v2_hosted_zone_id",
        "domain_id",
        "endpoint",
        "endpoint_v2",
        "id",
        "kibana_endpoint",
    )
}


def _default(difference: Difference) -> bool:
    """Whether a value goes from absent to zero: a newer provider then only records an existing default."""
    return difference.old is None and not difference.unknown and difference.new in (False, 0, "")


def _line(context: _Context, difference: Difference) -> _Line:
    for rule in _RULES:
        if difference.attribute == rule.prefix or difference.attribute.startswith(
            (f"{rule.prefix}.", f"{rule.prefix}_")
        ):
            return rule.line(context) if callable(rule.line) else rule.line
    option = ".".join(difference.attribute.split(".")[:2])
    return _Line(f"AWS's lists do not name {option}; counted as blue/green until a dry run says otherwise", BLUE_GREEN)


def _trigger(difference: Difference) -> str:
    def short(text: str | None) -> str:
        return "nothing" if text is None else text if len(text) <= 60 else text[:57] + "..."

    if difference.attribute.startswith(("access_policies", "log_publishing_options")):
        return difference.attribute.partition(".")[0]
    return f"{difference.attribute}: {short(difference.before)} -> {short(difference.after)}"
