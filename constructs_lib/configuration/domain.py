"""``domain``: the OpenSearch Service domain, for both engines (provider resource ``aws_opensearch_domain``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from constructs_lib.configuration import defaults
from constructs_lib.configuration.section import Section, Timeouts
from constructs_lib.rules.finding import UNKNOWN, Unknown

LogType = Literal["INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS", "AUDIT_LOGS"]


class ColdStorageOptions(Section):
    """Cold storage, for indices that are rarely searched."""

    enabled: bool = True
    """Whether indices may move to cold storage. Needs warm nodes."""


class NodeConfig(Section):
    """How many nodes there are, and of which type."""

    enabled: bool = True
    """Whether these nodes exist."""
    count: int | None = None
    """Number of these nodes."""
    type: str | None = None
    """Instance type of these nodes."""


class NodeOptions(Section):
    """Dedicated coordinator nodes."""

    node_type: Literal["coordinator"] = "coordinator"
    """What the nodes do; AWS knows coordinators only."""
    node_config: NodeConfig


class ZoneAwarenessConfig(Section):
    """Zones that the data nodes spread over."""

    availability_zone_count: int = 2
    """Number of zones, 2 or 3."""


class ClusterConfig(Section):
    """Nodes of the cluster. Default: three data nodes over three zones, without dedicated masters."""

    instance_type: str = "r7g.large.search"
    """Instance type of the data nodes."""
    instance_count: int = 3
    """Number of data nodes; a multiple of the zones."""
    dedicated_master_enabled: bool = False
    """Whether the cluster has dedicated masters, which more than 10 data nodes require."""
    dedicated_master_count: int | None = None
    """Number of dedicated masters, 3 or 5. Default: 3 when dedicated masters are on."""
    dedicated_master_type: str | None = None
    """Instance type of the dedicated masters. Default: ``m7g.large.search`` when dedicated masters are on."""
    zone_awareness_enabled: bool | None = None
    """Whether data nodes spread over several zones. Default: on with more than one data node."""
    zone_awareness_config: ZoneAwarenessConfig | None = None
    """Number of zones. Default: 2 or 3, so that the data nodes spread evenly."""
    multi_az_with_standby_enabled: bool | None = None
    """Whether one of three zones is a standby. Needs dedicated masters and a multiple of three data nodes."""
    warm_enabled: bool | None = None
    """Whether there are UltraWarm nodes, which keep old indices in S3. Needs dedicated masters."""
    warm_count: int | None = None
    """Number of warm nodes; a multiple of the zones."""
    warm_type: str | None = None
    """Instance type of the warm nodes, such as ``ultrawarm1.medium.search``."""
    cold_storage_options: ColdStorageOptions | None = None
    node_options: list[NodeOptions] | None = None


class EbsOptions(Section):
    """Disks of the data nodes."""

    ebs_enabled: bool = True
    """Whether data nodes have EBS volumes; off for instance types with disks of their own."""
    volume_type: Literal["standard", "gp2", "gp3", "io1", "io2"] | None = None
    """Type of the volumes. Default: gp3."""
    volume_size: int | None = None
    """GiB of a data node's volume. Default: 20."""
    iops: int | None = None
    """I/O operations a second, for gp3 and io1. Default for gp3: 3 for each GiB, at least 3,000, which the price
    includes."""
    throughput: int | None = None
    """MiB/s, for gp3. Default: 125, and 250 from 256 GiB on."""


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


class MasterUserOptions(Section):
    """The domain's master user; default: the role of the bootstrap function."""

    master_user_arn: str | None = None
    """ARN of the IAM role that may do everything in the domain."""
    master_user_name: str | None = None
    """Name of a master user in the internal user database; needs a password, so use ``master_user_arn``
    instead."""
    master_user_password: str | None = None
    """Refused: a password would be readable in this file and in the state. Use ``master_user_arn``."""


class JwtOptions(Section):
    """Sign-in with JSON web tokens."""

    enabled: bool = True
    """Whether people may sign in with JSON web tokens."""
    public_key: str | None = None
    """Public key in PEM that checks the tokens' signatures."""
    roles_key: str | None = None
    """Claim that holds a person's groups, as ``access`` lists them."""
    subject_key: str | None = None
    """Claim that holds a person's name. Default: ``sub``."""


class AdvancedSecurityOptions(Section):
    """Fine-grained access control. Turning it off replaces the domain."""

    enabled: bool = True
    """Whether fine-grained access control is on."""
    anonymous_auth_enabled: bool | None = None
    """Whether an existing domain admits everybody for 30 days while it turns on access control. Default:
    false."""
    internal_user_database_enabled: bool = False
    """Whether the domain has an internal database of users with passwords."""
    master_user_options: MasterUserOptions | None = None
    jwt_options: JwtOptions | None = None


