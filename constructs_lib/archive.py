"""The bucket behind the delivery stream: what could not be delivered, and everything if so asked."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
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
    arguments,
)
from constructs_lib.configuration.archive import ArchiveSettings
from constructs_lib.encryption import Encryption
from constructs_lib.iam import Condition, ServiceRole, Statement, policy_json
from constructs_lib.rules.delivery import literal_prefix

WRITE_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
WRITE_OBJECTS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")


class Archive(Construct):
    """An S3 bucket: private, encrypted, versioned, TLS only, with a lifecycle.

    Args:
        name: what the bucket's unique name begins with (``NAME-archive-``), unless the settings name the bucket.
        backup_prefix: key prefix of backed-up events, which age by ``transition_days`` and ``expiration_days``.
        failed_prefix: key prefix of what could not be delivered, which goes after ``failed_expiration_days``. Both as
            the delivery stream has them: lifecycle rules go by what stands before Firehose's first expression.
        retain: whether Terraform refuses to destroy the bucket, and what is in it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: Encryption,
        settings: ArchiveSettings | None = None,
        backup_prefix: str = "events/",
        failed_prefix: str = "failed/",
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or ArchiveSettings()
        self._encryption = encryption
        self.resource = S3Bucket(
            self,
            "Resource",
            bucket=settings.bucket,
            bucket_prefix=None if settings.bucket else f"{name}-archive-",
            force_destroy=not retain,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if retain else None,
        )
        self.arn: str = self.resource.arn
        self.name: str = self.resource.bucket
        bucket = self.resource.id
        block = S3BucketPublicAccessBlock(
            self,
            "public-access",
            bucket=bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketOwnershipControls(
            self,
            "ownership",
            **arguments(
                S3BucketOwnershipControls, {"bucket": bucket, "rule": {"object_ownership": "BucketOwnerEnforced"}}
            ),
        )
        versioning = S3BucketVersioningA(
            self,
            "versioning",
            **arguments(S3BucketVersioningA, {"bucket": bucket, "versioning_configuration": {"status": "Enabled"}}),
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            **arguments(
                S3BucketServerSideEncryptionConfigurationA,
                {
                    "bucket": bucket,
                    "rule": [
                        {
                            "apply_server_side_encryption_by_default": {
                                "sse_algorithm": "aws:kms",
                                "kms_master_key_id": encryption.key_arn,
                            },
                            "bucket_key_enabled": True,
                        }
                    ],
                },
            ),
        )
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            **arguments(
                S3BucketLifecycleConfiguration,
                {"bucket": bucket, "rule": _lifecycle_rules(settings, backup_prefix, failed_prefix)},
            ),
            depends_on=[versioning],
        )
        tls_only = Statement(
            "TlsOnly",
            ["s3:*"],
            [self.arn, f"{self.arn}/*"],
            [Condition("Bool", "aws:SecureTransport", ["false"])],
            principals={"*": ["*"]},
            effect="Deny",
        )
        S3BucketPolicy(
            self, "policy", bucket=bucket, policy=policy_json(self, "permissions", [tls_only]), depends_on=[block]
        )
        if settings.access_log_bucket is not None:
            S3BucketLoggingA(
                self, "access-log", bucket=bucket, target_bucket=settings.access_log_bucket, target_prefix=f"{name}/"
            )

    def grant_write(self, role: ServiceRole) -> None:
        """Let a role put objects into the bucket as Firehose does, with the bucket's key."""
        role.grant("ArchiveBucket", WRITE_BUCKET, [self.arn])
        role.grant("ArchiveObjects", WRITE_OBJECTS, [f"{self.arn}/*"])
        # With a bucket key the encryption context is the bucket's ARN, without one the object's.
        context = Condition("StringLike", "kms:EncryptionContext:aws:s3:arn", [self.arn, f"{self.arn}/*"])
        self._encryption.grant_encrypt_decrypt(role, sid="EncryptArchive", via="s3", conditions=[context])


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
