"""The event stream."""

from __future__ import annotations

from constructs import Construct

from constructs_lib.aws import KinesisResourcePolicy, KinesisStream, KinesisStreamConsumer
from constructs_lib.aws_context import AwsContext, name_in
from constructs_lib.configuration.stream import StreamSettings
from constructs_lib.encryption import DECRYPT, ENCRYPT, EncryptionKey
from constructs_lib.iam import Role, Statement, grantee, policy_json
from constructs_lib.overriding import MAIN
from constructs_lib.rules import stream as rulebook
from constructs_lib.service_construct import ServiceConstruct

READ = ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards")
"""Actions of Firehose."""
SHARED_READ = (*READ, "kinesis:DescribeStreamSummary")
"""Actions of consumers (https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html)."""
WRITE = ("kinesis:DescribeStreamSummary", "kinesis:ListShards", "kinesis:PutRecord", "kinesis:PutRecords")
PUT = ("kinesis:PutRecords",)
"""Actions of the collector."""

AWS_KEY = "alias/aws/kinesis"
"""AWS's own key for Kinesis, used if no other is set."""


class Stream(ServiceConstruct):
    """A Kinesis stream and its grants. `EventStream` creates one, ``EventStream.from_arn`` uses an existing one."""

    arn: str
    name: str

    def __init__(self, scope: Construct, id_: str, *, encryption: EncryptionKey | None) -> None:
        super().__init__(scope, id_)
        self._encryption = encryption

    def grant_read(self, role: Role) -> None:
        """Let a role read the stream, and decrypt what it reads."""
        grantee(self, role).grant("ReadStream", READ, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_decrypt(role, sid="DecryptStream", via="kinesis")

    def grant_write(self, role: Role) -> None:
        """Let a role put records on the stream, encrypted."""
        grantee(self, role).grant("WriteStream", WRITE, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_encrypt(role, sid="EncryptStream", via="kinesis")

    def grant_put(self, role: Role) -> None:
        """Let a role put batches of records on the stream, encrypted, without describing it."""
        grantee(self, role).grant("PutRecords", PUT, [self.arn])
        if self._encryption is not None:
            self._encryption.grant_encrypt(role, sid="EncryptStream", via="kinesis")

    def grant_read_write(self, role: Role) -> None:
        """Let a role read the stream and put records on it."""
        self.grant_read(role)
        self.grant_write(role)


class EventStream(Stream):
    """A Kinesis data stream, encrypted, with optional consumers, readers and writers.

    The stream's resource policy and the key's policy allow readers and writers, so that they may be in other accounts
    (https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html).

    Args:
        name: name of the stream, unless the settings have one.
        encryption: the key; without one AWS's own key for Kinesis is used.
        retain: whether Terraform refuses to destroy the stream.

    Raises:
        ConfigurationError: AWS would refuse the stream; with all reasons.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: StreamSettings | None = None,
        encryption: EncryptionKey | None = None,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_, encryption=encryption)
        settings = self.judge_settings("stream", settings, StreamSettings)
        if settings.encryption_type != "KMS" or settings.kms_key_id is not None:
            self._encryption = None
        key = encryption.key_arn if encryption is not None else AWS_KEY
        self.resource = self.create(
            KinesisStream, MAIN, settings.resource_arguments(name=name, kms_key_id=key), retain=retain
        )
        self.arn = self.resource.arn
        self.name = self.resource.name
        for consumer in settings.consumers:
            self.create(
                KinesisStreamConsumer, f"consumer-{consumer.name}", {"name": consumer.name, "stream_arn": self.arn}
            )
        self._share(settings)
        self.judge_by(rulebook.check)

    @classmethod
    def from_arn(cls, scope: Construct, id_: str, arn: str, *, encryption: EncryptionKey | None = None) -> Stream:
        """An existing stream, which this stack does not manage.

        Args:
            arn: its ARN.
            encryption: the key that it is encrypted with; None: AWS's own, which needs no grant.
        """
        return _ExistingStream(scope, id_, arn, encryption)

    def _share(self, settings: StreamSettings) -> None:
        """Let other principals read and write, in the policies of the stream and the key."""
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
            self.create(KinesisResourcePolicy, "policy", {"resource_arn": self.arn, "policy": policy})

    @property
    def region(self) -> str:
        """Region of the stream."""
        return AwsContext.of(self).region


class _ExistingStream(Stream):
    """An existing stream."""

    def __init__(self, scope: Construct, id_: str, arn: str, encryption: EncryptionKey | None) -> None:
        super().__init__(scope, id_, encryption=encryption)
        self.judge_keys("existing.stream", {"arn": arn})
        self.arn = arn
        self.name = name_in(arn)
