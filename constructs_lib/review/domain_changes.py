"""Which changes of a search domain are made in place and which start a blue/green deployment.

AWS keeps two lists, "Changes that usually cause blue/green deployments" and "Changes that usually don't cause
blue/green deployments", on the page "Making configuration changes in Amazon OpenSearch Service":
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html
Each rule below is a line of those lists. What is on neither is counted as blue/green and says so: a dry run
(``aws opensearch update-domain-config --dry-run``) knows. Replacements are the provider's decision: they stand
in the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from constructs_lib.plans.differences import Difference

PAGE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-configuration-changes.html"
IN_PLACE_GIB = 3072
"""A volume may grow to this size (3 TiB a data node) without a blue/green deployment (same page)."""
IN_PLACE = "in place"
BLUE_GREEN = "blue/green deployment (hours)"


@dataclass(frozen=True)
class Verdict:
    """What one changed attribute does, and the line of AWS's list that says so."""

    blue_green: bool
    text: str
    trigger: str
    source: str


@dataclass(frozen=True)
class _Rule:
    prefix: str
    line: str
    blue_green: bool | Callable[[_Context], tuple[bool, str]]


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
        """Dedicated masters before and after."""
        where = ("cluster_config", "dedicated_master_enabled")
        return self.was(*where) is True and self.will(*where) is True


def _at(value: Any, path: Sequence[str]) -> Any:
    for part in path:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _nodes(context: _Context) -> tuple[bool, str]:
    if context.masters_stay:
        return False, "changing the data node or UltraWarm node count of a domain with dedicated master nodes"
    return True, "changing the data node count of a domain without dedicated master nodes"


def _master(context: _Context) -> tuple[bool, str]:
    if not context.masters_stay:
        return True, "enabling or disabling dedicated master nodes"
    count = context.was("cluster_config", "dedicated_master_count")
    if count == 2 and context.was("cluster_config", "zone_awareness_enabled") is True:
        return True, "increasing the dedicated master node count of a Multi-AZ domain with two dedicated master nodes"
    return False, "changing the type or count of dedicated master nodes"


def _volume(context: _Context) -> tuple[bool, str]:
    if context.was("ebs_options", "ebs_enabled") is not context.will("ebs_options", "ebs_enabled"):
        return True, "changing the storage type"
    old, new = context.was("ebs_options", "volume_size"), context.will("ebs_options", "volume_size")
    if not _number(old) or not _number(new):
        return True, "changing the volume (its new size is not known)"
    if new < old:
        return True, "decreasing the EBS volume size"
    if new > IN_PLACE_GIB:
        return True, "changing a volume of more than 3 TiB a data node"
    return (
        False,
        "changing the volume up to 3 TiB a data node (blue/green within six hours of the last such change)",
    )


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _logs(context: _Context) -> tuple[bool, str]:
    """Only turning on the audit logs is on the first list. The blocks are a set: compared by kind."""

    def audit(values: dict[str, Any]) -> bool:
        blocks = values.get("log_publishing_options")
        return any(
            isinstance(block, dict) and block.get("log_type") == "AUDIT_LOGS" and block.get("enabled") is not False
            for block in (blocks if isinstance(blocks, list) else [])
        )

    if audit(context.after) and not audit(context.before):
        return True, "enabling the publication of audit logs to CloudWatch"
    return False, "enabling or disabling the publication of error logs or slow logs, or disabling that of audit logs"


def _auto_tune(context: _Context) -> tuple[bool, str]:
    if context.will("auto_tune_options", "desired_state") == "DISABLED" and (
        context.will("auto_tune_options", "rollback_on_disable") == "DEFAULT_ROLLBACK"
    ):
        return True, "disabling Auto-Tune and rolling back its changes"
    return False, "enabling Auto-Tune, or disabling it without rolling back its changes"


