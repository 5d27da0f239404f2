"""The transform's function and the key behind its pseudonyms."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from constructs import Construct

from constructs_lib.aws import DataAwsIamPolicyDocument, KmsAlias, KmsKey, KmsKeyPolicy, VpcEndpoint
from constructs_lib.aws_context import AwsContext
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.configuration.transform import TransformSettings, UserIdSettings
from constructs_lib.encryption import ADMINISTRATION, Encryption
from constructs_lib.function import Function
from constructs_lib.iam import Condition, ServiceRole, Statement, policy_json
from constructs_lib.network import Network, SecurityGroups
from constructs_lib.transform.package import HANDLER, transform_archive
from constructs_lib.transform.runtime.settings import Settings as RuntimeSettings

METRICS_NAMESPACE = RuntimeSettings().metrics_namespace
"""Where the function's own metrics are in CloudWatch."""
DERIVE = ("kms:GenerateMac",)
_NO_ROTATION = frozenset(
    {"kms:DisableKeyRotation", "kms:EnableKeyRotation", "kms:ListKeyRotations", "kms:RotateKeyOnDemand"}
)
"""HMAC keys know none: https://docs.aws.amazon.com/kms/latest/developerguide/hmac.html"""


class Transform(Construct):
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
        encryption: Encryption,
        settings: TransformSettings | None = None,
        shard_count: int | None = None,
        network: Network | None = None,
        iam: IamSettings | None = None,
        retain: bool = True,
    ) -> None:
        super().__init__(scope, id_)
        settings = settings or TransformSettings()
        self._context = AwsContext.of(scope)
        archive = transform_archive()
        self.key: KmsKey | None = None
        key_arn = settings.user_ids.kms_key_arn
        if key_arn is None:
            self.key = self._make_key(name, settings.user_ids, retain=retain)
            key_arn = self.key.arn
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
                **settings.variables(),
                "PSEUDONYM_KEY_ID": key_arn,
                "TRANSFORM_VERSION": archive.version,
            },
            reserved_concurrent_executions=settings.function.reserved(shard_count),
            network=network if settings.vpc else None,
            iam=iam,
        )
        self.key_arn: str = key_arn
        """The key behind the pseudonyms."""
        self._derivers: list[str] = []
        self._key_policy: DataAwsIamPolicyDocument | None = None
        self.grant_derive(self.function.role)
        self._kms_endpoint: SecurityGroups | None = None
        if settings.vpc and network is not None and network.settings.cidr_block is not None:
            self._kms_endpoint = self._make_kms_endpoint(network, name)
            self.allow_kms(self.function, peer="transform")

    @property
    def arn(self) -> str:
        """ARN of the alias, which Firehose calls."""
        return self.function.qualified_arn

    def grant_invoke(self, role: ServiceRole) -> None:
        """Let a delivery stream's role call the transform."""
        self.function.grant_invoke(role, sid="InvokeTransform")

    def _make_key(self, name: str, settings: UserIdSettings, *, retain: bool) -> KmsKey:
        key = KmsKey(
            self,
            "key",
            description=f"Pseudonyms of the users of {name}",
            key_usage="GENERATE_VERIFY_MAC",
            customer_master_key_spec="HMAC_256",
            deletion_window_in_days=settings.deletion_window_in_days,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if retain else None,
        )
        KmsAlias(self, "key-alias", name=f"alias/{name}-user-ids", target_key_id=key.key_id)
        return key

    def grant_derive(self, role: ServiceRole) -> None:
        """Let a role ask the key for a MAC, with the one algorithm; a key of our own lets nobody else."""
        algorithm = Condition("StringEquals", "kms:MacAlgorithm", ["HMAC_SHA_256"])
        role.grant("DeriveWorkingKey", DERIVE, [self.key_arn], [algorithm])
        if self.key is None:
            return
        self._derivers.append(role.arn)
        root = f"arn:{self._context.partition}:iam::{self._context.account_id}:root"
        administration = [action for action in ADMINISTRATION if action not in _NO_ROTATION]
        structs = [
            statement.struct()
            for statement in (
                Statement("Administration", administration, ["*"], principals={"AWS": [root]}),
                Statement("Derive", DERIVE, ["*"], [algorithm], principals={"AWS": self._derivers}),
            )
        ]
        if self._key_policy is None:
            self._key_policy = DataAwsIamPolicyDocument(self, "permissions", statement=structs)
            KmsKeyPolicy(self, "key-policy", key_id=self.key.key_id, policy=self._key_policy.json)
        else:
            self._key_policy.put_statement(structs)

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
            self, "kms-security-group", name=f"{name}-kms", description="Endpoint of KMS", network=network
        )
        own = Condition("StringEquals", "aws:PrincipalAccount", [self._context.account_id])
        derive = Statement("Derive", DERIVE, [self.key_arn], [own], principals={"*": ["*"]})
        VpcEndpoint(
            self,
            "kms-endpoint",
            vpc_id=network.vpc_id or "",
            service_name=f"com.amazonaws.{self._context.region}.kms",
            vpc_endpoint_type="Interface",
            subnet_ids=network.subnet_ids,
            security_group_ids=groups.ids,
            private_dns_enabled=True,
            policy=policy_json(self, "kms-endpoint-permissions", [derive]),
            tags={"Name": f"{name}-kms"},
        )
        return groups
