"""The network of a domain in a VPC, and its security groups."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from constructs import Construct

from constructs_lib.aws import (
    DefaultSecurityGroup,
    FlowLog,
    SecurityGroup,
    Subnet,
    Vpc,
    VpcSecurityGroupEgressRule,
    VpcSecurityGroupIngressRule,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.configuration.network import NetworkSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.iam import ServiceRole
from constructs_lib.log_group import encrypted_log_group
from constructs_lib.service_construct import ServiceConstruct

HTTPS = 443


class Network(ServiceConstruct):
    """An existing VPC with subnets, or a new VPC with one private subnet for each zone and no route to the internet.

    A new VPC needs no internet access: the network interfaces of the delivery stream and the functions need only the
    domain. It has a flow log, and its default security group allows no traffic.

    Args:
        name: name of the VPC, and beginning of its resources' names.
        settings: an existing network (``vpc_id``, ``subnet_ids``), or the address range and zones of a new one.
        encryption: the key of the flow log's log group.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: NetworkSettings,
        encryption: EncryptionKey,
        iam: IamSettings | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.settings = settings = self.judge_settings("network", settings, NetworkSettings)
        if settings.cidr_block is None:
            self.vpc_id: str = settings.vpc_id or ""
            self.subnet_ids: list[str] = list(settings.subnet_ids)
            return
        vpc = self.create(
            Vpc,
            "vpc",
            {
                "cidr_block": settings.cidr_block,
                "enable_dns_hostnames": True,
                "enable_dns_support": True,
                "tags": {"Name": name},
            },
        )
        self.vpc_id = vpc.id
        self.create(
            DefaultSecurityGroup,
            "default-security-group",
            {"vpc_id": self.vpc_id, "tags": {"Name": f"{name}-unused"}},
        )
        self.subnet_ids = self._subnets(name, settings.cidr_block)
        self._log_traffic(name, encryption, iam)

    def _subnets(self, name: str, cidr_block: str) -> list[str]:
        """Create a private subnet in each zone; returns their ids."""
        zones = self.settings.availability_zones
        blocks = subnet_blocks(cidr_block, len(zones))
        return [
            self.create(
                Subnet,
                f"subnet-{number}",
                {
                    "vpc_id": self.vpc_id,
                    "cidr_block": block,
                    "availability_zone": zone,
                    "map_public_ip_on_launch": False,
                    "tags": {"Name": f"{name}-{zone}"},
                },
            ).id
            for number, (zone, block) in enumerate(zip(zones, blocks, strict=True))
        ]

    def _log_traffic(self, name: str, encryption: EncryptionKey, iam: IamSettings | None) -> None:
        context = AwsContext.of(self)
        role = ServiceRole(
            self,
            "flow-log-role",
            name=f"{name}-flow-log",
            description=f"Flow log of the VPC {name}",
            service="vpc-flow-logs.amazonaws.com",
            account_id=context.account_id,
            source_arn=context.arn("ec2", "vpc-flow-log/*"),
            settings=iam,
        )
        group = encrypted_log_group(
            self,
            "flow-log-group",
            name=f"/behaviour-analytics/{name}/vpc-flow-log",
            retention_in_days=self.settings.flow_log_retention_in_days,
            encryption=encryption,
        )
        group_arn = group.arn
        role.grant(
            "WriteFlowLog",
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [f"{group_arn}:*"],
        )
        self.create(
            FlowLog,
            "flow-log",
            {
                "vpc_id": self.vpc_id,
                "traffic_type": "ALL",
                "iam_role_arn": role.arn,
                "log_destination": group_arn,
                "log_destination_type": "cloud-watch-logs",
                "tags": {"Name": name},
            },
        )


def subnet_blocks(cidr_block: str, zones: int) -> list[str]:
    """Equal parts of an address range, one for each zone; their number is the next power of two.

    >>> subnet_blocks("10.20.0.0/16", 3)
    ['10.20.0.0/18', '10.20.64.0/18', '10.20.128.0/18']
    """
    bits = max(zones - 1, 0).bit_length()
    parts = ipaddress.ip_network(cidr_block).subnets(prefixlen_diff=bits)
    return [str(part) for part, _ in zip(parts, range(zones), strict=False)]


class SecurityGroups(ServiceConstruct):
    """The security groups of one service in the VPC: a new one, or existing ones.

    A new group has no rules at first; `allow_https_to` adds the pair of rules for one connection.

    Args:
        name: name of a new group.
        vpc_id: the VPC.
        given: ids of existing groups; then no group is created, and rules are added to the first of them.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        vpc_id: str,
        given: Sequence[str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self.own = not given
        if given:
            self.ids = list(given)
        else:
            group = self.create(
                SecurityGroup,
                "security-group",
                {
                    "name": name,
                    "description": description,
                    "vpc_id": vpc_id,
                    # A delivery stream's network interfaces outlive it by minutes; deleting the group waits for them.
                    "revoke_rules_on_delete": True,
                    "tags": {"Name": name},
                },
            )
            self.ids = [group.id]

    def allow_https_to(self, target: SecurityGroups, *, peer: str, target_name: str = "domain") -> None:
        """Let this service reach the target's port 443: egress here (new groups only), ingress there.

        Args:
            peer: a fixed noun for this service, part of the rules' ids.
            target_name: a fixed noun for the target.
        """
        if self.own:
            self._allow_https_out(target_name, f"HTTPS of the {target_name}", group_id=target.ids[0])
        target.allow_https_from_group(self.ids[0], peer=peer)

    def allow_https_to_aws(self, network: Network) -> None:
        """Let this service reach port 443 of AWS API endpoints in an existing network: egress here only, since this
        stack does not manage the endpoints' security groups."""
        for number, group in enumerate(network.settings.aws_api_security_group_ids):
            self._allow_https_out(f"aws-api-group-{number}", "HTTPS of AWS's APIs", group_id=group)
        for number, block in enumerate(network.settings.aws_api_cidr_blocks):
            self._allow_https_out(f"aws-api-range-{number}", f"HTTPS of AWS's APIs in {block}", cidr_block=block)

    def allow_https_from_group(self, group_id: str, *, peer: str) -> None:
        """Let a security group reach port 443 of this service."""
        rule = {"referenced_security_group_id": group_id, "description": f"HTTPS from {peer}"}
        self._rule(VpcSecurityGroupIngressRule, f"https-from-{peer}", rule)

    def allow_https_from_range(self, cidr_block: str, *, peer: str) -> None:
        """Let an address range reach port 443 of this service."""
        rule = {"cidr_ipv4": cidr_block, "description": f"HTTPS from {cidr_block}"}
        self._rule(VpcSecurityGroupIngressRule, f"https-from-{peer}", rule)

    def _allow_https_out(
        self, target_name: str, description: str, *, group_id: str | None = None, cidr_block: str | None = None
    ) -> None:
        rule = {"referenced_security_group_id": group_id, "cidr_ipv4": cidr_block, "description": description}
        self._rule(VpcSecurityGroupEgressRule, f"https-to-{target_name}", rule)

    def _rule(self, kind: Any, name: str, rule: Mapping[str, str | None]) -> None:
        ports = {"security_group_id": self.ids[0], "ip_protocol": "tcp", "from_port": HTTPS, "to_port": HTTPS}
        self.create(kind, name, {**ports, **rule})
