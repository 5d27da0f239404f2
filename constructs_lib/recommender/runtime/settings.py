"""Reads the functions' settings from environment variables.

=====================  =====================================================================  =====================
variable               meaning                                                                default
=====================  =====================================================================  =====================
ENDPOINT               the domain's endpoint, with or without ``https://``                    required
AWS_REGION             region that requests are signed for                                    set by Lambda
INDEX_NAME             index that Firehose delivers to                                        ``events``
VERBS                  actions that count as interest in an item, comma separated             ``sessions.VERBS``
PARAMETERS             JSON object: parameters for a running session that differ from         ``{}``
                       ``parameters.SESSION``
ARMS                   JSON object: by name of the arm, ``share`` (parts of all) and          ``{"A": {"share": 1,
                       ``strategy`` (``sessions``, ``items``, ``popularity``)                 "strategy": "sessions"}}``
LEAVE_OUT_BOUGHT       whether to leave out items that a person has bought                    ``true``
TIMEOUT_MS             how long the recommender waits for one answer of the domain            ``1000``
OVERLAP_SECONDS        how late documents may become searchable after they were received      ``600``
BACKFILL_DAYS          how far the first run of the fold looks back                           ``30``
RETENTION_DAYS         age at which sessions and profiles are deleted                         ``90``
POPULARITY_MINUTES     how often popularity is counted again                                  ``15``
METRICS_NAMESPACE      CloudWatch namespace of the metrics                                    ``BehaviourAnalytics``
DEPLOYMENT             dimension of the metrics                                               ``default``
=====================  =====================================================================  =====================
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .parameters import SESSION, Parameters
from .sessions import VERBS

STRATEGIES = ("sessions", "items", "popularity")


@dataclass(frozen=True)
class Arm:
    """One recommendation method, for a share of the visitors."""

    name: str
    share: float
    strategy: str = "sessions"


@dataclass(frozen=True)
class Settings:
    """The settings of both functions; :func:`from_environment` reads them."""

    endpoint: str
    region: str = "us-east-1"
    index_name: str = "events"
    verbs: frozenset[str] = VERBS
    parameters: Parameters = SESSION
    arms: tuple[Arm, ...] = (Arm("A", 1.0),)
    leave_out_bought: bool = True
    timeout_ms: int = 1000
    overlap_seconds: int = 600
    backfill_days: int = 30
    retention_days: int = 90
    popularity_minutes: int = 15
    metrics_namespace: str = "BehaviourAnalytics"
    deployment: str = "default"
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.index_name))


@dataclass(frozen=True)
class Names:
    """Indices by what they hold. A dot follows the events index's name: ``events-*`` matches none of them."""

    index_name: str

    @property
    def events(self) -> str:
        """All events indices."""
        return f"{self.index_name}-*"

    @property
    def sessions(self) -> str:
        """One document a session."""
        return f"{self.index_name}.sessions"

    @property
    def profiles(self) -> str:
        """One document a client and one a user: the last sessions, and whether personalization was denied."""
        return f"{self.index_name}.profiles"

    @property
    def items(self) -> str:
        """One document an item: how popular it is, what is seen with it, what the catalogue says."""
        return f"{self.index_name}.items"

    @property
    def state(self) -> str:
        """The fold's progress, and the snapshot that the recommender keeps in memory."""
        return f"{self.index_name}.recommender"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables.

    Raises:
        ValueError: a required variable is missing, or one is invalid; the text names it.
    """
    get = environment.get
    if not get("ENDPOINT"):
        raise ValueError("ENDPOINT: the domain's endpoint is required")
    endpoint = environment["ENDPOINT"].rstrip("/")
    usual = Settings("")
    return Settings(
        endpoint=endpoint if "://" in endpoint else f"https://{endpoint}",
        region=get("AWS_REGION") or get("AWS_DEFAULT_REGION") or usual.region,
        index_name=get("INDEX_NAME") or usual.index_name,
        verbs=frozenset(word.strip() for word in get("VERBS", "").split(",") if word.strip()) or usual.verbs,
        parameters=_parameters(get("PARAMETERS") or "{}"),
        arms=arms(_object("ARMS", get("ARMS") or "{}")) or usual.arms,
        leave_out_bought=_choice(environment, "LEAVE_OUT_BOUGHT", ("true", "false"), "true") == "true",
        timeout_ms=_number(environment, "TIMEOUT_MS", usual.timeout_ms),
        overlap_seconds=_number(environment, "OVERLAP_SECONDS", usual.overlap_seconds),
        backfill_days=_number(environment, "BACKFILL_DAYS", usual.backfill_days),
        retention_days=_number(environment, "RETENTION_DAYS", usual.retention_days),
        popularity_minutes=_number(environment, "POPULARITY_MINUTES", usual.popularity_minutes),
        metrics_namespace=get("METRICS_NAMESPACE") or usual.metrics_namespace,
        deployment=get("DEPLOYMENT") or usual.deployment,
    )


def arms(given: Mapping[str, Any]) -> tuple[Arm, ...]:
    """Arms from their configuration, in order of their names.

    Raises:
        ValueError: a share is not a positive number, or a strategy is unknown.
    """
    found = []
    for name, each in sorted(given.items()):
        share, strategy = each.get("share", 1), each.get("strategy", "sessions")
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not share > 0:
            raise ValueError(f"ARMS: {name}.share: is not a positive number (given {share!r})")
        if strategy not in STRATEGIES:
            raise ValueError(
                f"ARMS: {name}.strategy: is unknown (given {strategy!r}; allowed: {', '.join(STRATEGIES)})"
            )
        found.append(Arm(name, float(share), strategy))
    return tuple(found)


def _parameters(text: str) -> Parameters:
    try:
        return SESSION.changed(_object("PARAMETERS", text))
    except ValueError as error:
        raise ValueError(f"PARAMETERS: {str(error).removeprefix('PARAMETERS: ')}") from None


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ValueError(f"{name}: is not JSON: {error}") from None
    if not isinstance(given, dict):
        raise ValueError(f"{name}: is not a JSON object (given {text[:80]!r})")  # noqa: TRY004 - a parsed text
    return given


def _number(environment: Mapping[str, str], name: str, usual: int) -> int:
    given = environment.get(name)
    if not given:
        return usual
    if not given.isdecimal():
        raise ValueError(f"{name}: is not a whole number (given {given!r})")
    return int(given)


def _choice(environment: Mapping[str, str], name: str, allowed: tuple[str, ...], usual: str) -> str:
    given = environment.get(name) or usual
    if given not in allowed:
        raise ValueError(f"{name}: is unknown (given {given!r}; allowed: {', '.join(allowed)})")
    return given
