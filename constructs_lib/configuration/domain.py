"""``domain``: the OpenSearch Service domain, for both engines (provider resource ``aws_opensearch_domain``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from constructs_lib.configuration import defaults
from constructs_lib.configuration.section import Section, Timeouts
from constructs_lib.rules.finding import UNKNOWN, Unknown

LogType = Literal["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", "AUDIT_LOGS"]


class ColdStorageOptions(Section):
    """Cold storage, for indices that are searched on request only."""

    enabled: bool = True


class NodeConfig(Section):
    """Count and type of a further kind of node."""

    enabled: bool = True
    count: int | None = None
    type: str | None = None


class NodeOptions(Section):
    """A further kind of node: dedicated coordinators."""

    node_type: Literal["coordinator"] = "coordinator"
    node_config: NodeConfig


class ZoneAwarenessConfig(Section):
    """Zones that the data nodes spread over."""

    availability_zone_count: int = 2


class ClusterConfig(Section):
    """Nodes of the cluster. Default: three data nodes over three zones, without dedicated masters."""

    instance_type: str = "r7g.large.search"
    instance_count: int = 3
    dedicated_master_enabled: bool = False
    dedicated_master_count: int | None = None
    """Default 3 when dedicated masters are on."""
    dedicated_master_type: str | None = None
    """Default ``m7g.large.search`` when dedicated masters are on."""
    zone_awareness_enabled: bool | None = None
    """Default: on when there is more than one data node."""
    zone_awareness_config: ZoneAwarenessConfig | None = None
    """Default: as many zones as the data nodes fill evenly, 2 or 3."""
    multi_az_with_standby_enabled: bool | None = None
    warm_enabled: bool | None = None
    warm_count: int | None = None
    warm_type: str | None = None
    cold_storage_options: ColdStorageOptions | None = None
    node_options: list[NodeOptions] | None = None


class EbsOptions(Section):
    """Disks of the data nodes."""

    ebs_enabled: bool = True
    volume_type: Literal["standard", "gp2", "gp3", "io1", "io2"] | None = None
    """Default gp3."""
    volume_size: int | None = None
    """GiB a data node; default 20."""
    iops: int | None = None
    """Default on gp3: 3 for each GiB, 3,000 at least, which the price includes."""
    throughput: int | None = None
    """MiB/s, gp3 only; default 125, from 256 GiB on 250."""


class EncryptAtRest(Section):
    """Encryption of indices, logs, swap and snapshots. Turning it off replaces the domain."""

    enabled: bool = True
    kms_key_id: str | None = None
    """An existing key's ARN; default: the deployment's key. A change replaces the domain."""


class NodeToNodeEncryption(Section):
    """TLS between the nodes. Turning it off replaces the domain."""

    enabled: bool = True


class DomainEndpointOptions(Section):
    """TLS of the endpoint, and a name of one's own for it."""

    enforce_https: bool = True
    tls_security_policy: str = "Policy-Min-TLS-1-2-PFS-2023-10"
    custom_endpoint_enabled: bool | None = None
    custom_endpoint: str | None = None
    custom_endpoint_certificate_arn: str | None = None


class MasterUserOptions(Section):
    """The domain's master user; default: the role of the bootstrap function."""

    master_user_arn: str | None = None
    master_user_name: str | None = None
    master_user_password: str | None = None


class JwtOptions(Section):
    """Sign-in with JSON web tokens."""

    enabled: bool = True
    public_key: str | None = None
    roles_key: str | None = None
    subject_key: str | None = None


class AdvancedSecurityOptions(Section):
    """Fine-grained access control. Turning it off replaces the domain."""

    enabled: bool = True
    anonymous_auth_enabled: bool | None = None
    internal_user_database_enabled: bool = False
    master_user_options: MasterUserOptions | None = None
    jwt_options: JwtOptions | None = None


class SamlIdp(Section):
    """The identity provider."""

    entity_id: str
    metadata_content: str


class SamlOptions(Section):
    """Sign-in to the dashboards by SAML (provider resource ``aws_opensearch_domain_saml_options``)."""

    enabled: bool = True
    idp: SamlIdp | None = None
    master_backend_role: str | None = None
    master_user_name: str | None = None
    roles_key: str | None = None
    subject_key: str | None = None
    session_timeout_minutes: int | None = None


class CognitoOptions(Section):
    """Sign-in to the dashboards by Amazon Cognito."""

    enabled: bool = True
    user_pool_id: str
    identity_pool_id: str
    role_arn: str


class LogPublishingOptions(Section):
    """One kind of log; into a log group of the deployment's own unless one is named."""

    log_type: LogType
    enabled: bool = True
    cloudwatch_log_group_arn: str | None = None


class MaintenanceDuration(Section):
    """How long a maintenance window is."""

    value: int
    unit: Literal["HOURS"] = "HOURS"


class MaintenanceSchedule(Section):
    """A maintenance window of Auto-Tune; superseded by the off-peak window."""

    start_at: str
    duration: MaintenanceDuration
    cron_expression_for_recurrence: str


class AutoTuneOptions(Section):
    """AWS's tuning of memory and queues."""

    desired_state: Literal["ENABLED", "DISABLED"] | None = None
    """Default: ENABLED where the instance type and the engine know it."""
    rollback_on_disable: Literal["DEFAULT_ROLLBACK", "NO_ROLLBACK"] | None = None
    use_off_peak_window: bool | None = None
    maintenance_schedule: list[MaintenanceSchedule] | None = None


