"""The Lambda construct that all functions share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from cdktf import AssetType, TerraformAsset
from constructs import Construct

from constructs_lib.aws import (
    CloudwatchEventRule,
    CloudwatchEventTarget,
    LambdaAlias,
    LambdaFunction,
    LambdaPermission,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.iam import Condition, Role, ServiceRole, grantee
from constructs_lib.lambda_archive import FunctionArchive
from constructs_lib.log_group import encrypted_log_group
from constructs_lib.network import Network, SecurityGroups
from constructs_lib.overriding import MAIN
from constructs_lib.service_construct import ServiceConstruct

RUNTIME = "python3.13"
ALIAS = "live"
INVOKE = ("lambda:GetFunctionConfiguration", "lambda:InvokeFunction")
TRACE = ("xray:PutTelemetryRecords", "xray:PutTraceSegments")
NETWORK_INTERFACES = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:GetSecurityGroupsForVpc",
    "ec2:UnassignPrivateIpAddresses",
)
NETWORK_RESOURCES = ("network-interface/*", "security-group/*", "subnet/*", "vpc/*")
NETWORK_DESCRIBE = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""Lambda's actions with the role to connect to a VPC. Lambda chooses the interfaces' ids, so resources are limited to
account and region; EC2's describe actions have no resource-level permissions
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions)."""


