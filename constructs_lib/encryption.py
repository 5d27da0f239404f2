"""The KMS key for data at rest: a new one, or an existing one."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from constructs_lib.aws import KmsAlias, KmsKey, KmsKeyPolicy
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.encryption import EncryptionSettings
from constructs_lib.iam import Condition, Role, Statement, grantee, policy_document
from constructs_lib.overriding import MAIN
from constructs_lib.service_construct import ServiceConstruct

ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
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
"""Actions of a key's administrator, without use of the key for data and without grants of such use
(https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html)."""

USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")
ENCRYPT = ("kms:GenerateDataKey",)
DECRYPT = ("kms:Decrypt",)
ENCRYPT_DECRYPT = (*DECRYPT, *ENCRYPT)


class EncryptionKey(ServiceConstruct):
    """A KMS key and its grants. `Encryption` creates one, ``Encryption.from_arn`` uses an existing one."""

    key_arn: str
    """ARN of the key, as others name it."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.context = AwsContext.of(scope)

    def allow(self, sid: str, principals: Sequence[str], actions: Sequence[str], *, via: str) -> None:
        """Let principals (ARNs or accounts) use the key through one AWS service, by the key's own policy.

        Principals of other accounts need this besides their own account's policies. Does nothing for an existing key,
        whose policy this stack does not change."""

    def allow_log_group(self, name: str) -> None:
        """Let CloudWatch Logs use the key for one log group, by the key's own policy.

        Does nothing for an existing key, whose policy this stack does not change.
        """

    def grant_encrypt(self, role: Role, *, sid: str, via: str) -> None:
        """Let a role encrypt with the key, only through one AWS service (``s3``, ``kinesis`` ...)."""
        self._grant(role, sid, ENCRYPT, via, ())

    def grant_decrypt(self, role: Role, *, sid: str, via: str, conditions: Sequence[Condition] = ()) -> None:
        """Let a role decrypt with the key, only through one AWS service."""
        self._grant(role, sid, DECRYPT, via, conditions)

    def grant_encrypt_decrypt(self, role: Role, *, sid: str, via: str, conditions: Sequence[Condition] = ()) -> None:
        """Let a role use the key for data, only through one AWS service."""
        self._grant(role, sid, ENCRYPT_DECRYPT, via, conditions)

    def _grant(self, role: Role, sid: str, actions: Sequence[str], via: str, conditions: Sequence[Condition]) -> None:
        service = Condition("StringEquals", "kms:ViaService", [self.service(via)])
        grantee(self, role).grant(sid, actions, [self.key_arn], [service, *conditions])

    def service(self, name: str) -> str:
        """The name of a service in ``kms:ViaService`` (``s3``, ``kinesis`` ...)."""
        return f"{name}.{self.context.region}.{self.context.dns_suffix}"


