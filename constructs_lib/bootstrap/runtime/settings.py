"""Reads the function's settings from environment variables.

========================  ==============================================================  ============================
variable                  meaning                                                         default
========================  ==============================================================  ============================
ENDPOINT                  the domain's endpoint, with or without ``https://``             required
AWS_REGION                region that requests are signed for                             set by Lambda
INDEX_NAME                index that Firehose delivers to                                 ``events``
INDEX_ROTATION            Firehose's rotation; ``NoRotation`` makes the engine roll over  ``OneDay``
QUERIES_NAME              index of search queries (UBI), written by applications          ``ubi_queries``
UBI_EVENTS_ALIAS          alias under which UBI's tools find the events; ``none``      ``ubi_events``
SHARDS, REPLICAS          of each events index                                            ``1``, ``1``
REFRESH_INTERVAL          of each events index                                            ``30s``
MERGE_AFTER_DAYS          force merge to one segment a shard; ``never``                ``2``
WARM_AFTER_DAYS           migrate to UltraWarm; ``never``                              none
COLD_AFTER_DAYS           migrate to cold storage; ``never``                           none
DELETE_AFTER_DAYS         delete; ``never``                                            ``90``
ROLLOVER_AFTER_DAYS       age at which an index that the engine rotates rolls over        ``1`` events, ``30`` queries
ROLLOVER_SIZE             primary size at which it rolls over                             ``50gb``
FINE_GRAINED              whether the domain has fine-grained access control              ``false``
AUDIT_LOGS                whether the domain publishes audit logs                          ``false``
RECOMMENDER               whether there is a recommender, whose indices go in              ``false``
RECOMMENDER_ARMS          names of its arms, comma separated                               ``A``
RECOMMENDER_ROLE,         ARNs of the roles that the recommender and its fold run under    none
FOLD_ROLE
DELIVERY_ROLE             ARN of the role that Firehose writes under                      none
ADMINISTRATORS            ARNs and groups, comma separated                                none
ANALYSTS                  ARNs and groups, comma separated                                none
PERSONALIZATION           ARNs, comma separated                                           none
INSTALL                   what goes in besides templates, lifecycle and roles; ``none``   all: ``dashboards,monitors,
                                                                                          detectors``
VALUES                    JSON object of thresholds for monitors and detectors            ``{}`` (catalogue.DEFAULTS)
TOPIC_ARN,                where alerts go, and the role that publishes there              none: seen in Dashboards
PUBLISHING_ROLE_ARN
PSEUDONYM_KEY_ID,         as the transform has them; needed to erase by a raw user id     none, ``user-id/v1``
PSEUDONYM_LABEL
ARCHIVE                   what the archive keeps: ``all``, ``failed``                     ``failed``
ARCHIVE_DAYS,             days after which the archive deletes what was delivered, and    none (never), ``60``
FAILED_DAYS               what was not, hidden versions included
STREAM_DAYS               days that the stream keeps records                              ``7``
SNAPSHOT_DAYS             days that AWS keeps the domain's automated snapshots            ``14``
WAIT_SECONDS              how long a domain that is not ready is waited for               ``300``
========================  ==============================================================  ============================
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

ERASE_ALIAS = "erase"
"""Name of the function's alias that allows only erasing."""
RECOMMENDER_INDICES = ("sessions", "profiles", "items", "recommender")
"""Endings of the recommender's index names, after the events index's name and a dot."""
ROTATIONS = ("NoRotation", "OneHour", "OneDay", "OneWeek", "OneMonth")
FEATURES = ("dashboards", "monitors", "detectors")


