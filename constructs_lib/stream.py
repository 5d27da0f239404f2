"""The stream that takes the events."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from constructs_lib import limits
from constructs_lib.aws import KinesisResourcePolicy, KinesisStream, KinesisStreamConsumer, arguments
from constructs_lib.configuration.stream import StreamSettings
from constructs_lib.context import AwsContext
from constructs_lib.encryption import Encryption
from constructs_lib.iam import ServiceRole, Statement, policy_json
from constructs_lib.limits.provider import split_beyond_bindings

READ = ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards")
WRITE = ("kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords")


class EventStream(Construct):
    """A Kinesis data stream, encrypted, with consumers and readers where they are asked for.

    Args:
        name: name of the stream, unless the settings have one.
        encryption: the key; without one AWS's own key for Kinesis is used.
        retain: whether Terraform refuses to destroy the stream.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: StreamSettings | None = None,
        encryption: Encryption | None = None,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or StreamSettings()
        self._encryption = encryption if settings.kms_key_id is None else None
        values = settings.resource_arguments()
        values["name"] = settings.name or name
        if settings.encryption_type == "KMS":
            values.setdefault("kms_key_id", encryption.key_arn if encryption else "alias/aws/kinesis")
        known, beyond = split_beyond_bindings(limits.STREAM, values)
        self.resource = KinesisStream(
            self,
            "Resource",
            **arguments(KinesisStream, known),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if retain else None,
        )
        for path, value in beyond.items():
            self.resource.add_override(path, value)
        self.arn: str = self.resource.arn
        self.name: str = self.resource.name
        for consumer in settings.consumers:
            KinesisStreamConsumer(self, f"consumer-{consumer.name}", name=consumer.name, stream_arn=self.arn)
        if settings.readers is not None:
            read = Statement("Read", READ, [self.arn], principals={"AWS": sorted(settings.readers.principals)})
            KinesisResourcePolicy(
                self, "policy", resource_arn=self.arn, policy=policy_json(self, "permissions", [read])
            )

    def grant_read(self, role: ServiceRole) -> None:
        """Let a role read the stream, and decrypt what it reads."""
        role.grant("ReadStream", READ, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_decrypt(role, sid="DecryptStream", via="kinesis")

    def grant_write(self, role: ServiceRole) -> None:
        """Let a role put records on the stream, encrypted."""
        role.grant("WriteStream", WRITE, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_encrypt_decrypt(role, sid="EncryptStream", via="kinesis")

    @property
    def region(self) -> str:
        """Region of the stream."""
        return AwsContext.of(self).region
