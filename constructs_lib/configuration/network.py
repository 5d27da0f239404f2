"""``network``: the VPC that the domain is in."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class NetworkSettings(Section):
    """The network of a domain in a VPC: an existing one (``vpc_id``, ``subnet_ids``) or a new one."""

    vpc_id: str | None = None
    """Id of an existing VPC; not together with ``cidr_block``."""
    subnet_ids: list[str] = []
    """Ids of existing subnets, one for each zone of the domain."""
    cidr_block: str | None = None
    """Address range of a new VPC, split evenly over the zones."""
    availability_zones: list[str] = []
    """Zones of the new VPC, such as ``eu-west-1a``."""
    client_security_group_ids: list[str] = []
    """Ids of security groups that may reach the domain's HTTPS port, besides the deployment's own."""
    client_cidr_blocks: list[str] = []
    """Address ranges that may reach the domain's HTTPS port."""
    aws_api_security_group_ids: list[str] = []
    """Ids of security groups of AWS API endpoints in an existing VPC, such as an interface endpoint of KMS. The
    functions in the VPC may connect to their HTTPS port; the groups' own rules must admit them."""
    aws_api_cidr_blocks: list[str] = []
    """Address ranges of AWS API endpoints: those of interface endpoints, or ``0.0.0.0/0`` behind a NAT gateway."""
    flow_log_retention_in_days: int = 365
    """Days that the flow log of a new VPC is kept."""
