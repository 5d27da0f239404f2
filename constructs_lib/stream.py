"""The stream that takes the events."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from constructs_lib import limits
from constructs_lib.aws import KinesisResourcePolicy, KinesisStream, KinesisStreamConsumer, arguments
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.stream import StreamSettings
from constructs_lib.encryption import DECRYPT, ENCRYPT, Encryption
from constructs_lib.iam import Grantee, Statement, policy_json
from constructs_lib.limits.provider import split_beyond_bindings

READ = ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards")
"""What Firehose calls."""
SHARED_READ = (*READ, "kinesis:DescribeStreamSummary")
"""What consumers call (https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html)."""
WRITE = ("kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords")


class EventStream(Construct):
    """A Kinesis data stream, encrypted, with consumers, readers and writers where they are asked for.

    Readers and writers are let by the stream's resource policy and by the key's policy, so that they may be of other
    accounts (https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html).

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
        deployments_key = settings.encryption_type == "KMS" and settings.kms_key_id is None
        self._encryption = encryption if deployments_key else None
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
        self._share(settings)

    def _share(self, settings: StreamSettings) -> None:
        """Let other principals read and write, by the policies of the stream and of the key."""
        statements = []
        for sid, principals, actions, uses in (
            ("Read", settings.readers.principals, SHARED_READ, DECRYPT),
            ("Write", settings.writers.principals, WRITE, ENCRYPT),
        ):
            if principals:
                statements.append(Statement(sid, actions, [self.arn], principals={"AWS": sorted(principals)}))
                if self._encryption is not None:
                    self._encryption.allow(f"Stream{sid}", principals, uses, via="kinesis")
        if statements:
            policy = policy_json(self, "permissions", statements)
            KinesisResourcePolicy(self, "policy", resource_arn=self.arn, policy=policy)

    def grant_read(self, role: Grantee) -> None:
        """Let a role read the stream, and decrypt what it reads."""
        role.grant("ReadStream", READ, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_decrypt(role, sid="DecryptStream", via="kinesis")

    def grant_write(self, role: Grantee) -> None:
        """Let a role put records on the stream, encrypted."""
        role.grant("WriteStream", WRITE, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_encrypt(role, sid="EncryptStream", via="kinesis")

    @property
    def region(self) -> str:
        """Region of the stream."""
        return AwsContext.of(self).region