class WindowStartTime(Section):
    """Start in UTC."""

    hours: int = 0
    minutes: int = 0


class OffPeakWindow(Section):
    """Ten hours a day in which AWS may work on the domain."""

    window_start_time: WindowStartTime = WindowStartTime()


class OffPeakWindowOptions(Section):
    """The off-peak window; default: from 00:00 UTC."""

    enabled: bool = True
    off_peak_window: OffPeakWindow = OffPeakWindow()


class SnapshotOptions(Section):
    """Daily snapshots of engines before Elasticsearch 5.3; later ones are taken hourly whatever this says."""

    automated_snapshot_start_hour: int


class SoftwareUpdateOptions(Section):
    """Service software updates in the off-peak window."""

    auto_software_update_enabled: bool = True


class DomainVpcOptions(Section):
    """Existing subnets and security groups; default: those of ``network``."""

    subnet_ids: list[str] | None = None
    security_group_ids: list[str] | None = None


class NaturalLanguageOptions(Section):
    """Query generation from natural language."""

    desired_state: Literal["ENABLED", "DISABLED"]


class S3VectorsEngine(Section):
    """The S3 vectors engine."""

    enabled: bool


class ServerlessVectorAcceleration(Section):
    """Index building on serverless GPUs."""

    enabled: bool


class AimlOptions(Section):
    """Machine-learning features of the domain."""

    natural_language_query_generation_options: NaturalLanguageOptions | None = None
    s3_vectors_engine: S3VectorsEngine | None = None
    serverless_vector_acceleration: ServerlessVectorAcceleration | None = None


class IdentityCenterOptions(Section):
    """Sign-in with IAM Identity Center."""

    enabled_api_access: bool = True
    identity_center_instance_arn: str | None = None
    roles_key: str | None = None
    subject_key: str | None = None


class DomainSettings(Section):
    """The search domain. Default: OpenSearch, encrypted, HTTPS only, fine-grained access control, logs on."""

    domain_name: str | None = None
    """Name of the domain; default: the deployment's name. A change replaces the domain."""
    engine_version: str = "OpenSearch_3.3"
    """``OpenSearch_x.y`` or ``Elasticsearch_x.y``."""
    access_policies: dict[str, Any] | str | None = None
    """A whole access policy; default: made from the roles of the deployment and ``access``."""
    advanced_options: dict[str, str] | None = None
    """Engine settings; values are strings."""
    ip_address_type: Literal["ipv4", "dualstack"] | None = None
    cluster_config: ClusterConfig = ClusterConfig()
    ebs_options: EbsOptions | None = None
    """Default: gp3 disks, except for instance types with disks of their own."""
    encrypt_at_rest: EncryptAtRest = EncryptAtRest()
    node_to_node_encryption: NodeToNodeEncryption = NodeToNodeEncryption()
    domain_endpoint_options: DomainEndpointOptions = DomainEndpointOptions()
    advanced_security_options: AdvancedSecurityOptions | None = None
    """Default: on, except with engines before Elasticsearch 6.7 and without the bootstrap function."""
    saml_options: SamlOptions | None = None
    cognito_options: CognitoOptions | None = None
    log_publishing_options: list[LogPublishingOptions] | None = None
    """Default: slow logs and error logs, and audit logs with fine-grained access control."""
    log_retention_in_days: int = 365
    """Days that the deployment's own log groups keep the domain's logs."""
    log_resource_policy: bool = True
    """Whether to make the log resource policy that the domain needs; off where the account has one that covers it: ten
    are allowed in a region."""
    auto_tune_options: AutoTuneOptions | None = None
    off_peak_window_options: OffPeakWindowOptions | None = None
    """Default: on, from 00:00 UTC."""
    snapshot_options: SnapshotOptions | None = None
    software_update_options: SoftwareUpdateOptions = SoftwareUpdateOptions()
    vpc_options: DomainVpcOptions | None = None
    aiml_options: AimlOptions | None = None
    identity_center_options: IdentityCenterOptions | None = None
    service_linked_role: bool = False
    """Whether to create the account's service-linked role, which a VPC domain needs and only one deployment can own."""
    timeouts: Timeouts | None = None

    @property
    def signs_people_in(self) -> bool:
        """Whether people come with SAML or a JSON web token instead of a signed request."""
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
            name: of the domain, unless the settings have one.
            kms_key_id: the key for indices, unless the settings name one; None: AWS's own.
            master_user_arn: master user of fine-grained access control, unless the settings name one.
            log_group_arn: gives the log group of a kind of log (``ES_APPLICATION_LOGS``), unless the settings name one.
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
        # The provider takes no block without a log group, so a kind of log that is off and has none is left out.
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
        """What the rules judge together with the domain's own arguments: its access policy, and SAML options, which are
        resources of their own.

        Args:
            values: the domain's arguments.
        """
        policy: Any = UNKNOWN
        if self.access_policies is not None:
            policy = self.access_policies
        elif self.signs_people_in and values.get("advanced_security_options", {}).get("enabled"):
            # The construct's policy lets everybody's requests through to the sign-in.
            policy = {"Statement": [{"Effect": "Allow", "Principal": "*"}]}
        beside = {"access_policies": policy}
        if self.saml_options is not None:
            beside["saml_options"] = self.saml_options.arguments()
        return beside