class Encryption(EncryptionKey):
    """One symmetric KMS key with yearly rotation and a policy.

    The key's policy lets the account's IAM policies (or only the named administrators) administer the key, principals
    of this account use it through AWS services, and CloudWatch Logs use it for this account's log groups. It is a
    resource of its own (``aws_kms_key_policy``), so that the account in it can come from the key's ARN.

    Args:
        name: the alias, without ``alias/``.
        settings: rotation, deletion window, administrators; ``kms_key_arn`` is for `from_arn`.
        adopted: whether the key exists already. Others may depend on its policy, so it does not change.
        retain: whether Terraform refuses to destroy the key.

    Raises:
        ConfigurationError: AWS would refuse the key or its alias; with all reasons.
        ValueError: the settings name an existing key.
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
        settings = self.judge_settings("encryption", settings, EncryptionSettings)
        if settings.kms_key_arn is not None:
            raise ValueError(f"{self.node.path}: kms_key_arn names an existing key; use Encryption.from_arn")
        self.resource = self.create(
            KmsKey,
            MAIN,
            {
                "description": f"Data at rest of {name}",
                "enable_key_rotation": True,
                "rotation_period_in_days": settings.rotation_period_in_days,
                "deletion_window_in_days": settings.deletion_window_in_days,
            },
            retain=retain,
        )
        arn = self.resource.arn
        self.context.set_account_from_arn(arn)
        key_id = self.resource.key_id
        self.create(KmsAlias, "alias", {"name": f"alias/{name}", "target_key_id": key_id})
        self._statements: list[Statement] = []
        self._log_groups: list[str] = []
        if adopted:
            self.key_arn = self.local("arn", arn)
            return
        statements = _key_policy(self.context, settings.administrators, self._log_groups)
        document = policy_document(self, "permissions", statements)
        self._statements = document.statements
        policy = self.create(KmsKeyPolicy, "policy", {"key_id": key_id, "policy": document.json})
        # The ARN built from the policy's key id, so that users of the key depend on its policy; the provider reads
        # that attribute back as an id.
        self.key_arn = self.local("arn", self.context.arn("kms", f"key/{policy.id}"))

    def allow_log_group(self, name: str) -> None:
        """Let CloudWatch Logs use the key for one log group, by the key's own policy."""
        self._log_groups.append(self.context.arn("logs", f"log-group:{name}"))

    @classmethod
    def from_arn(cls, scope: Construct, id_: str, key_arn: str) -> EncryptionKey:
        """An existing key. This stack does not change its policy, which must allow the services
        (docs/environment-file.md).

        Args:
            key_arn: its ARN; its account becomes the stack's, unless that is set already.
        """
        return _ExistingKey(scope, id_, key_arn)

    def allow(self, sid: str, principals: Sequence[str], actions: Sequence[str], *, via: str) -> None:
        """Let principals (ARNs or accounts) use the key through one AWS service, by the key's own policy.

        Principals of other accounts need this besides their own account's policies.
        """
        service = Condition("StringEquals", "kms:ViaService", [self.service(via)])
        self._statements.append(Statement(sid, actions, ["*"], [service], principals={"AWS": sorted(principals)}))


class _ExistingKey(EncryptionKey):
    """An existing key."""

    def __init__(self, scope: Construct, id_: str, key_arn: str) -> None:
        super().__init__(scope, id_)
        self.judge_keys("encryption", {"kms_key_arn": key_arn})
        self.key_arn = key_arn
        self.context.set_account_from_arn(key_arn)


def _key_policy(context: AwsContext, administrators: Sequence[str], log_groups: Sequence[str]) -> list[Statement]:
    """Statements of the key's policy.

    Args:
        administrators: ARNs of roles that may manage the key; none: all that the account's IAM policies allow.
        log_groups: ARNs of the log groups encrypted with it; more may be added until the stack is written.
    """
    root = f"arn:{context.partition}:iam::{context.account_id}:root"
    # In a key's policy "*" is this key and no other: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    this_key = ["*"]
    services = ("es", "firehose", "kinesis", "lambda", "s3", "sns", "sqs")
    through_services = [
        Condition("StringEquals", "kms:CallerAccount", [context.account_id]),
        Condition(
            "StringEquals",
            "kms:ViaService",
            [f"{service}.{context.region}.{context.dns_suffix}" for service in services],
        ),
    ]
    for_services = Condition("Bool", "kms:GrantIsForAWSResource", ["true"])
    return [
        Statement("Administration", ADMINISTRATION, this_key, principals={"AWS": sorted(administrators) or [root]}),
        Statement("UseThroughServices", USE, this_key, through_services, principals={"AWS": [root]}),
        Statement(
            "GrantToServices",
            ["kms:CreateGrant"],
            this_key,
            [*through_services, for_services],
            principals={"AWS": [root]},
        ),
        Statement(
            "EncryptLogGroups",
            USE,
            this_key,
            [Condition("ArnEquals", "kms:EncryptionContext:aws:logs:arn", log_groups)],
            principals={"Service": [f"logs.{context.region}.{context.dns_suffix}"]},
        ),
        Statement(
            "EncryptAlarms",
            ENCRYPT_DECRYPT,
            this_key,
            [Condition("StringEquals", "aws:SourceAccount", [context.account_id])],
            principals={"Service": ["cloudwatch.amazonaws.com"]},
        ),
    ]
