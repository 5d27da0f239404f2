"""The delivery stream from the event stream into the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from constructs import Construct

from constructs_lib.aws import CloudwatchLogGroup, CloudwatchLogStream, KinesisFirehoseDeliveryStream, arguments
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.delivery import DeliverySettings, OpensearchConfiguration
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.iam import ServiceRole
from constructs_lib.network import SecurityGroups

if TYPE_CHECKING:
    from constructs_lib.archive import Archive
    from constructs_lib.domain import SearchDomain
    from constructs_lib.encryption import Encryption
    from constructs_lib.stream import EventStream

NETWORK_INTERFACES = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
)
NETWORK_DESCRIBE = (
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcs",
)

UNPACKING = ("Decompression", "CloudWatchLogProcessing")
"""Processors that take records out of what they came in, such as a CloudWatch Logs subscription: before the transform
(https://docs.aws.amazon.com/firehose/latest/dev/writing-with-cloudwatch-logs-decompression.html)."""


@dataclass(frozen=True)
class LambdaProcessor:
    """A function that transforms records on their way.

    Attributes:
        arn: ARN with a version or an alias; Firehose refuses an unqualified one.
        buffer_size_mb: MiB a call at most; 1 is Firehose's default and is never written, or every plan would differ.
        buffer_interval_seconds: seconds a call waits at most; 60 is Firehose's default.
        retries: further tries of a failed call; 3 is Firehose's default.
    """

    arn: str
    buffer_size_mb: float = 1
    buffer_interval_seconds: int = 60
    retries: int = 3

    def arguments(self) -> dict[str, Any]:
        """The processor in the provider's argument shape."""
        tuned = (
            ("BufferSizeInMBs", self.buffer_size_mb, 1),
            ("BufferIntervalInSeconds", self.buffer_interval_seconds, 60),
            ("NumberOfRetries", self.retries, 3),
        )
        parameters = [{"parameter_name": "LambdaArn", "parameter_value": self.arn}]
        parameters += [
            {"parameter_name": name, "parameter_value": f"{value:g}"}
            for name, value, default in tuned
            if value != default
        ]
        return {"type": "Lambda", "parameters": parameters}


class Delivery(Construct):
    """A Firehose delivery stream: Kinesis in, the domain out, the archive behind it, errors logged.

    Its role may do exactly what Firehose's documentation lists for this source, destination and backup, on these
    resources (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html), and the delivery stream is
    created after the role's policy, which AWS checks at once.

    Args:
        name: name of the delivery stream, unless the settings have one.
        role: the role it works under, from `delivery_role`; default: one of its own.
        processor: the transform; its owner grants this construct's role the call.
        adopted: whether the delivery stream exists already, and with it perhaps the log group that AWS makes for one.
        depends_on: what must be done before the first delivery, such as index templates.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        stream: EventStream,
        domain: SearchDomain,
        archive: Archive,
        encryption: Encryption,
        role: ServiceRole | None = None,
        settings: DeliverySettings | None = None,
        processor: LambdaProcessor | None = None,
        adopted: bool = False,
        depends_on: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or DeliverySettings()
        options = settings.opensearch_configuration
        self._context = AwsContext.of(scope)
        self.name_given = settings.name or name
        place = "/behaviour-analytics" if adopted else "/aws/kinesisfirehose"
        self._log_group = f"{place}/{self.name_given}"
        role = role or delivery_role(self, "role", name=self.name_given, delivery_name=self.name_given)
        self.role = role
        values = options.arguments("vpc_config", "processing_configuration")
        values |= {"domain_arn": domain.resource_arn, "role_arn": role.arn}
        backup = values["s3_configuration"]
        backup |= {"bucket_arn": archive.arn, "role_arn": role.arn}
        backup.setdefault("kms_key_arn", encryption.key_arn)
        with role.granting():
            stream.grant_read(role)
            domain.grant_delivery(role, index_name=options.index_name)
            archive.grant_write(role)
            self._log(values, backup, settings, encryption)
            if domain.network is not None:
                values["vpc_config"] = self._join(domain, options, role)
        processing = _processing(options, processor)
        if processing is not None:
            values["processing_configuration"] = processing
        policy = [role.policy] if role.policy is not None else []
        delivery = {
            "name": self.name_given,
            "destination": "opensearch",
            "kinesis_source_configuration": {"kinesis_stream_arn": stream.arn, "role_arn": role.arn},
            "opensearch_configuration": values,
        }
        if settings.timeouts is not None:
            delivery["timeouts"] = settings.timeouts.arguments()
        self.resource = KinesisFirehoseDeliveryStream(
            self,
            "Resource",
            **arguments(KinesisFirehoseDeliveryStream, delivery),
            depends_on=[*policy, *depends_on],
        )
        self.arn: str = self.resource.arn
        self.name: str = self.resource.name

    def _log(
        self, values: dict[str, Any], backup: dict[str, Any], settings: DeliverySettings, encryption: Encryption
    ) -> None:
        """A log group with a stream for each of the two destinations that log."""
        logging = {"domain": values["cloudwatch_logging_options"], "archive": backup["cloudwatch_logging_options"]}
        wanted = {kind: options for kind, options in logging.items() if options["enabled"]}
        if not wanted:
            return
        group = CloudwatchLogGroup(
            self,
            "log",
            name=self._log_group,
            retention_in_days=settings.log_retention_in_days,
            kms_key_id=encryption.key_arn,
        )
        group_name, group_arn = group.name, group.arn
        streams = []
        for kind, options in wanted.items():
            log = CloudwatchLogStream(self, f"log-{kind}", name=kind, log_group_name=group_name)
            options |= {"log_group_name": group_name, "log_stream_name": log.name}
            streams.append(f"{group_arn}:log-stream:{kind}")
        self.role.grant("WriteLog", ["logs:PutLogEvents"], streams)

    def _join(self, domain: SearchDomain, options: OpensearchConfiguration, role: ServiceRole) -> dict[str, Any]:
        """Network interfaces beside the domain's, that reach the domain and nothing else."""
        if domain.network is None or domain.security_groups is None:
            return {}
        groups = SecurityGroups(
            self,
            "security-group",
            name=f"{self.name_given}-delivery",
            description=f"Network interfaces of the delivery stream {self.name_given}",
            network=domain.network,
            given=options.vpc_config.security_group_ids,
        )
        groups.allow_https_to(domain.security_groups, peer="delivery")
        role.grant(
            "NetworkInterfaces",
            NETWORK_INTERFACES,
            [
                *(self._context.arn("ec2", f"subnet/{subnet}") for subnet in domain.subnet_ids),
                *(self._context.arn("ec2", f"security-group/{group}") for group in groups.ids),
                self._context.arn("ec2", "network-interface/*"),
            ],
        )
        # EC2's describe actions know no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
        role.grant("DescribeNetwork", NETWORK_DESCRIBE, ["*"])
        return {"role_arn": role.arn, "subnet_ids": domain.subnet_ids, "security_group_ids": groups.ids}


def _processing(options: OpensearchConfiguration, processor: LambdaProcessor | None) -> dict[str, Any] | None:
    given = [item.arguments() for item in options.processing_configuration.processors]
    first = [item for item in given if item["type"] in UNPACKING]
    then = [item for item in given if item["type"] not in UNPACKING]
    processors = [*first, *([processor.arguments()] if processor else []), *then]
    if not processors:
        return None
    return {"enabled": options.processing_configuration.enabled, "processors": processors}


def delivery_role(
    scope: Construct,
    id_: str,
    *,
    name: str,
    delivery_name: str,
    adopted: bool = False,
    iam: IamSettings | None = None,
) -> ServiceRole:
    """The role of a delivery stream; made before it, so that the domain's access policy can name it.

    An adopted role keeps the path it has: another one would make another role.
    """
    context = AwsContext.of(scope)
    role = ServiceRole(
        scope,
        id_,
        name=name,
        description=f"What the delivery stream {delivery_name} works under",
        service="firehose.amazonaws.com",
        account_id=context.account_id,
        source_arn=context.arn("firehose", f"deliverystream/{delivery_name}"),
        settings=iam,
    )
    if adopted:
        role.resource.lifecycle = TerraformResourceLifecycle(ignore_changes=["path"])
    return role
