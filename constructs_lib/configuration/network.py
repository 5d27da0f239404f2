"""``network``: the VPC that the domain is in."""

from __future__ import annotations

from constructs_lib.configuration.section import Section


class NetworkSettings(Section):
    """The network of a domain in a VPC: an existing one (``vpc_id``, ``subnet_ids``) or one of the deployment's own."""

    vpc_id: str | None = None
    subnet_ids: list[str] = []
    """One subnet for each zone of the domain."""
    cidr_block: str | None = None
    """Address range of a VPC of the deployment's own, split evenly over the zones."""
    availability_zones: list[str] = []
    """Zones of a VPC of the deployment's own."""
    client_security_group_ids: list[str] = []
    """Security groups that may reach the domain's HTTPS port besides the deployment's own."""
    client_cidr_blocks: list[str] = []
    """Address ranges that may reach the domain's HTTPS port."""
    aws_api_security_group_ids: list[str] = []
    """Security groups of what leads to AWS's APIs from existing subnets, such as an interface endpoint of KMS: the
    functions in the network may reach their HTTPS port. What they let in is their owner's."""
    aws_api_cidr_blocks: list[str] = []
    """Address ranges for the same: those of interface endpoints, or ``0.0.0.0/0`` where a NAT gateway leads out."""
    flow_log_retention_in_days: int = 365

    @property
    def reaches_aws(self) -> bool:
        """Whether functions in it reach KMS: an own VPC gets an endpoint of it, of an existing one it must be said."""
        return bool(self.cidr_block is not None or self.aws_api_security_group_ids or self.aws_api_cidr_blocks)
