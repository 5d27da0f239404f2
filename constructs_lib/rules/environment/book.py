"""What the rules about environment files have in common.

They check the file's mapping, defaults included. The key `DERIVED` holds values derived from it: ``stream``,
``domain`` and ``delivery`` (arguments of these resources in the provider's shape), ``thresholds`` (defaults of the
monitors' and detectors' numbers), ``outputs`` (names of the standard outputs), ``network_outputs`` and
``collector_outputs`` (sources of outputs that only a deployment with a network or a collector has), ``written`` (paths
of the keys that the file itself sets).
"""

from __future__ import annotations

from typing import Final

from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Rulebook

DERIVED: Final = "derived"

NETWORK: Final = "network"
"""Key of the section ``network``."""


def new_book() -> Rulebook:
    """A book about one part of the file; `rules.environment` puts them together."""
    return Rulebook()


def signs_people_in(environment: Arguments) -> bool:
    """Whether people come, or may come, by SAML or with JSON web tokens."""
    sections = ("domain.saml_options", "domain.advanced_security_options.jwt_options")
    return any(
        environment.present(path) is not False and environment.flag(f"{path}.enabled", default=True) is not False
        for path in sections
    )


def fine_grained(environment: Arguments) -> bool:
    """Whether fine-grained access control is certainly on."""
    return environment.flag(f"{DERIVED}.domain.advanced_security_options.enabled") is True


def has_network(environment: Arguments) -> bool:
    """Whether the file has a section ``network``, even an empty one."""
    return environment.values.get(NETWORK) is not None
