"""``domain``: the OpenSearch Service domain, for both engines (provider resource ``aws_opensearch_domain``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from constructs_lib.configuration import defaults
from constructs_lib.configuration.domain_cluster import ClusterConfig, EbsOptions
from constructs_lib.configuration.domain_operations import (
    AutoTuneOptions,
    LogPublishingOptions,
    OffPeakWindowOptions,
    SnapshotOptions,
    SoftwareUpdateOptions,
)
from constructs_lib.configuration.domain_sign_in import (
    AdvancedSecurityOptions,
    CognitoOptions,
    IdentityCenterOptions,
    SamlOptions,
)
from constructs_lib.configuration.section import Section, Timeouts
from constructs_lib.rules.finding import UNKNOWN, Unknown


class EncryptAtRest(Section):
    """Encryption of indices, logs, swap and snapshots. Turning it off replaces the domain."""

    enabled: bool = True
    """Whether data at rest is encrypted; fine-grained access control requires it."""
    kms_key_id: str | None = None
    """ARN of an existing key, not an alias; default: the deployment's key. A change replaces the domain."""


class NodeToNodeEncryption(Section):
    """TLS between the nodes. Turning it off replaces the domain."""

    enabled: bool = True
    """Whether traffic between nodes is encrypted; fine-grained access control requires it."""


class DomainEndpointOptions(Section):
    """TLS and custom host name of the endpoint."""

    enforce_https: bool = True
    """Whether the endpoint refuses plain HTTP; fine-grained access control requires it."""
    tls_security_policy: str = "Policy-Min-TLS-1-2-PFS-2023-10"
    """Oldest TLS version and ciphers that the endpoint accepts."""
    custom_endpoint_enabled: bool | None = None
    """Whether the endpoint also has the name in ``custom_endpoint``. Default: false."""
    custom_endpoint: str | None = None
    """Your own host name for the endpoint, such as ``search.example.com``."""
    custom_endpoint_certificate_arn: str | None = None
    """ARN of the ACM certificate for that name, in the domain's region and account."""


class DomainVpcOptions(Section):
    """Existing subnets and security groups; default: those of ``network``."""

    subnet_ids: list[str] | None = None
    """Ids of the domain's subnets, one for each zone; default: those of ``network``."""
    security_group_ids: list[str] | None = None
    """Ids of the domain's security groups; default: a new one."""


class NaturalLanguageOptions(Section):
    """Query generation from natural language."""

    desired_state: Literal["ENABLED", "DISABLED"]
    """Whether queries may be generated from natural language."""


class S3VectorsEngine(Section):
    """The S3 vectors engine."""

    enabled: bool
    """Whether vectors may be kept in S3. Needs OpenSearch-optimized data nodes."""


class ServerlessVectorAcceleration(Section):
    """Index building on serverless GPUs."""

    enabled: bool
    """Whether vector indices are built on serverless GPUs."""


class AimlOptions(Section):
    """Machine-learning features of the domain."""

    natural_language_query_generation_options: NaturalLanguageOptions | None = None
    s3_vectors_engine: S3VectorsEngine | None = None
    serverless_vector_acceleration: ServerlessVectorAcceleration | None = None


