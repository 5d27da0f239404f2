"""One environment file: one deployment, one Terraform stack."""

from __future__ import annotations

from typing import Any, Literal

from constructs_lib.configuration.access import AccessSettings
from constructs_lib.configuration.adopt import AdoptSettings
from constructs_lib.configuration.archive import ArchiveSettings
from constructs_lib.configuration.backend import BackendSettings
from constructs_lib.configuration.bootstrap import BootstrapSettings
from constructs_lib.configuration.collector import CollectorSettings
from constructs_lib.configuration.delivery import DeliverySettings
from constructs_lib.configuration.domain import DomainSettings
from constructs_lib.configuration.encryption import EncryptionSettings
from constructs_lib.configuration.existing import ExistingSettings
from constructs_lib.configuration.iam import IamSettings
from constructs_lib.configuration.monitoring import MonitoringSettings
from constructs_lib.configuration.network import NetworkSettings
from constructs_lib.configuration.provider import ProviderSettings
from constructs_lib.configuration.recommender import RecommenderSettings
from constructs_lib.configuration.section import Section
from constructs_lib.configuration.stream import StreamSettings
from constructs_lib.configuration.traffic import TrafficSettings
from constructs_lib.configuration.transform import TransformSettings

OutputSource = Literal[
    "domain.endpoint",
    "domain.dashboard_endpoint",
    "domain.arn",
    "domain.name",
    "domain.security_group_ids",
    "domain.subnet_ids",
    "stream.name",
    "stream.arn",
    "delivery.name",
    "delivery.arn",
    "delivery.role_arn",
    "archive.bucket",
    "encryption.key_arn",
    "recommender.endpoint",
    "recommender.function_arn",
    "recommender.caller_policy_arn",
    "recommender.catalogue_policy_arn",
    "network.vpc_id",
    "collector.endpoint",
    "collector.domain_target",
]
NETWORK_OUTPUTS: tuple[OutputSource, ...] = ("domain.security_group_ids", "domain.subnet_ids", "network.vpc_id")
"""Outputs that only a deployment with a network has."""
COLLECTOR_OUTPUTS: tuple[OutputSource, ...] = ("collector.endpoint", "collector.domain_target")
"""Outputs that only a deployment with a collector has; the second needs ``collector.domain_name``."""


class Environment(Section):
    """A deployment of the behaviour-analytics pipeline."""

    name: str
    """Name of the deployment. The names of its resources begin with it."""
    region: str
    """AWS region, such as ``eu-west-1``; the partition follows from it."""
    account_id: str | None = None
    """The deployment's account, in quotes; Terraform refuses any other. Default: the account of the credentials."""
    tags: dict[str, str] = {}
    """Tags of every resource (the provider's ``default_tags``)."""
    removal_policy: Literal["retain", "destroy"] = "retain"
    """``destroy`` is the first of two switches that let Terraform destroy data; the second is
    ``ALLOW_DESTROY=<stack>`` at synth."""
    traffic: TrafficSettings | None = None
    """The expected traffic, which capacity is checked against. Default: capacity is not checked."""
    stream: StreamSettings = StreamSettings()
    collector: CollectorSettings | None = None
    """A collector receives events from browsers and apps. Without one, your own programs put events on the stream."""
    domain: DomainSettings = DomainSettings()
    transform: TransformSettings = TransformSettings()
    delivery: DeliverySettings = DeliverySettings()
    bootstrap: BootstrapSettings = BootstrapSettings()
    recommender: RecommenderSettings | None = None
    """A recommender serves recommendations based on visitors' behaviour; ``{}`` uses all defaults."""
    archive: ArchiveSettings = ArchiveSettings()
    encryption: EncryptionSettings = EncryptionSettings()
    network: NetworkSettings | None = None
    """A network puts the domain into a VPC. Without one its endpoint is public, protected by IAM."""
    access: AccessSettings = AccessSettings()
    iam: IamSettings = IamSettings()
    backend: BackendSettings = BackendSettings()
    provider: ProviderSettings = ProviderSettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    adopt: AdoptSettings = AdoptSettings()
    existing: ExistingSettings = ExistingSettings()
    overrides: dict[str, Any] = {}
    """Overrides of single resources' arguments, by the construct's and the provider's names: ``domain: {cluster_config:
    {instance_count: 4}}``. docs/building.md lists the names."""
    outputs: dict[str, OutputSource] = {}
    """Further Terraform outputs by name, besides the standard ones."""
