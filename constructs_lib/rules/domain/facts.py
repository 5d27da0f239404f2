"""What several rules about a domain read from its arguments."""

from __future__ import annotations

from collections.abc import Iterator

from constructs_lib.limits.engines import Engine, parse
from constructs_lib.limits.instances import INSTANCE_TYPES, InstanceType, family
from constructs_lib.rules.plan_values import Arguments

COUNT = "cluster_config.instance_count"
DATA_TYPE = "cluster_config.instance_type"
MASTERS_ON = "cluster_config.dedicated_master_enabled"
MASTERS = "cluster_config.dedicated_master_count"
MASTER_TYPE = "cluster_config.dedicated_master_type"
STANDBY = "cluster_config.multi_az_with_standby_enabled"
ZONES = "cluster_config.zone_awareness_config.availability_zone_count"


def engine_of(domain: Arguments) -> Engine | None:
    """The engine version; None if it is left to AWS, unknown or malformed."""
    return parse(domain.text("engine_version") or "")


def data_nodes(domain: Arguments) -> float | None:
    """Number of data nodes; 1 if left out, as the provider has it."""
    return domain.number(COUNT, 1)


def data_family(domain: Arguments) -> str | None:
    """``r7g`` of ``r7g.large.search``; None if left out or unknown."""
    instance_type = domain.text(DATA_TYPE)
    return family(instance_type) if instance_type else None


def data_facts(domain: Arguments) -> InstanceType | None:
    """Facts about the data nodes' type; None if it is unknown, here or to AWS."""
    return INSTANCE_TYPES.get(domain.text(DATA_TYPE) or "")


def masters_enabled(domain: Arguments) -> bool | None:
    """Whether there are dedicated masters."""
    return domain.flag(MASTERS_ON)


def coordinators(domain: Arguments) -> Iterator[str]:
    """Paths of the blocks that configure coordinator nodes and are on."""
    for index, _ in enumerate(domain.items("cluster_config.node_options") or []):
        block = f"cluster_config.node_options[{index}].node_config"
        if domain.flag(f"{block}.enabled"):
            yield block


def zones(domain: Arguments) -> float | None:
    """Zones that the data nodes spread over: 1, 2 or 3."""
    aware = domain.flag("cluster_config.zone_awareness_enabled")
    if aware is None:
        return None
    return domain.number(ZONES, 2) if aware else 1


def fine_grained(domain: Arguments) -> bool | None:
    """Whether fine-grained access control is on."""
    return domain.flag("advanced_security_options.enabled")


SIGN_IN = ("saml_options.enabled", "advanced_security_options.jwt_options.enabled")
"""Switches that let people sign in without a signed request."""


def signs_people_in(domain: Arguments) -> bool:
    """Whether people certainly sign in with SAML or JSON web tokens."""
    return any(domain.flag(path) for path in SIGN_IN)


def in_vpc(domain: Arguments) -> bool | None:
    """Whether the domain's endpoint lies in a VPC."""
    return domain.present("vpc_options")
