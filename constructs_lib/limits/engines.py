"""Engine versions of OpenSearch Service, what each can do, and how long AWS supports it.

Dates are data: nothing here depends on the day on which it is read.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

OPENSEARCH: Final = "OpenSearch"
ELASTICSEARCH: Final = "Elasticsearch"


class Engine(NamedTuple):
    """An engine version; versions of one engine compare as numbers do."""

    name: str
    version: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.name}_{self.version[0]}.{self.version[1]}"

    def reaches(self, floor: Floor) -> bool:
        """Whether this version is `floor` or later."""
        least = floor.opensearch if self.name == OPENSEARCH else floor.elasticsearch
        return least is not None and self.version >= least


class Floor(NamedTuple):
    """The first version of each engine that has a capability; None where no version has it."""

    elasticsearch: tuple[int, int] | None
    opensearch: tuple[int, int] | None

    def __str__(self) -> str:
        names = ((ELASTICSEARCH, self.elasticsearch), (OPENSEARCH, self.opensearch))
        return " or ".join(f"{Engine(name, least)} and later" for name, least in names if least)


class Support(NamedTuple):
    """Last days of standard and of extended support; extended support costs extra for each instance hour."""

    standard: str
    extended: str


def parse(text: str) -> Engine | None:
    """``OpenSearch_2.19`` and ``Elasticsearch_7.10`` read; None for anything else (pattern of the service model)."""
    match = re.fullmatch(r"(OpenSearch|Elasticsearch)_(\d{1,2})\.(\d{1,2})", text)
    return Engine(match[1], (int(match[2]), int(match[3]))) if match else None


_EARLY = Support("2025-11-07", "2027-11-07")
_LATE = Support("2027-11-07", "2028-11-07")
LONGEST: Final = Support("2027-11-07", "2030-11-07")
"""AWS supports the last release of a major version longest."""

# sources.ENGINE_VERSIONS and sources.SUPPORT_WINDOWS; None: no end announced.
VERSIONS: Final[dict[Engine, Support | None]] = {
    engine: support
    for text, support in {
        "Elasticsearch_1.5": _EARLY,
        "Elasticsearch_2.3": _EARLY,
        "Elasticsearch_5.1": _EARLY,
        "Elasticsearch_5.3": _EARLY,
        "Elasticsearch_5.5": _EARLY,
        "Elasticsearch_5.6": Support("2025-11-07", "2028-11-07"),
        "Elasticsearch_6.0": _EARLY,
        "Elasticsearch_6.2": _EARLY,
        "Elasticsearch_6.3": _EARLY,
        "Elasticsearch_6.4": _EARLY,
        "Elasticsearch_6.5": _EARLY,
        "Elasticsearch_6.7": _EARLY,
        "Elasticsearch_6.8": LONGEST,
        "Elasticsearch_7.1": _EARLY,
        "Elasticsearch_7.4": _EARLY,
        "Elasticsearch_7.7": _EARLY,
        "Elasticsearch_7.8": _EARLY,
        "Elasticsearch_7.9": _LATE,
        "Elasticsearch_7.10": LONGEST,
        "OpenSearch_1.0": _EARLY,
        "OpenSearch_1.1": _EARLY,
        "OpenSearch_1.2": _EARLY,
        "OpenSearch_1.3": LONGEST,
        "OpenSearch_2.3": _EARLY,
        "OpenSearch_2.5": _EARLY,
        "OpenSearch_2.7": _EARLY,
        "OpenSearch_2.9": _EARLY,
        "OpenSearch_2.11": _LATE,
        "OpenSearch_2.13": _LATE,
        "OpenSearch_2.15": _LATE,
        "OpenSearch_2.17": _LATE,
        "OpenSearch_2.19": LONGEST,
        "OpenSearch_3.1": None,
        "OpenSearch_3.3": None,
        "OpenSearch_3.5": None,
    }.items()
    if (engine := parse(text)) is not None
}
"""Every version that AWS offers, with its support window."""

OLDEST: Final = tuple(engine for engine in VERSIONS if engine.version < (5, 0) and engine.name == ELASTICSEARCH)
"""The versions that t2.micro runs (sources.INSTANCE_TYPES)."""

GROWING: Final = (3, 4)
"""Major versions of OpenSearch with new releases: an unlisted version of these may be newer than this table."""

# Source, unless stated otherwise: sources.FEATURES_BY_VERSION.
ERROR_LOGS: Final = Floor((5, 1), (1, 0))
AT_REST: Final = Floor((5, 1), (1, 0))
COGNITO: Final = Floor((5, 1), (1, 0))
NODE_TO_NODE: Final = Floor((6, 0), (1, 0))
FINE_GRAINED: Final = Floor((6, 7), (1, 0))
AUTO_TUNE: Final = Floor((6, 7), (1, 0))
SAML: Final = Floor((6, 7), (1, 0))
ULTRAWARM: Final = Floor((6, 8), (1, 0))
COORDINATORS: Final = Floor((6, 8), (1, 0))
COLD_STORAGE: Final = Floor((7, 9), (1, 0))
TYPELESS: Final = Floor((7, 0), (1, 0))
STANDBY: Final = Floor(None, (1, 3))
JWT: Final = Floor(None, (2, 11))
NATURAL_LANGUAGE: Final = Floor(None, (2, 13))
S3_VECTORS: Final = Floor(None, (2, 19))
WITHOUT_VERSION_OVERRIDE: Final = (3, 0)
"""The OpenSearch version that no longer has `override_main_response_version` (sources.VERSION_OVERRIDE_GONE)."""


class UpgradePath(NamedTuple):
    """One row of AWS's table of upgrade paths."""

    name: str
    least: tuple[int, int]
    most: tuple[int, int]
    """First and last version of the row."""
    target: str
    target_least: tuple[int, int]
    target_most: tuple[int, int]

    def leads(self, engine: Engine, target: Engine) -> bool:
        """Whether the row takes a version to another."""
        return (
            engine.name == self.name
            and self.least <= engine.version <= self.most
            and target.name == self.target
            and self.target_least <= target.version <= self.target_most
        )


