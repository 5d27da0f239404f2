"""Constructs for a user behaviour analytics pipeline on AWS, synthesized to Terraform JSON.

They are usable in any CDKTF app; `Pipeline` wires them, `Stack` makes a whole Terraform stack of an environment file.
Names are imported when first asked for, so that a command that needs no construct loads none.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from constructs_lib.archive import Archive
    from constructs_lib.configuration import ConfigurationError, Environment, load_environment
    from constructs_lib.configuration.archive import ArchiveSettings
    from constructs_lib.configuration.delivery import DeliverySettings, LambdaProcessor
    from constructs_lib.configuration.domain import DomainSettings
    from constructs_lib.configuration.encryption import EncryptionSettings
    from constructs_lib.configuration.network import NetworkSettings
    from constructs_lib.configuration.stream import StreamSettings
    from constructs_lib.delivery import Delivery
    from constructs_lib.domain import SearchDomain
    from constructs_lib.encryption import Encryption
    from constructs_lib.iam import ServiceRole
    from constructs_lib.network import Network
    from constructs_lib.pipeline import Pipeline
    from constructs_lib.stack import Stack
    from constructs_lib.stream import EventStream

__all__ = [
    "Archive",
    "ArchiveSettings",
    "ConfigurationError",
    "Delivery",
    "DeliverySettings",
    "DomainSettings",
    "Encryption",
    "EncryptionSettings",
    "Environment",
    "EventStream",
    "LambdaProcessor",
    "Network",
    "NetworkSettings",
    "Pipeline",
    "SearchDomain",
    "ServiceRole",
    "Stack",
    "StreamSettings",
    "load_environment",
]

_HOME = {
    "Archive": "archive",
    "ArchiveSettings": "configuration.archive",
    "ConfigurationError": "configuration",
    "Delivery": "delivery",
    "DeliverySettings": "configuration.delivery",
    "DomainSettings": "configuration.domain",
    "Encryption": "encryption",
    "EncryptionSettings": "configuration.encryption",
    "Environment": "configuration",
    "EventStream": "stream",
    "LambdaProcessor": "configuration.delivery",
    "Network": "network",
    "NetworkSettings": "configuration.network",
    "Pipeline": "pipeline",
    "SearchDomain": "domain",
    "ServiceRole": "iam",
    "Stack": "stack",
    "StreamSettings": "configuration.stream",
    "load_environment": "configuration",
}


def __getattr__(name: str) -> Any:
    """A public name, from the module it lives in."""
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