class Function(ServiceConstruct):
    """A published Python function on arm64 with its role, log group and alias.

    Each change of code or settings publishes a version, and the alias ``live`` points to the newest. Callers use the
    alias, so a plan shows the change in one place. Environment and log are encrypted with the deployment's key. There
    is no dead-letter queue: Firehose and Terraform call the function synchronously and get its errors.

    Args:
        name: name of the function, its role and its log group.
        archive: its code.
        handler: ``folder.module.function`` in the archive.
        environment: its environment variables; never a secret.
        reserved_concurrent_executions: concurrent calls reserved from the account's limit; default: none.
        network: a VPC to run in; there it reaches AWS's APIs as the network's settings allow, and what its security
            groups allow; default: none.
        subnet_ids: subnets in it; default: all of the network's.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        description: str,
        archive: FunctionArchive,
        handler: str,
        encryption: EncryptionKey,
        settings: FunctionSettings,
        environment: Mapping[str, str],
        reserved_concurrent_executions: int | None = None,
        network: Network | None = None,
        subnet_ids: Sequence[str] | None = None,
        iam: IamSettings | None = None,
        depends_on: Sequence[Any] = (),
    ) -> None:
        super().__init__(scope, id_)
        self._context = AwsContext.of(scope)
        self.name = name
        self.role = ServiceRole(
            self,
            "role",
            name=name,
            description=f"What the function {name} works under",
            service="lambda.amazonaws.com",
            account_id=self._context.account_id,
            settings=iam,
        )
        group_name = self._log(encryption, settings.log_retention_in_days)
        self._let_lambda_work(encryption, tracing=settings.tracing, in_network=network is not None)
        self.security_groups: SecurityGroups | None = None
        values = {
            "function_name": name,
            "description": description,
            "role": self.role.arn,
            "runtime": RUNTIME,
            "architectures": ["arm64"],
            "handler": handler,
            "filename": self._deploy(archive),
            "source_code_hash": archive.source_code_hash,
            "publish": True,
            "memory_size": settings.memory_size,
            "timeout": settings.timeout,
            "kms_key_arn": encryption.key_arn,
            "environment": {"variables": dict(sorted(environment.items()))},
            "tracing_config": {"mode": "Active" if settings.tracing else "PassThrough"},
            "logging_config": {"log_format": "Text", "log_group": group_name},
            "reserved_concurrent_executions": reserved_concurrent_executions,
            "vpc_config": self._join(network, subnet_ids) if network is not None else None,
        }
        self.resource = self.create(LambdaFunction, MAIN, values, depends_on=[self.role.policy, *depends_on])
        self.resource_name: str = self.resource.function_name
        """The name as an attribute of the resource; references to it depend on the function."""
        self.alias = self._make_alias()
        self.qualified_arn: str = self.alias.arn
        """ARN of the alias, for callers."""

    def _make_alias(self) -> Any:
        """Create the alias, which points to the newest version."""
        values = {
            "name": ALIAS,
            "description": "The version that is called",
            "function_name": self.resource_name,
            "function_version": self.resource.version,
        }
        return self.create(LambdaAlias, "alias", values)

    def set_environment(self, variables: Mapping[str, str]) -> None:
        """Replace the function's environment variables, for values that are known only after its construction."""
        values = {"variables": dict(sorted(variables.items()))}
        self.resource.put_environment(**values)

    def _deploy(self, archive: FunctionArchive) -> str:
        """Copy the code beside the stack's JSON; returns its path there."""
        # A child of the stack, for a short path.
        asset = TerraformAsset(self.stack, f"{self.prefix}_archive", path=str(archive.path), type=AssetType.FILE)
        path: str = asset.path
        return path

    def _log(self, encryption: EncryptionKey, retention_in_days: int) -> str:
        """Create the log group, let the role write to it, and return its name."""
        group = encrypted_log_group(
            self,
            "log",
            name=f"/aws/lambda/{self.name}",
            retention_in_days=retention_in_days,
            encryption=encryption,
        )
        self.role.grant("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{group.arn}:*"])
        name: str = group.name
        return name

    def _let_lambda_work(self, encryption: EncryptionKey, *, tracing: bool, in_network: bool) -> None:
        """Grant the role what Lambda itself needs: the key, tracing, network interfaces."""
        this_function = f"{self._context.arn('lambda', f'function:{self.name}')}*"
        own_environment = Condition("StringLike", "kms:EncryptionContext:aws:lambda:FunctionArn", [this_function])
        encryption.grant_decrypt(self.role, sid="DecryptEnvironment", via="lambda", conditions=[own_environment])
        if tracing:
            # X-Ray's actions have no resource-level permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
            self.role.grant("SendTraces", TRACE, ["*"])
        if in_network:
            resources = [self._context.arn("ec2", resource) for resource in NETWORK_RESOURCES]
            self.role.grant("ManageNetworkInterfaces", NETWORK_INTERFACES, resources)
            self.role.grant("DescribeNetwork", NETWORK_DESCRIBE, ["*"])

    def _join(self, network: Network, subnet_ids: Sequence[str] | None) -> dict[str, Any]:
        """Subnets, and a security group that reaches only AWS's APIs."""
        self.security_groups = SecurityGroups(
            self,
            "security-group",
            name=self.name,
            description=f"Network interfaces of the function {self.name}",
            vpc_id=network.vpc_id,
        )
        self.security_groups.allow_https_to_aws(network)
        subnets = list(subnet_ids if subnet_ids is not None else network.subnet_ids)
        return {"subnet_ids": subnets, "security_group_ids": self.security_groups.ids}

    def run_on_schedule(
        self,
        name: str,
        expression: str,
        *,
        description: str,
        payload: Mapping[str, Any],
        depends_on: Sequence[Any] = (),
    ) -> None:
        """Have EventBridge call the function on a schedule.

        Args:
            name: a fixed noun for the schedule, part of logical ids. One that ends in ``schedule`` has a rule by the
                function's name, others have their own name at its end.
            expression: in EventBridge's notation, such as ``rate(1 day)``.
            payload: the event that the function gets.
            depends_on: resources to create before the first call.
        """
        rule = self.create(
            CloudwatchEventRule,
            name,
            {
                "name": self.name if name.endswith("schedule") else f"{self.name}-{name}",
                "description": description,
                "schedule_expression": expression,
            },
            depends_on=depends_on,
        )
        self.create(
            CloudwatchEventTarget,
            f"{name}-target",
            {"rule": rule.name, "arn": self.qualified_arn, "input": json.dumps(payload)},
        )
        self.create(
            LambdaPermission,
            f"{name}-permission",
            {
                "action": "lambda:InvokeFunction",
                "function_name": self.resource_name,
                "qualifier": self.alias.name,
                "principal": "events.amazonaws.com",
                "source_arn": rule.arn,
            },
        )

    def grant_invoke(self, role: Role, *, sid: str = "InvokeFunction") -> None:
        """Let a role call the function's alias, and read its configuration, which Firehose checks first."""
        grantee(self, role).grant(sid, INVOKE, [self.qualified_arn])
