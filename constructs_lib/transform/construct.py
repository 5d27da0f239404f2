"""The transform's function and the key behind its pseudonyms."""

from __future__ import annotations

import json

from constructs import Construct

from constructs_lib.aws import KmsAlias, KmsKey, KmsKeyPolicy, VpcEndpoint
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.delivery import LambdaProcessor
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.configuration.transform import TransformSettings
from constructs_lib.encryption import ADMINISTRATION, EncryptionKey
from constructs_lib.function import Function
from constructs_lib.iam import Condition, Role, Statement, grantee, policy_document, policy_json, principal_of
from constructs_lib.limits.plain_numbers import Shards
from constructs_lib.network import Network, SecurityGroups
from constructs_lib.rules.finding import UNKNOWN
from constructs_lib.service_construct import ServiceConstruct
from constructs_lib.transform.package import HANDLER, transform_archive
from constructs_lib.transform.runtime.settings import Settings as RuntimeSettings

METRICS_NAMESPACE = RuntimeSettings().metrics_namespace
"""Where the function's own metrics are in CloudWatch."""
DERIVE = ("kms:GenerateMac",)
_NO_ROTATION = frozenset(
    {"kms:DisableKeyRotation", "kms:EnableKeyRotation", "kms:ListKeyRotations", "kms:RotateKeyOnDemand"}
)
"""HMAC keys know none: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html"""
_ALGORITHM = Condition("StringEquals", "kms:MacAlgorithm", ["HMAC_SHA_256"])