_ANY = 99
# sources.UPGRADES.
UPGRADES: Final = (
    UpgradePath(ELASTICSEARCH, (5, 1), (5, _ANY), ELASTICSEARCH, (5, 1), (5, _ANY)),
    UpgradePath(ELASTICSEARCH, (5, 6), (5, 6), ELASTICSEARCH, (6, 0), (6, _ANY)),
    UpgradePath(ELASTICSEARCH, (6, 0), (6, _ANY), ELASTICSEARCH, (6, 0), (6, _ANY)),
    UpgradePath(ELASTICSEARCH, (6, 8), (6, 8), ELASTICSEARCH, (7, 0), (7, _ANY)),
    UpgradePath(ELASTICSEARCH, (6, 8), (6, 8), OPENSEARCH, (1, 0), (1, _ANY)),
    UpgradePath(ELASTICSEARCH, (7, 0), (7, _ANY), ELASTICSEARCH, (7, 0), (7, _ANY)),
    UpgradePath(ELASTICSEARCH, (7, 0), (7, _ANY), OPENSEARCH, (1, 0), (1, _ANY)),
    UpgradePath(OPENSEARCH, (1, 0), (1, _ANY), OPENSEARCH, (1, 0), (1, _ANY)),
    UpgradePath(OPENSEARCH, (1, 3), (1, 3), OPENSEARCH, (2, 0), (2, _ANY)),
    UpgradePath(OPENSEARCH, (2, 0), (2, _ANY), OPENSEARCH, (2, 0), (2, _ANY)),
    UpgradePath(OPENSEARCH, (2, 19), (2, 19), OPENSEARCH, (3, 0), (3, _ANY)),
    UpgradePath(OPENSEARCH, (3, 0), (3, _ANY), OPENSEARCH, (3, 0), (3, _ANY)),
)
"""Upgrades in place that AWS supports; the target is a later version in each of them."""


def is_downgrade(engine: Engine, target: Engine) -> bool:
    """Whether the target is an earlier version; every OpenSearch is later than every Elasticsearch."""
    return _rank(target) < _rank(engine)


def upgrade_steps(engine: Engine, target: Engine) -> list[Engine] | None:
    """The shortest sequence of upgrades from one version to another, the target included.

    Returns:
        One version for a direct upgrade, several for an upgrade in steps, None where there is no path.
    """
    paths: list[list[Engine]] = [[engine]]
    seen = {engine}
    known = sorted({*VERSIONS, target}, key=_rank, reverse=True)
    while paths:
        path = paths.pop(0)
        for each in known:
            later = _rank(path[-1]) < _rank(each) <= _rank(target)
            if each in seen or not later or not any(row.leads(path[-1], each) for row in UPGRADES):
                continue
            if each == target:
                return [*path[1:], each]
            seen.add(each)
            paths.append([*path, each])
    return None


def _rank(engine: Engine) -> tuple[bool, tuple[int, int]]:
    return engine.name == OPENSEARCH, engine.version
