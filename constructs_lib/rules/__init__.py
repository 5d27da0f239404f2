"""What AWS accepts: pure functions over the provider's argument shape, used for environment files and plans alike.

``rules.stream.check(arguments)``, ``rules.domain.check``, ``rules.delivery.check`` judge one resource's arguments,
``rules.pipeline.check`` what lies between them, ``rules.stream_changes.check`` a stream before and after,
``rules.environment.check`` an environment file's own keys. Each returns all its findings and raises nothing. Errors are
what AWS or its Terraform provider refuses; warnings are what they accept and what hurts later.
"""

from constructs_lib.rules import delivery, domain, environment, pipeline, stream, stream_changes
from constructs_lib.rules.finding import UNKNOWN, Finding, Severity

__all__ = [
    "UNKNOWN",
    "Finding",
    "Severity",
    "delivery",
    "domain",
    "environment",
    "pipeline",
    "stream",
    "stream_changes",
]