class Transform(ServiceConstruct):
    """The function that Firehose calls for every batch of records, and the KMS HMAC key that its pseudonyms hang on.

    The key never leaves KMS: a container asks it once for a MAC of a label, and that is its working key. Whoever
    destroys the key takes the last link between a pseudonym and a person away, so Terraform refuses to, unless
    ``retain`` is off.

    Args:
        name: what the function's name begins with.
        encryption: the key of its environment and its log.
        shard_count: shards of the stream that is read, from which the calls at once follow; None: it scales by itself.
        network: the VPC to run in, where the settings ask for it.
        retain: whether Terraform refuses to destroy the key.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        encryption: EncryptionKey,
        settings: TransformSettings | None = None,
        shard_count: Shards | None = None,
        network: Network | None = None,
        iam: IamSettings | None = None,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        known = {"network": None if network is None else UNKNOWN}
        self.settings = settings = self.judge_settings("transform", settings, TransformSettings, beside=known)
        self._context = AwsContext.of(scope)
        self._derivers: list[str] = []
        self.key_arn: str = settings.user_ids.kms_key_arn or self._make_key(name, retain=retain)
        """The key behind the pseudonyms."""
        archive = transform_archive()
        self.function = Function(
            self,
            "function",
            name=f"{name}-transform",
            description="Turns raw behaviour into canonical documents for Firehose",
            archive=archive,
            handler=HANDLER,
            encryption=encryption,
            settings=settings.function,
            environment={
                **environment_variables(settings),
                "PSEUDONYM_KEY_ID": self.key_arn,
                "TRANSFORM_VERSION": archive.version,
            },
            reserved_concurrent_executions=settings.function.reserved(shard_count),
            network=network if settings.vpc else None,
            iam=iam,
        )
        self.grant_derive(self.function.role)
        self._kms_endpoint: SecurityGroups | None = None
        if settings.vpc and network is not None and network.settings.cidr_block is not None:
            self._kms_endpoint = self._make_kms_endpoint(network, name)
            self.allow_kms(self.function, peer="transform")

    @property
    def arn(self) -> str:
        """ARN of the alias, which Firehose calls."""
        return self.function.qualified_arn

    @property
    def processor(self) -> LambdaProcessor:
        """How a delivery stream calls the transform."""
        settings = self.settings.processor
        return LambdaProcessor(
            arn=self.arn,
            buffer_size_mb=settings.buffer_size_mb,
            buffer_interval_seconds=settings.buffer_interval_seconds,
            retries=settings.retries,
        )

    def grant_invoke(self, role: Role) -> None:
        """Let a delivery stream's role call the transform."""
        self.function.grant_invoke(role, sid="InvokeTransform")

    def _make_key(self, name: str, *, retain: bool) -> str:
        """Create the deployment's own key, usable only by the roles that derive from it; returns its ARN."""
        key = self.create(
            KmsKey,
            "key",
            {
                "description": f"Pseudonyms of the users of {name}",
                "key_usage": "GENERATE_VERIFY_MAC",
                "customer_master_key_spec": "HMAC_256",
                "deletion_window_in_days": self.settings.user_ids.deletion_window_in_days,
            },
            retain=retain,
        )
        self.create(KmsAlias, "key-alias", {"name": f"alias/{name}-user-ids", "target_key_id": key.key_id})
        root = f"arn:{self._context.partition}:iam::{self._context.account_id}:root"
        administration = [action for action in ADMINISTRATION if action not in _NO_ROTATION]
        statements = [
            Statement("Administration", administration, ["*"], principals={"AWS": [root]}),
            Statement("DeriveWorkingKey", DERIVE, ["*"], [_ALGORITHM], principals={"AWS": self._derivers}),
        ]
        policy = policy_document(self, "key-permissions", statements).json
        self.create(KmsKeyPolicy, "key-policy", {"key_id": key.key_id, "policy": policy})
        arn: str = key.arn
        return arn

    def grant_derive(self, role: Role) -> None:
        """Allow a role to compute a MAC with the key and its algorithm; the deployment's own key allows no other
        role."""
        grantee(self, role).grant("DeriveWorkingKey", DERIVE, [self.key_arn], [_ALGORITHM])
        principal = principal_of(role)
        if principal is not None:
            self._derivers.append(principal)

    def allow_kms(self, function: Function, *, peer: str) -> None:
        """Let a function in the network reach the endpoint of KMS, where there is one.

        Args:
            peer: a fixed noun for the function, part of the rules' ids.
        """
        if self._kms_endpoint is not None and function.security_groups is not None:
            function.security_groups.allow_https_to(self._kms_endpoint, peer=peer, target_name="kms-endpoint")

    def _make_kms_endpoint(self, network: Network, name: str) -> SecurityGroups:
        """An own VPC has no way out: an endpoint of KMS in it, for this account and this key."""
        groups = SecurityGroups(
            self, "kms-endpoint", name=f"{name}-kms", description="Endpoint of KMS", vpc_id=network.vpc_id
        )
        own = Condition("StringEquals", "aws:PrincipalAccount", [self._context.account_id])
        derive = Statement("DeriveWorkingKey", DERIVE, [self.key_arn], [own], principals={"*": ["*"]})
        self.create(
            VpcEndpoint,
            "kms",
            {
                "vpc_id": network.vpc_id,
                "service_name": f"com.amazonaws.{self._context.region}.kms",
                "vpc_endpoint_type": "Interface",
                "subnet_ids": network.subnet_ids,
                "security_group_ids": groups.ids,
                "private_dns_enabled": True,
                "policy": policy_json(self, "kms-permissions", [derive]),
                "tags": {"Name": f"{name}-kms"},
            },
        )
        return groups


def environment_variables(settings: TransformSettings) -> dict[str, str]:
    """The settings as ``runtime/settings.py`` reads them; defaults are left out."""
    lists = {
        "DROP_EXTENSIONS": settings.drop_extensions,
        "DROP_PATHS": settings.drop_paths,
        "DROP_METHODS": settings.drop_methods,
        "DROP_LEVELS": settings.drop_levels,
        "OWN_HOSTS": settings.own_hosts or None,
        "TRUSTED_PROXIES": settings.trusted_proxies or None,
        "W3C_FIELDS": settings.w3c_fields or None,
    }
    values = {
        "CONSENT": settings.consent,
        "BOTS": settings.bots,
        "IPV4_PREFIX": str(settings.ipv4_prefix),
        "IPV6_PREFIX": str(settings.ipv6_prefix),
        "PSEUDONYM_LABEL": settings.user_ids.label,
    }
    values |= {name: ",".join(words) for name, words in lists.items() if words is not None}
    if settings.consent_categories is not None:
        values["CONSENT_CATEGORIES"] = json.dumps(settings.consent_categories, sort_keys=True)
    if settings.application is not None:
        values["APPLICATION"] = settings.application
    return values
