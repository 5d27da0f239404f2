"""``network``, ``access``, ``iam``: network access and permissions."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import ENVIRONMENT_VARIABLES, IAM, NO_COMMA, REGISTRY, RETENTION
from constructs_lib.limits.limit_types import Limit, Pattern

_EC2 = "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-troubleshooting.html"
_RULE = f"{REGISTRY}/vpc_security_group_egress_rule"
_OCTET = r"(25[0-5]|2[0-4]\d|1?\d?\d)"
_SUBNET: tuple[Limit, ...] = (Pattern(r"subnet-[0-9a-f]{8,17}", "a subnet's id such as subnet-0a1b2c3d", _EC2),)
_GROUP: tuple[Limit, ...] = (
    Pattern(r"[^,\s]([^,]*[^,\s])?", f"a group's name without spaces around it and {NO_COMMA}", ENVIRONMENT_VARIABLES),
)

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "network.vpc_id": (Pattern(r"vpc-[0-9a-f]{8,17}", "a VPC's id such as vpc-0a1b2c3d4e5f60718", _EC2),),
    "network.subnet_ids[]": _SUBNET,
    "network.flow_log_retention_in_days": RETENTION,
    "domain.vpc_options.subnet_ids[]": _SUBNET,
    **dict.fromkeys(
        (
            "network.client_security_group_ids[]",
            "network.aws_api_security_group_ids[]",
            "domain.vpc_options.security_group_ids[]",
            "delivery.opensearch_configuration.vpc_config.security_group_ids[]",
            "existing.domain.security_group_ids[]",
        ),
        (Pattern(r"sg-[0-9a-f]+", "a security group's id such as sg-0a1b2c3d", _RULE),),
    ),
    **{
        f"network.{who}_cidr_blocks[]": (
            Pattern(
                rf"{_OCTET}(\.{_OCTET}){{3}}/(3[0-2]|[12]?\d)", "an IPv4 address range such as 10.50.0.0/16", _RULE
            ),
        )
        for who in ("client", "aws_api")
    },
    "access.administrator_groups[]": _GROUP,
    "access.analyst_groups[]": _GROUP,
    "iam.path": (Pattern(r"/([!-~]{0,509}/)?", "/ or a path that begins and ends with it", IAM),),
}

VPC_SIZES: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html"
LARGEST_VPC: Final = 16
"""Prefix length of the largest VPC that AWS allows."""
SMALLEST_OWN_VPC: Final = 24
"""Prefix length of the smallest VPC in which up to four equal subnets hold a domain's addresses (ours)."""
WIDE_RANGE: Final = 7
"""A range of this prefix length or shorter is wider than any private one (10.0.0.0/8) and admits the internet."""
SECURITY_GROUP_NAMES: Final = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"
