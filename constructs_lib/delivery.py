"""The delivery stream from the event stream into the domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from constructs import Construct

from constructs_lib.argument_types import arguments_checked
from constructs_lib.aws import CloudwatchLogStream, KinesisFirehoseDeliveryStream
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.delivery import DeliverySettings, LambdaProcessor
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.iam import ServiceRole
from constructs_lib.interfaces import DeliveryBucket, DeliveryDomain, LogKey, ReadableStream
from constructs_lib.log_group import encrypted_log_group
from constructs_lib.network import SecurityGroups
from constructs_lib.overriding import MAIN
from constructs_lib.rules import delivery as rulebook
from constructs_lib.service_construct import ServiceConstruct

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


class Delivery(ServiceConstruct):
    """A Firehose delivery stream from Kinesis to the domain, with the archive as backup and an error log.

    Its role may do exactly what Firehose's documentation lists for this source, destination and backup, on these
    resources (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html), and the delivery stream is
    created after the role's policy, which AWS checks at once.

    Args:
        name: name of the delivery stream, unless the settings have one.
        stream: the source.
        domain: the destination.
        archive: the bucket for undelivered records, and for all records if the settings say so.
        encryption: the key of the bucket's objects and of the log; None: AWS's own keys.
        role: its IAM role, from `delivery_role`; default: a new one.
        processor: the transform; the caller must let this construct's role invoke it.
        adopted: whether the delivery stream exists already, possibly with a log group that AWS created.
        depends_on: resources to create before the first delivery, such as index templates.

    Raises:
        ConfigurationError: AWS would refuse the delivery stream; with all reasons.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        stream: ReadableStream,
        domain: DeliveryDomain,
        archive: DeliveryBucket,
        encryption: LogKey | None = None,
        role: ServiceRole | None = None,
        settings: DeliverySettings | None = None,
        processor: LambdaProcessor | None = None,
        adopted: bool = False,
        depends_on: Sequence[Any] = (),
    ) -> None:
        super().__init__(scope, id_)
        settings = self.judge_settings("delivery", settings, DeliverySettings)
        self._given_name = settings.name or name
        self.role = role or delivery_role(self, "role", name=self._given_name, delivery_name=self._given_name)
        stream.grant_read(self.role)
        domain.grant_index_write(self.role, index_name=settings.opensearch_configuration.index_name)
        archive.grant_write(self.role)
        place = "/behaviour-analytics" if adopted else "/aws/kinesisfirehose"
        group_name, log_streams = self._log(settings, f"{place}/{self._given_name}", encryption)
        values = settings.resource_arguments(
            name=name,
            stream_arn=stream.arn,
            domain_arn=domain.resource_arn,
            role_arn=self.role.arn,
            bucket_arn=archive.arn,
            kms_key_arn=encryption.key_arn if encryption is not None else None,
            log_group_name=group_name,
            log_streams=log_streams,
            network=self._join(domain, settings),
            processor=processor,
        )
        policy = [self.role.policy] if self.role.policy is not None else []
        self.resource = self.create(KinesisFirehoseDeliveryStream, MAIN, values, depends_on=[*policy, *depends_on])
        self.arn: str = self.resource.arn
        self.name: str = self.resource.name
        self.judge_by(rulebook.check)

    def _log(self, settings: DeliverySettings, name: str, encryption: LogKey | None) -> tuple[str, dict[str, str]]:
        """A log group with a log stream for each destination; returns its name, and those of the streams."""
        if not settings.logging_places:
            return "", {}
        group = encrypted_log_group(
            self,
            "log",
            name=name,
            retention_in_days=settings.log_retention_in_days,
            encryption=encryption,
        )
        group_name, group_arn = group.name, group.arn
        streams = {
            place: self.create(CloudwatchLogStream, f"log-{place}", {"name": place, "log_group_name": group_name}).name
            for place in settings.logging_places
        }
        self.role.grant("WriteErrorLog", ["logs:PutLogEvents"], [f"{group_arn}:log-stream:{each}" for each in streams])
        return group_name, streams

    def _join(self, domain: DeliveryDomain, settings: DeliverySettings) -> dict[str, Any] | None:
        """Network interfaces in the domain's subnets, which reach only the domain."""
        if domain.network is None or domain.security_groups is None:
            return None
        groups = SecurityGroups(
            self,
            "security-group",
            name=f"{self._given_name}-delivery",
            description=f"Network interfaces of the delivery stream {self._given_name}",
            vpc_id=domain.network.vpc_id,
            given=settings.opensearch_configuration.vpc_config.security_group_ids,
        )
        groups.allow_https_to(domain.security_groups, peer="delivery")
        context = AwsContext.of(self)
        self.role.grant(
            "ManageNetworkInterfaces",
            NETWORK_INTERFACES,
            [
                *(context.arn("ec2", f"subnet/{subnet}") for subnet in domain.subnet_ids),
                *(context.arn("ec2", f"security-group/{group}") for group in groups.ids),
                context.arn("ec2", "network-interface/*"),
            ],
        )
        # EC2's describe actions have no resource-level permissions: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
        self.role.grant("DescribeNetwork", NETWORK_DESCRIBE, ["*"])
        return {"subnet_ids": list(domain.subnet_ids), "security_group_ids": groups.ids}


@arguments_checked
def delivery_role(
    scope: Construct,
    id_: str,
    *,
    name: str,
    delivery_name: str,
    adopted: bool = False,
    iam: IamSettings | None = None,
) -> ServiceRole:
    """The role of a delivery stream; created before it, so that the domain's access policy can name it."""
    context = AwsContext.of(scope)
    return ServiceRole(
        scope,
        id_,
        name=name,
        description=f"What the delivery stream {delivery_name} works under",
        service="firehose.amazonaws.com",
        account_id=context.account_id,
        source_arn=context.arn("firehose", f"deliverystream/{delivery_name}"),
        settings=iam,
        adopted=adopted,
    )
