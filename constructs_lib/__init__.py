"""Constructs for a user behaviour analytics pipeline on AWS, synthesized to Terraform JSON.

They are usable in any CDKTF app; `Pipeline` wires them, `Stack` makes a whole Terraform stack of an environment file.
The names below are the public interface (docs/building.md says what is stable). They are imported when first asked for,
so that a command that needs no construct loads none.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # For type checkers and editors; a test holds these to EXPORTS.
    from constructs_lib.archive import Archive as Archive
    from constructs_lib.archive import Bucket as Bucket
    from constructs_lib.bootstrap.construct import Alerting as Alerting
    from constructs_lib.bootstrap.construct import Bootstrap as Bootstrap
    from constructs_lib.collector.construct import Collector as Collector
    from constructs_lib.configuration.access import AccessSettings as AccessSettings
    from constructs_lib.configuration.adopt import AdoptSettings as AdoptSettings
    from constructs_lib.configuration.archive import ArchiveSettings as ArchiveSettings
    from constructs_lib.configuration.bootstrap import BootstrapSettings as BootstrapSettings
    from constructs_lib.configuration.collector import CollectorSettings as CollectorSettings
    from constructs_lib.configuration.delivery import DeliverySettings as DeliverySettings
    from constructs_lib.configuration.delivery import LambdaProcessor as LambdaProcessor
    from constructs_lib.configuration.domain import DomainSettings as DomainSettings
    from constructs_lib.configuration.encryption import EncryptionSettings as EncryptionSettings
    from constructs_lib.configuration.environment import Environment as Environment
    from constructs_lib.configuration.errors import ConfigurationError as ConfigurationError
    from constructs_lib.configuration.errors import Problem as Problem
    from constructs_lib.configuration.existing import ExistingSettings as ExistingSettings
    from constructs_lib.configuration.function import FunctionSettings as FunctionSettings
    from constructs_lib.configuration.iam import IamSettings as IamSettings
    from constructs_lib.configuration.load import load_environment as load_environment
    from constructs_lib.configuration.monitoring import AlarmSettings as AlarmSettings
    from constructs_lib.configuration.monitoring import MonitoringSettings as MonitoringSettings
    from constructs_lib.configuration.network import NetworkSettings as NetworkSettings
    from constructs_lib.configuration.recommender import RecommenderSettings as RecommenderSettings
    from constructs_lib.configuration.stream import StreamSettings as StreamSettings
    from constructs_lib.configuration.transform import TransformSettings as TransformSettings
    from constructs_lib.delivery import Delivery as Delivery
    from constructs_lib.delivery import delivery_role as delivery_role
    from constructs_lib.domain import Domain as Domain
    from constructs_lib.domain import SearchDomain as SearchDomain
    from constructs_lib.encryption import Encryption as Encryption
    from constructs_lib.encryption import EncryptionKey as EncryptionKey
    from constructs_lib.function import Function as Function
    from constructs_lib.iam import Condition as Condition
    from constructs_lib.iam import ManagedPolicy as ManagedPolicy
    from constructs_lib.iam import Role as Role
    from constructs_lib.iam import ServiceRole as ServiceRole
    from constructs_lib.iam import Statement as Statement
    from constructs_lib.interfaces import DeliveryBucket as DeliveryBucket
    from constructs_lib.interfaces import DeliveryDomain as DeliveryDomain
    from constructs_lib.interfaces import KeyWithArn as KeyWithArn
    from constructs_lib.interfaces import LogKey as LogKey
    from constructs_lib.interfaces import ReadableStream as ReadableStream
    from constructs_lib.interfaces import SetUpDomain as SetUpDomain
    from constructs_lib.interfaces import WritableStream as WritableStream
    from constructs_lib.monitoring.alarm import Alarm as Alarm
    from constructs_lib.monitoring.construct import Monitoring as Monitoring
    from constructs_lib.network import Network as Network
    from constructs_lib.network import SecurityGroups as SecurityGroups
    from constructs_lib.pipeline import Pipeline as Pipeline
    from constructs_lib.recommender.construct import Recommender as Recommender
    from constructs_lib.reporting import ConfigurationWarning as ConfigurationWarning
    from constructs_lib.reporting import problems_collected as problems_collected
    from constructs_lib.service_construct import ServiceConstruct as ServiceConstruct
    from constructs_lib.stack import Stack as Stack
    from constructs_lib.stream import EventStream as EventStream
    from constructs_lib.stream import Stream as Stream
    from constructs_lib.synth import synthesize as synthesize
    from constructs_lib.transform.construct import Transform as Transform

EXPORTS = {
    "AccessSettings": "configuration.access",
    "AdoptSettings": "configuration.adopt",
    "Alarm": "monitoring.alarm",
    "AlarmSettings": "configuration.monitoring",
    "Alerting": "bootstrap.construct",
    "Archive": "archive",
    "ArchiveSettings": "configuration.archive",
    "Bootstrap": "bootstrap.construct",
    "BootstrapSettings": "configuration.bootstrap",
    "Bucket": "archive",
    "Collector": "collector.construct",
    "CollectorSettings": "configuration.collector",
    "Condition": "iam",
    "ConfigurationError": "configuration.errors",
    "ConfigurationWarning": "reporting",
    "Delivery": "delivery",
    "DeliveryBucket": "interfaces",
    "DeliveryDomain": "interfaces",
    "DeliverySettings": "configuration.delivery",
    "Domain": "domain",
    "DomainSettings": "configuration.domain",
    "Encryption": "encryption",
    "EncryptionKey": "encryption",
    "EncryptionSettings": "configuration.encryption",
    "Environment": "configuration.environment",
    "EventStream": "stream",
    "ExistingSettings": "configuration.existing",
    "Function": "function",
    "FunctionSettings": "configuration.function",
    "IamSettings": "configuration.iam",
    "KeyWithArn": "interfaces",
    "LogKey": "interfaces",
    "LambdaProcessor": "configuration.delivery",
    "ManagedPolicy": "iam",
    "Monitoring": "monitoring.construct",
    "MonitoringSettings": "configuration.monitoring",
    "Network": "network",
    "NetworkSettings": "configuration.network",
    "Pipeline": "pipeline",
    "Problem": "configuration.errors",
    "ReadableStream": "interfaces",
    "Recommender": "recommender.construct",
    "RecommenderSettings": "configuration.recommender",
    "Role": "iam",
    "SearchDomain": "domain",
    "SecurityGroups": "network",
    "ServiceConstruct": "service_construct",
    "ServiceRole": "iam",
    "SetUpDomain": "interfaces",
    "Stack": "stack",
    "Statement": "iam",
    "Stream": "stream",
    "StreamSettings": "configuration.stream",
    "Transform": "transform.construct",
    "TransformSettings": "configuration.transform",
    "delivery_role": "delivery",
    "load_environment": "configuration.load",
    "problems_collected": "reporting",
    "synthesize": "synth",
    "WritableStream": "interfaces",
}
"""Every public name, and the module that it lives in."""

__all__ = list(EXPORTS)


def __getattr__(name: str) -> Any:
    """A public name, from the module it lives in."""
    if name in EXPORTS:
        return getattr(importlib.import_module(f"{__name__}.{EXPORTS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