@dataclass(frozen=True)
class Settings:
    """The bootstrap's settings; :func:`from_environment` reads them."""

    endpoint: str
    region: str = "us-east-1"
    index_name: str = "events"
    index_rotation: str = "OneDay"
    queries_name: str = "ubi_queries"
    ubi_events_alias: str | None = "ubi_events"
    shards: int = 1
    replicas: int = 1
    refresh_interval: str = "30s"
    merge_after_days: int | None = 2
    warm_after_days: int | None = None
    cold_after_days: int | None = None
    delete_after_days: int | None = 90
    rollover_after_days: int | None = None
    rollover_size: str = "50gb"
    fine_grained: bool = False
    audit_logs: bool = False
    recommender: bool = False
    recommender_arms: tuple[str, ...] = ("A",)
    recommender_role: str | None = None
    fold_role: str | None = None
    delivery_role: str | None = None
    administrators: tuple[str, ...] = ()
    analysts: tuple[str, ...] = ()
    personalization: tuple[str, ...] = ()
    install: tuple[str, ...] = FEATURES
    values: Mapping[str, int | str] = field(default_factory=dict)
    topic_arn: str | None = None
    publishing_role_arn: str | None = None
    pseudonym_key_id: str | None = None
    pseudonym_label: str = "user-id/v1"
    archive: str = "failed"
    archive_days: int | None = None
    failed_days: int | None = 60
    stream_days: int = 7
    snapshot_days: int = 14
    wait_seconds: int = 300

    @property
    def index_pattern(self) -> str:
        """Firehose appends ``-`` and a date, a rollover ``-`` and a number."""
        return f"{self.index_name}-*"

    @property
    def rolls_over(self) -> bool:
        """Whether the engine rotates the events index, because Firehose does not."""
        return self.index_rotation == "NoRotation"

    @property
    def names(self) -> dict[str, int | str]:
        """Values for the placeholders in the files beside this module, such as ``{{index_pattern}}``."""
        return {
            **self.values,
            "index_name": self.index_name,
            "index_pattern": self.index_pattern,
            "queries_name": self.queries_name,
        }


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
        index_rotation=_choice(environment, "INDEX_ROTATION", ROTATIONS, usual.index_rotation),
        queries_name=get("QUERIES_NAME") or usual.queries_name,
        ubi_events_alias=None
        if get("UBI_EVENTS_ALIAS") == "none"
        else get("UBI_EVENTS_ALIAS") or usual.ubi_events_alias,
        shards=_number(environment, "SHARDS", usual.shards) or usual.shards,
        replicas=_number(environment, "REPLICAS", usual.replicas) or 0,
        refresh_interval=get("REFRESH_INTERVAL") or usual.refresh_interval,
        merge_after_days=_number(environment, "MERGE_AFTER_DAYS", usual.merge_after_days),
        warm_after_days=_number(environment, "WARM_AFTER_DAYS", usual.warm_after_days),
        cold_after_days=_number(environment, "COLD_AFTER_DAYS", usual.cold_after_days),
        delete_after_days=_number(environment, "DELETE_AFTER_DAYS", usual.delete_after_days),
        rollover_after_days=_number(environment, "ROLLOVER_AFTER_DAYS", usual.rollover_after_days),
        rollover_size=get("ROLLOVER_SIZE") or usual.rollover_size,
        fine_grained=_choice(environment, "FINE_GRAINED", ("true", "false"), "false") == "true",
        audit_logs=_choice(environment, "AUDIT_LOGS", ("true", "false"), "false") == "true",
        recommender=_choice(environment, "RECOMMENDER", ("true", "false"), "false") == "true",
        recommender_arms=_words(get("RECOMMENDER_ARMS", "")) or usual.recommender_arms,
        recommender_role=get("RECOMMENDER_ROLE") or None,
        fold_role=get("FOLD_ROLE") or None,
        delivery_role=get("DELIVERY_ROLE") or None,
        administrators=_words(get("ADMINISTRATORS", "")),
        analysts=_words(get("ANALYSTS", "")),
        personalization=_words(get("PERSONALIZATION", "")),
        install=_features(get("INSTALL") or ",".join(FEATURES)),
        values=_values(get("VALUES") or "{}"),
        topic_arn=get("TOPIC_ARN") or None,
        publishing_role_arn=get("PUBLISHING_ROLE_ARN") or None,
        pseudonym_key_id=get("PSEUDONYM_KEY_ID") or None,
        pseudonym_label=get("PSEUDONYM_LABEL") or usual.pseudonym_label,
        archive=_choice(environment, "ARCHIVE", ("all", "failed"), usual.archive),
        archive_days=_number(environment, "ARCHIVE_DAYS", usual.archive_days),
        failed_days=_number(environment, "FAILED_DAYS", usual.failed_days),
        stream_days=_number(environment, "STREAM_DAYS", usual.stream_days) or 0,
        snapshot_days=_number(environment, "SNAPSHOT_DAYS", usual.snapshot_days) or 0,
        wait_seconds=_number(environment, "WAIT_SECONDS", usual.wait_seconds) or 0,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _number(environment: Mapping[str, str], name: str, usual: int | None) -> int | None:
    given = environment.get(name)
    if not given:
        return usual
    if given == "never":
        return None
    if not given.isdecimal():
        raise ValueError(f"{name}: {given!r} is not a whole number or 'never'")
    return int(given)


def _choice(environment: Mapping[str, str], name: str, allowed: tuple[str, ...], usual: str) -> str:
    given = environment.get(name) or usual
    if given not in allowed:
        raise ValueError(f"{name}: {given!r} is none of {', '.join(allowed)}")
    return given


def _features(text: str) -> tuple[str, ...]:
    given = () if text == "none" else _words(text)
    unknown = [word for word in given if word not in FEATURES]
    if unknown:
        raise ValueError(f"INSTALL: {', '.join(unknown)} is none of {', '.join(FEATURES)}")
    return given


def _values(text: str) -> dict[str, int | str]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ValueError(f"VALUES: is not JSON: {error}") from None
    if not isinstance(given, dict) or any(
        isinstance(each, bool) or not isinstance(each, (int, str)) for each in given.values()
    ):
        raise ValueError("VALUES: must be a JSON object of numbers and strings")
    return given
