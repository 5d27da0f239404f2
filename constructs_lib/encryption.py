"""The key that everything at rest is encrypted with."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from constructs_lib.aws import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    KmsAlias,
    KmsKey,
    KmsKeyPolicy,
)
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.encryption import EncryptionSettings
from constructs_lib.iam import Condition, Grantee, Statement

ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""What an administrator of a key may do; no use of the key for data
(https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)."""

USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
ENCRYPT = ("kms:GenerateDataKey",)
DECRYPT = ("kms:Decrypt",)
ENCRYPT_DECRYPT = (*DECRYPT, *ENCRYPT)


class Encryption(Construct):
    """One symmetric KMS key with yearly rotation and a policy, or an existing key that is handed in.

    The key's policy lets the account's IAM policies delegate administration (or only the named administrators), lets
    principals of this account use the key through AWS services, and lets CloudWatch Logs use it for this account's log
    groups. It is a resource of its own (``aws_kms_key_policy``), so that the account in it can come from the key's ARN.

    Args:
        name: the alias, without ``alias/``.
        adopted: whether the key exists already: others may depend on its policy, so that stays its owner's.
        retain: whether Terraform refuses to destroy the key.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        settings: EncryptionSettings | None = None,
        adopted: bool = False,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or EncryptionSettings()
        context = self._context = AwsContext.of(scope)
        self.resource: KmsKey | None = None
        self._statements: list[Statement] = []
        self._document: DataAwsIamPolicyDocument | None = None
        if settings.kms_key_arn is not None:
            self.key_arn: str = settings.kms_key_arn
            context.set_account_from_arn(settings.kms_key_arn)
            return
        self.resource = KmsKey(
            self,
            "Resource",
            description=f"Data at rest of {name}",
            enable_key_rotation=True,
            rotation_period_in_days=settings.rotation_period_in_days,
            deletion_window_in_days=settings.deletion_window_in_days,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if retain else None,
        )
        arn = self.resource.arn
        context.set_account_from_arn(arn)
        key_id = self.resource.key_id
        KmsAlias(self, "alias", name=f"alias/{name}", target_key_id=key_id)
        if adopted:
            self.key_arn = arn
            return
        self._statements = _key_policy(context, settings.administrators)
        self._document = DataAwsIamPolicyDocument(self, "permissions", statement=self._structs())
        policy = KmsKeyPolicy(self, "policy", key_id=key_id, policy=self._document.json)
        # The ARN by way of the policy: whoever uses the key waits until its policy is in place. The provider reads the
        # policy's key back as an id, whatever was given, so the ARN is put together around it.
        self.key_arn = context.arn("kms", f"key/{policy.id}")

    def allow(self, sid: str, principals: Sequence[str], actions: Sequence[str], *, via: str) -> None:
        """Let principals (ARNs or accounts) use the key through one AWS service, by the key's own policy.

        Another account's principals need that besides what their account's policies say. Nothing is done where the
        policy is its owner's: an existing key's.
        """
        if self._document is None:
            return
        service = Condition("StringEquals", "kms:ViaService", [self._service(via)])
        allowed = Statement(sid, actions, ["*"], [service], principals={"AWS": sorted(principals)})
        self._statements.append(allowed)
        self._document.put_statement(self._structs())

    def grant_encrypt(self, role: Grantee, *, sid: str, via: str) -> None:
        """Let a role write what the key encrypts, only through one AWS service."""
        self._grant(role, sid, ENCRYPT, via, ())

    def grant_encrypt_decrypt(self, role: Grantee, *, sid: str, via: str, conditions: Sequence[Condition] = ()) -> None:
        """Let a role use the key for data, only through one AWS service (``s3``, ``kinesis`` ...)."""
        self._grant(role, sid, ENCRYPT_DECRYPT, via, conditions)

    def grant_decrypt(self, role: Grantee, *, sid: str, via: str, conditions: Sequence[Condition] = ()) -> None:
        """Let a role read what the key encrypted, only through one AWS service."""
        self._grant(role, sid, DECRYPT, via, conditions)

    def _grant(
        self, role: Grantee, sid: str, actions: Sequence[str], via: str, conditions: Sequence[Condition]
    ) -> None:
        service = Condition("StringEquals", "kms:ViaService", [self._service(via)])
        role.grant(sid, actions, [self.key_arn], [service, *conditions])

    def _service(self, name: str) -> str:
        return f"{name}.{self._context.region}.{self._context.dns_suffix}"

    def _structs(self) -> list[DataAwsIamPolicyDocumentStatement]:
        return [statement.struct() for statement in self._statements]


def _key_policy(context: AwsContext, administrators: Sequence[str]) -> list[Statement]:
    root = f"arn:{context.partition}:iam::{context.account_id}:root"
    # In a key's policy "*" is this key and no other: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    this_key = ["*"]
    return [
        Statement("Administration", ADMINISTRATION, this_key, principals={"AWS": sorted(administrators) or [root]}),
        Statement(
            "UseThroughServices",
            (*USE, "kms:CreateGrant"),
            this_key,
            principals={"AWS": [root]},
            conditions=[
                Condition("StringEquals", "kms:CallerAccount", [context.account_id]),
                Condition(
                    "StringEquals",
                    "kms:ViaService",
                    [
                        f"{service}.{context.region}.{context.dns_suffix}"
                        for service in ("es", "firehose", "kinesis", "lambda", "s3", "sns", "sqs")
                    ],
                ),
            ],
        ),
        Statement(
            "Logs",
            USE,
            this_key,
            principals={"Service": [f"logs.{context.region}.{context.dns_suffix}"]},
            conditions=[
                Condition("ArnLike", "kms:EncryptionContext:aws:logs:arn", [context.arn("logs", "log-group:*")])
            ],
        ),
        Statement(
            "Alarms",
            ENCRYPT_DECRYPT,
            this_key,
            principals={"Service": ["cloudwatch.amazonaws.com"]},
            conditions=[Condition("StringEquals", "aws:SourceAccount", [context.account_id])],
        ),
    ]
