"""The Lambda construct that the transform and the bootstrap share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import AssetType, ITerraformDependable, TerraformAsset
from constructs import Construct

from constructs_lib.aws import CloudwatchLogGroup, LambdaAlias, LambdaFunction, arguments
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.function import FunctionSettings
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.encryption import Encryption
from constructs_lib.iam import Condition, ServiceRole
from constructs_lib.lambda_archive import FunctionArchive
from constructs_lib.network import Network, SecurityGroups

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
"""What Lambda does under the role to reach a VPC. It makes interfaces of its own choice, so they are named by account
and region; EC2's describe actions know no resource at all
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions)."""


class Function(Construct):
    """A published Python function on arm64 with its role, log group and alias.

    Each change of code or settings publishes a version, and the alias ``live`` points at the newest; callers use the
    alias, so that a plan shows the change in one place. Its environment and its log are encrypted with the
    deployment's key. It has no dead-letter queue: Firehose and Terraform call it synchronously and see its errors
    themselves.

    Args:
        name: name of the function, its role and its log group.
        archive: its code.
        handler: ``folder.module.function`` in the archive.
        environment: its environment variables; never a secret.
        reserved_concurrent_executions: calls at once, taken from the account's limit and guaranteed; default: none.
        network: a VPC to run in, where it reaches nothing but AWS's APIs, by what the network's settings name, and what
            else its security groups are let reach; default: none.
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
        encryption: Encryption,
        settings: FunctionSettings,
        environment: Mapping[str, str],
        reserved_concurrent_executions: int | None = None,
        network: Network | None = None,
        subnet_ids: Sequence[str] | None = None,
        iam: IamSettings | None = None,
        depends_on: Sequence[ITerraformDependable] = (),
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
        group = CloudwatchLogGroup(
            self,
            "log",
            name=f"/aws/lambda/{name}",
            retention_in_days=settings.log_retention_in_days,
            kms_key_id=encryption.key_arn,
        )
        with self.role.granting():
            self._grant(group, encryption, settings, in_network=network is not None)
        values = {
            "function_name": name,
            "description": description,
            "role": self.role.arn,
            "runtime": RUNTIME,
            "architectures": ["arm64"],
            "handler": handler,
            "filename": TerraformAsset(self, "archive", path=str(archive.path), type=AssetType.FILE).path,
            "source_code_hash": archive.source_code_hash,
            "publish": True,
            "memory_size": settings.memory_size,
            "timeout": settings.timeout,
            "kms_key_arn": encryption.key_arn,
            "environment": {"variables": dict(sorted(environment.items()))},
            "tracing_config": {"mode": "Active" if settings.tracing else "PassThrough"},
            "logging_config": {"log_format": "Text", "log_group": group.name},
        }
        if reserved_concurrent_executions is not None:
            values["reserved_concurrent_executions"] = reserved_concurrent_executions
        self.security_groups: SecurityGroups | None = None
        if network is not None:
            self.security_groups = SecurityGroups(
                self,
                "security-group",
                name=name,
                description=f"Network interfaces of the function {name}",
                network=network,
            )
            self.security_groups.allow_https_to_aws(network)
            values["vpc_config"] = {
                "subnet_ids": list(subnet_ids if subnet_ids is not None else network.subnet_ids),
                "security_group_ids": self.security_groups.ids,
            }
        policy = [self.role.policy] if self.role.policy is not None else []
        self.resource = LambdaFunction(
            self, "Resource", **arguments(LambdaFunction, values), depends_on=[*policy, *depends_on]
        )
        self.resource_name: str = self.resource.function_name
        """The name by way of the resource: whoever names it waits until the function is there."""
        self.alias = LambdaAlias(
            self,
            "alias",
            name=ALIAS,
            description="The version that is called",
            function_name=self.resource_name,
            function_version=self.resource.version,
        )
        self.qualified_arn: str = self.alias.arn
        """ARN of the alias: what is called."""

    def _grant(
        self, group: CloudwatchLogGroup, encryption: Encryption, settings: FunctionSettings, *, in_network: bool
    ) -> None:
        """What Lambda does under the role before the function has done anything."""
        self.role.grant("WriteLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{group.arn}:*"])
        this_function = f"{self._context.arn('lambda', f'function:{self.name}')}*"
        encryption.grant_decrypt(
            self.role,
            sid="DecryptEnvironment",
            via="lambda",
            conditions=[
                Condition("StringLike", "kms:EncryptionContext:aws:lambda:FunctionArn", [this_function]),
            ],
        )
        if settings.tracing:
            # X-Ray's actions know no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
            self.role.grant("Trace", TRACE, ["*"])
        if in_network:
            resources = [self._context.arn("ec2", resource) for resource in NETWORK_RESOURCES]
            self.role.grant("JoinNetwork", NETWORK_INTERFACES, resources)
            self.role.grant("DescribeNetwork", NETWORK_DESCRIBE, ["*"])

    def grant_invoke(self, role: ServiceRole, *, sid: str) -> None:
        """Let a role call the function by its alias, and see its configuration as Firehose does first."""
        role.grant(sid, INVOKE, [self.qualified_arn])
