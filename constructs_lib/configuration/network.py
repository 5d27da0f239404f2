"""``network``: the VPC that the domain is in."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class NetworkSettings(Section):
    """The network of a domain in a VPC: an existing one (``vpc_id``, ``subnet_ids``) or one of the deployment's own."""

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
    """Ids of the security groups of what leads from existing subnets to AWS's APIs, such as an interface endpoint
    of KMS. The functions in the network may reach their HTTPS port; what the groups admit is their owner's."""
    aws_api_cidr_blocks: list[str] = []
    """Address ranges for the same purpose: those of interface endpoints, or ``0.0.0.0/0`` behind a NAT gateway."""
    flow_log_retention_in_days: int = 365
    """Days that the flow log of a VPC of the deployment's own is kept."""

    @property
    def reaches_aws(self) -> bool:
        """Whether functions in it reach KMS: an own VPC gets an endpoint of it, of an existing one it must be said."""
        return bool(self.cidr_block is not None or self.aws_api_security_group_ids or self.aws_api_cidr_blocks)