class SamlIdp(Section):
    """The identity provider."""

    entity_id: str
    """Entity id of the identity provider, as in its metadata."""
    metadata_content: str
    """The identity provider's metadata: the XML itself, not a URL or a file name."""


class SamlOptions(Section):
    """Sign-in to the dashboards by SAML (provider resource ``aws_opensearch_domain_saml_options``)."""

    enabled: bool = True
    """Whether people may sign in by SAML."""
    idp: SamlIdp | None = None
    master_backend_role: str | None = None
    """Group of the identity provider whose members may do everything."""
    master_user_name: str | None = None
    """One user of the identity provider who may do everything."""
    roles_key: str | None = None
    """Attribute that holds a person's groups, as ``access`` lists them. Default: ``roles``."""
    subject_key: str | None = None
    """Attribute that holds a person's name. Default: the assertion's NameID."""
    session_timeout_minutes: int | None = None
    """Minutes after which an idle session ends. Default: 60."""


class CognitoOptions(Section):
    """Sign-in to the dashboards by Amazon Cognito."""

    enabled: bool = True
    """Whether people may sign in by Cognito."""
    user_pool_id: str
    """Id of the user pool, in the domain's region."""
    identity_pool_id: str
    """Id of the identity pool, in the domain's region."""
    role_arn: str
    """ARN of the role that lets the domain configure the pools (policy
    AmazonOpenSearchServiceCognitoAccess)."""


class LogPublishingOptions(Section):
    """One kind of log. Default: into the deployment's own log group."""

    log_type: LogType
    """Kind of log; each kind once."""
    enabled: bool = True
    """Whether this kind of log is published."""
    cloudwatch_log_group_arn: str | None = None
    """ARN of an existing log group; default: a new one."""


class MaintenanceDuration(Section):
    """How long a maintenance window is."""

    value: int
    """Length of the window."""
    unit: Literal["HOURS"] = "HOURS"
    """Unit of the length; AWS knows hours only."""


class MaintenanceSchedule(Section):
    """A maintenance window of Auto-Tune; the off-peak window has replaced it."""

    start_at: str
    """Start of the first window, such as ``2027-01-31T03:00:00Z``; in the future for a new domain."""
    duration: MaintenanceDuration
    cron_expression_for_recurrence: str
    """When the window recurs, such as ``cron(0 3 ? * 1 *)``."""


class AutoTuneOptions(Section):
    """Auto-Tune: AWS adjusts memory and queues."""

    desired_state: Literal["ENABLED", "DISABLED"] | None = None
    """Whether Auto-Tune is on. Default: ENABLED where instance type and engine support it."""
    rollback_on_disable: Literal["DEFAULT_ROLLBACK", "NO_ROLLBACK"] | None = None
    """Whether the tuning is undone when Auto-Tune is disabled. Default: as AWS chooses."""
    use_off_peak_window: bool | None = None
    """Whether Auto-Tune uses the off-peak window; not together with ``maintenance_schedule``. Default:
    false."""
    maintenance_schedule: list[MaintenanceSchedule] | None = None
    """Maintenance windows of Auto-Tune, 100 at most."""


class WindowStartTime(Section):
    """Start in UTC."""

    hours: int = 0
    """Hour at which the window begins, in UTC."""
    minutes: int = 0
    """Minute at which the window begins."""


class OffPeakWindow(Section):
    """The ten hours of each day in which AWS may change the domain."""

    window_start_time: WindowStartTime = WindowStartTime()


class OffPeakWindowOptions(Section):
    """The off-peak window; default: from 00:00 UTC."""

    enabled: bool = True
    """Whether the domain has an off-peak window. AWS cannot turn it off again."""
    off_peak_window: OffPeakWindow = OffPeakWindow()


class SnapshotOptions(Section):
    """Daily snapshots, for engines before Elasticsearch 5.3; AWS takes hourly snapshots of all others."""

    automated_snapshot_start_hour: int
    """Hour of the daily snapshot, in UTC."""


class SoftwareUpdateOptions(Section):
    """Service software updates in the off-peak window."""

    auto_software_update_enabled: bool = True
    """Whether AWS installs service software updates in the off-peak window by itself."""


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


class IdentityCenterOptions(Section):
    """Sign-in with IAM Identity Center."""

    enabled_api_access: bool = True
    """Whether people may use the domain's API with their Identity Center sign-in."""
    identity_center_instance_arn: str | None = None
    """ARN of the Identity Center instance."""
    roles_key: str | None = None
    """Identity Center attribute that names a person's groups: group name or group id. Default: as AWS chooses."""
    subject_key: str | None = None
    """Identity Center attribute that names a person: user name, user id or e-mail. Default: as AWS chooses."""


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
