"""What AWS accepts: pure functions over the provider's argument shape, for environment files, constructs and plans.

``rules.stream.check(arguments)``, ``rules.domain.check`` and ``rules.delivery.check`` judge one resource's arguments,
``rules.pipeline.check`` what lies between them, ``rules.stream_changes.check`` and ``rules.domain_changes.check`` a
resource before and after a change, ``rules.environment.check`` an environment file's own keys, and
``rules.deployments.check`` deployments that share an account. Each returns all its findings and raises nothing. Errors
are what AWS or its Terraform provider refuses; warnings are what they accept and what causes trouble later.
"""

from constructs_lib.rules import (
    delivery,
    deployments,
    domain,
    domain_changes,
    environment,
    pipeline,
    stream,
    stream_changes,
)
from constructs_lib.rules.finding import UNKNOWN, Finding, Severity
from constructs_lib.rules.plan_values import Context

__all__ = [
    "UNKNOWN",
    "Context",
    "Finding",
    "Severity",
    "delivery",
    "deployments",
    "domain",
    "domain_changes",
    "environment",
    "pipeline",
    "stream",
    "stream_changes",
]