_SCHEDULE = "says when AWS may update the domain, changes nothing that runs (not on AWS's lists)"
_RULES = (
    _Rule("access_policies", "modifying the access policy", blue_green=False),
    _Rule("tags", "adding or removing tags", blue_green=False),
    _Rule("tags_all", "adding or removing tags", blue_green=False),
    _Rule("timeouts", "no setting of the domain: how long Terraform waits", blue_green=False),
    _Rule("domain_endpoint_options.enforce_https", "enabling or disabling Require HTTPS", blue_green=False),
    _Rule("domain_endpoint_options.tls_security_policy", "changing the TLS policy", blue_green=False),
    _Rule("domain_endpoint_options.custom_endpoint", "modifying the custom endpoint", blue_green=False),
    _Rule("off_peak_window_options", _SCHEDULE, blue_green=False),
    _Rule("software_update_options", _SCHEDULE, blue_green=False),
    _Rule("snapshot_options", "changing the automated snapshot hour", blue_green=False),
    _Rule("auto_tune_options", "", _auto_tune),
    _Rule("log_publishing_options", "", _logs),
    _Rule("cluster_config.instance_count", "", _nodes),
    _Rule("cluster_config.warm_count", "", _nodes),
    _Rule("cluster_config.dedicated_master", "", _master),
    _Rule("cluster_config.instance_type", "changing the instance type", blue_green=True),
    _Rule("cluster_config.warm_type", "changing the instance type", blue_green=True),
    _Rule("cluster_config.warm_enabled", "enabling or disabling UltraWarm or cold storage", blue_green=True),
    _Rule("cluster_config.cold_storage_options", "enabling or disabling UltraWarm or cold storage", blue_green=True),
    _Rule("cluster_config.zone_awareness", "enabling or disabling Multi-AZ without Standby", blue_green=True),
    _Rule("cluster_config.node_options", "adding or removing dedicated coordinator nodes", blue_green=True),
    _Rule("ebs_options", "", _volume),
    _Rule("vpc_options.subnet_ids", "choosing different VPC subnets", blue_green=True),
    _Rule("vpc_options.security_group_ids", "adding or removing VPC security groups", blue_green=True),
    _Rule("cognito_options", "enabling, disabling or choosing another Amazon Cognito authentication", blue_green=True),
    _Rule("advanced_options", "modifying advanced settings", blue_green=True),
    _Rule("engine_version", "upgrading to a new version (Dashboards may be unavailable meanwhile)", blue_green=True),
    _Rule(
        "elasticsearch_version", "upgrading to a new version (Dashboards may be unavailable meanwhile)", blue_green=True
    ),
    _Rule("encrypt_at_rest", "enabling encryption of data at rest or node-to-node encryption", blue_green=True),
    _Rule("node_to_node_encryption", "enabling encryption of data at rest or node-to-node encryption", blue_green=True),
    _Rule("advanced_security_options.enabled", "enabling fine-grained access control", blue_green=True),
)


def verdicts(before: object, after: object, changed: Sequence[Difference]) -> list[Verdict]:
    """What the changed attributes of one domain do: one verdict for each line of AWS's lists that they are on.

    Attributes that only AWS computes (endpoints and ids that become unknown) trigger nothing.
    """
    context = _Context(before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})
    found: dict[tuple[bool, str], list[str]] = {}
    for difference in changed:
        if difference.path[:1] in _COMPUTED or _default(difference):
            continue
        found.setdefault(_verdict(context, difference), []).append(_trigger(difference))
    return [
        Verdict(
            blue_green,
            f"{BLUE_GREEN if blue_green else IN_PLACE}: {line}",
            "; ".join(dict.fromkeys(triggers)),
            PAGE,
        )
        for (blue_green, line), triggers in found.items()
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
    """Nothing before and a zero after: a newer provider writes down a default that held all along."""
    return difference.old is None and not difference.unknown and difference.new in (False, 0, "")


def _verdict(context: _Context, difference: Difference) -> tuple[bool, str]:
    for rule in _RULES:
        if difference.attribute.startswith(rule.prefix):
            if callable(rule.blue_green):
                return rule.blue_green(context)
            return rule.blue_green, rule.line
    return True, "on neither of AWS's lists; counted as blue/green until a dry run says otherwise"


def _trigger(difference: Difference) -> str:
    def short(text: str | None) -> str:
        return "nothing" if text is None else text if len(text) <= 60 else text[:57] + "..."

    if difference.attribute.startswith(("access_policies", "log_publishing_options")):
        return difference.attribute.partition(".")[0]
    return f"{difference.attribute}: {short(difference.before)} -> {short(difference.after)}"
