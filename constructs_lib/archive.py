"""The bucket behind the delivery stream: undelivered records, and on request all records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from constructs import Construct

from constructs_lib.aws import (
    S3Bucket,
    S3BucketLifecycleConfiguration,
    S3BucketLoggingA,
    S3BucketOwnershipControls,
    S3BucketPolicy,
    S3BucketPublicAccessBlock,
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketVersioningA,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.archive import ArchiveSettings
from constructs_lib.encryption import EncryptionKey
from constructs_lib.iam import Condition, Role, Statement, grantee, policy_json
from constructs_lib.overriding import MAIN
from constructs_lib.rules.delivery import literal_prefix
from constructs_lib.service_construct import ServiceConstruct

LIST_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket")
READ_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
WRITE_OBJECTS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")


class Bucket(ServiceConstruct):
    """An S3 bucket and its grants. `Archive` creates one, ``Archive.from_bucket`` uses an existing one."""

    arn: str
    name: str

    def __init__(self, scope: Construct, id_: str, *, encryption: EncryptionKey | None) -> None:
        super().__init__(scope, id_)
        self._encryption = encryption

    def grant_read(self, role: Role) -> None:
        """Let a role list the bucket and read its objects, with the bucket's key."""
        self._grant("ReadArchive", role, LIST_BUCKET, READ_OBJECTS)
        if self._encryption is not None:
            self._encryption.grant_decrypt(role, sid="DecryptArchive", via="s3", conditions=self._key_conditions())

    def grant_write(self, role: Role) -> None:
        """Let a role put objects into the bucket as Firehose does, with the bucket's key."""
        self._grant("WriteArchive", role, WRITE_BUCKET, WRITE_OBJECTS)
        if self._encryption is not None:
            conditions = self._key_conditions()
            self._encryption.grant_encrypt_decrypt(role, sid="EncryptArchive", via="s3", conditions=conditions)

    def grant_read_write(self, role: Role) -> None:
        """Let a role read the bucket and put objects into it."""
        self.grant_read(role)
        self.grant_write(role)

    def _grant(self, sid: str, role: Role, bucket: Sequence[str], objects: Sequence[str]) -> None:
        who = grantee(self, role)
        who.grant(f"{sid}Bucket", bucket, [self.arn])
        who.grant(f"{sid}Objects", objects, [f"{self.arn}/*"])

    def _key_conditions(self) -> list[Condition]:
        # With a bucket key the encryption context is the bucket's ARN, without one the object's.
        return [Condition("StringLike", "kms:EncryptionContext:aws:s3:arn", [self.arn, f"{self.arn}/*"])]


class Archive(Bucket):
    """An S3 bucket: private, encrypted, versioned, TLS only, with a lifecycle.

    Args: name: beginning of the bucket's unique name (``NAME-archive-``), unless the settings name the bucket.
    backup_prefix: key prefix of backed-up events, which age by ``transition_days`` and ``expiration_days``.
    failed_prefix: key prefix of undelivered records, which expire after ``failed_expiration_days``. Both prefixes as in
    the delivery stream; lifecycle rules use the part before Firehose's first expression. retain: whether Terraform
    refuses to destroy the bucket with its objects."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: EncryptionKey,
        settings: ArchiveSettings | None = None,
        backup_prefix: str = "events/",
        failed_prefix: str = "failed/",
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_, encryption=encryption)
        settings = self.judge_settings("archive", settings, ArchiveSettings)
        self.resource = self.create(
            S3Bucket,
            MAIN,
            {
                "bucket": settings.bucket,
                "bucket_prefix": None if settings.bucket else f"{name}-archive-",
                "force_destroy": not retain,
            },
            retain=retain,
        )
        self.arn = self.resource.arn
        self.name = self.resource.bucket
        self._bucket: str = self.resource.id
        self._keep_private()
        self._encrypt(encryption)
        versioning = self._configure(
            S3BucketVersioningA, "versioning", {"versioning_configuration": {"status": "Enabled"}}
        )
        rules = _lifecycle_rules(settings, backup_prefix, failed_prefix)
        self._configure(S3BucketLifecycleConfiguration, "lifecycle", {"rule": rules}, depends_on=[versioning])
        if settings.access_log_bucket is not None:
            target = {"target_bucket": settings.access_log_bucket, "target_prefix": f"{name}/"}
            self._configure(S3BucketLoggingA, "access-log", target)

    @classmethod
    def from_bucket(cls, scope: Construct, id_: str, bucket: str, *, encryption: EncryptionKey | None = None) -> Bucket:
        """An existing bucket, which this stack does not manage.

        Args:
            bucket: its name.
            encryption: the key that its objects are encrypted with; None: a key that needs no grant.
        """
        existing = Bucket(scope, id_, encryption=encryption)
        existing.judge_keys("existing.archive", {"bucket": bucket})
        existing.name = bucket
        existing.arn = f"arn:{AwsContext.of(existing).partition}:s3:::{bucket}"
        return existing

    def _configure(self, kind: Any, name: str, values: dict[str, Any], depends_on: Sequence[Any] = ()) -> Any:
        """Create one of the resources for the bucket's settings."""
        return self.create(kind, name, {"bucket": self._bucket, **values}, depends_on=depends_on)

    def _keep_private(self) -> None:
        switches = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
        block = self._configure(S3BucketPublicAccessBlock, "public-access", dict.fromkeys(switches, True))
        owner = {"rule": {"object_ownership": "BucketOwnerEnforced"}}
        self._configure(S3BucketOwnershipControls, "ownership", owner)
        tls_only = Statement(
            "DenyRequestsWithoutTls",
            ["s3:*"],
            [self.arn, f"{self.arn}/*"],
            [Condition("Bool", "aws:SecureTransport", ["false"])],
            principals={"*": ["*"]},
            effect="Deny",
        )
        policy = {"policy": policy_json(self, "permissions", [tls_only])}
        self._configure(S3BucketPolicy, "policy", policy, depends_on=[block])

    def _encrypt(self, encryption: EncryptionKey) -> None:
        default = {"sse_algorithm": "aws:kms", "kms_master_key_id": encryption.key_arn}
        rule = {"apply_server_side_encryption_by_default": default, "bucket_key_enabled": True}
        self._configure(S3BucketServerSideEncryptionConfigurationA, "encryption", {"rule": [rule]})


def _lifecycle_rules(settings: ArchiveSettings, backup_prefix: str, failed_prefix: str) -> list[dict[str, object]]:
    lifecycle = settings.lifecycle
    noncurrent = {"noncurrent_days": lifecycle.noncurrent_expiration_days}
    abort = {"days_after_initiation": 7}
    events: dict[str, object] = {
        "id": "events",
        "status": "Enabled",
        "filter": [{"prefix": literal_prefix(backup_prefix)}],
        "noncurrent_version_expiration": [noncurrent],
    }
    if lifecycle.transition_days is not None:
        events["transition"] = [
            {"days": lifecycle.transition_days, "storage_class": lifecycle.transition_storage_class}
        ]
    if lifecycle.expiration_days is not None:
        events["expiration"] = [{"days": lifecycle.expiration_days}]
    failed: dict[str, object] = {
        "id": "failed",
        "status": "Enabled",
        "filter": [{"prefix": literal_prefix(failed_prefix)}],
        "expiration": [{"days": lifecycle.failed_expiration_days}],
        "noncurrent_version_expiration": [noncurrent],
    }
    uploads: dict[str, object] = {
        "id": "incomplete-uploads",
        "status": "Enabled",
        "filter": [{}],
        "abort_incomplete_multipart_upload": [abort],
    }
    return [events, failed, uploads]
