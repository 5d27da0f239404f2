"""Security group rules that refer to a group and return their description, which stock moto leaves out."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from rehearsal.emulated.extension import extends

_stock_modify = SecurityGroupBackend.modify_security_group_rules


def _description(rule: SecurityGroupRule) -> str | None:
    """The description given with the rule's address range or group."""
    changed: str | None = rule.__dict__.get("changed_description")
    return changed or rule.ip_range.get("Description") or rule.source_group.get("Description")


setattr(SecurityGroupRule, "description", property(_description))  # noqa: B010 - a property of a class of moto


@extends(SecurityGroupBackend)
def modify_security_group_rules(self: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    """ModifySecurityGroupRules, with the new description."""
    _stock_modify(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for rule_id, changed in rules.items():
        rule = group.get_rule(rule_id) if group else None
        if rule is not None:
            rule.__dict__["changed_description"] = changed.get("Description")