class DomainSettings(Section):
    """The search domain. Default: OpenSearch, encrypted, HTTPS only, fine-grained access control, logs on."""

    domain_name: str | None = None
    """Name of the domain; default: the deployment's name. A change replaces the domain."""
    engine_version: str = "OpenSearch_3.3"
    """Engine and version: ``OpenSearch_x.y`` or ``Elasticsearch_x.y``."""
    access_policies: dict[str, Any] | str | None = None
    """A complete access policy; default: a policy for the deployment's roles and those in ``access``."""
    advanced_options: dict[str, str] | None = None
    """Engine settings that AWS lets you change; values in quotes."""
    ip_address_type: Literal["ipv4", "dualstack"] | None = None
    """Addresses of the endpoint: IPv4 only, or IPv4 and IPv6 (dualstack). Default: as AWS chooses, IPv4."""
    cluster_config: ClusterConfig = ClusterConfig()
    ebs_options: EbsOptions | None = None
    """Disks of the data nodes. Default: gp3, except for instance types with disks of their own."""
    encrypt_at_rest: EncryptAtRest = EncryptAtRest()
    node_to_node_encryption: NodeToNodeEncryption = NodeToNodeEncryption()
    domain_endpoint_options: DomainEndpointOptions = DomainEndpointOptions()
    advanced_security_options: AdvancedSecurityOptions | None = None
    """Fine-grained access control. Default: on, except with Elasticsearch before 6.7 and without the bootstrap
    function."""
    saml_options: SamlOptions | None = None
    cognito_options: CognitoOptions | None = None
    log_publishing_options: list[LogPublishingOptions] | None = None
    """Logs that go to CloudWatch. Default: slow logs and error logs, and audit logs with fine-grained access
    control."""
    log_retention_in_days: int = 365
    """Days that the deployment's own log groups keep the domain's logs."""
    log_resource_policy: bool = True
    """Whether to create the CloudWatch Logs resource policy that the domain needs. Turn it off if the account has one
    that covers the domain: AWS allows ten in a region."""
    auto_tune_options: AutoTuneOptions | None = None
    off_peak_window_options: OffPeakWindowOptions | None = None
    """The ten hours of each day in which AWS may change the domain. Default: from 00:00 UTC."""
    snapshot_options: SnapshotOptions | None = None
    software_update_options: SoftwareUpdateOptions = SoftwareUpdateOptions()
    vpc_options: DomainVpcOptions | None = None
    aiml_options: AimlOptions | None = None
    identity_center_options: IdentityCenterOptions | None = None
    service_linked_role: bool = False
    """Whether to create the account's service-linked role, which a domain in a VPC needs. Only one deployment of an
    account can create it."""
    timeouts: Timeouts | None = None

    @property
    def signs_people_in(self) -> bool:
        """Whether people sign in with SAML or JSON web tokens instead of signed requests."""
        security = self.advanced_security_options
        tokens = security.jwt_options if security is not None else None
        return any(way is not None and way.enabled for way in (self.saml_options, tokens))

    def resource_arguments(
        self,
        *,
        name: str,
        kms_key_id: str | Unknown | None,
        master_user_arn: str | Unknown | None,
        log_group_arn: Callable[[str], str | Unknown],
        vpc_options: dict[str, Any] | None,
    ) -> dict[str, Any]:
        """Arguments of the domain's resource with the defaults that depend on one another filled in.

        Args:
            name: the domain's name, unless the settings have one.
            kms_key_id: the key for indices, unless the settings name one; None: AWS's own.
            master_user_arn: master user of fine-grained access control, unless the settings name one.
            log_group_arn: returns the log group of a log type (``ES_APPLICATION_LOGS``), unless the settings set one.
            vpc_options: subnets and security groups; None: a public endpoint.
        """
        values = {
            "domain_name": name,
            **self.arguments(
                "access_policies",
                "saml_options",
                "log_retention_in_days",
                "log_resource_policy",
                "service_linked_role",
                "vpc_options",
            ),
        }
        values = defaults.fill(values, master_user_arn=master_user_arn)
        if values["encrypt_at_rest"]["enabled"] and kms_key_id is not None:
            values["encrypt_at_rest"].setdefault("kms_key_id", kms_key_id)
        if vpc_options is not None:
            values["vpc_options"] = vpc_options
        # The provider rejects a block without a log group, so omit log types that are off and have none.
        logs = [
            log
            for log in values["log_publishing_options"]
            if log.get("enabled", True) or "cloudwatch_log_group_arn" in log
        ]
        for log in logs:
            if "cloudwatch_log_group_arn" not in log:
                log["cloudwatch_log_group_arn"] = log_group_arn(log["log_type"])
        values["log_publishing_options"] = logs
        return values

    def judged_beside(self, values: dict[str, Any]) -> dict[str, Any]:
        """Further arguments for the rules: the access policy and the SAML options, which are resources of their own.

        Args:
            values: the domain's arguments.
        """
        policy: Any = UNKNOWN
        if self.access_policies is not None:
            policy = self.access_policies
        elif self.signs_people_in and values.get("advanced_security_options", {}).get("enabled"):
            # The construct's own policy admits all requests to the sign-in page.
            policy = {"Statement": [{"Effect": "Allow", "Principal": "*"}]}
        beside = {"access_policies": policy}
        if self.saml_options is not None:
            beside["saml_options"] = self.saml_options.arguments()
        return beside
