"""What the function's environment variables say.

=====================  ==================================================================  ==========================
variable               meaning                                                             default
=====================  ==================================================================  ==========================
TRANSFORM_VERSION      written into each document as ``ingest.transform_version``          ``0``
APPLICATION            ``application`` of events that name none                            none
CONSENT                ``unless_denied``: without a word about consent an event is kept;   ``unless_denied``
                       ``required``: only events that carry consent to analytics are
CONSENT_CATEGORIES     JSON object: a consent platform's categories with their purposes            OneTrust's
                       (``analytics``, ``personalization`` or ``necessary``)
BOTS                   ``tag`` or ``drop``                                                 ``tag``
DROP_EXTENSIONS        file extensions of static assets, comma separated, without dots     see below
DROP_PATHS             paths of health checks, comma separated; ``*`` ends a prefix        see below
DROP_METHODS           request methods that are no behaviour                               ``HEAD,OPTIONS,TRACE``
DROP_LEVELS            levels of application log lines that are no behaviour               ``debug,trace``
OWN_HOSTS              hosts of the site, comma separated: a referrer from one or from a           none
                       subdomain is ``internal``
TRUSTED_PROXIES        networks of proxies whose word about the client is taken, comma             none
                       separated, besides private, loopback and carrier ones
W3C_FIELDS             names of the fields of W3C log lines that come without their header,        IIS's own
                       comma separated
IPV4_PREFIX            bits kept of an IPv4 address (0 keeps none)                         ``24``
IPV6_PREFIX            bits kept of an IPv6 address (0 keeps none)                         ``48``
PSEUDONYM_KEY_ID       KMS HMAC key from which the working key for user ids is derived     none: user ids are left out
PSEUDONYM_LABEL        what the key signs to derive it; another label unlinks all ids      ``user-id/v1``
METRICS_NAMESPACE      CloudWatch namespace of the metrics                                 ``BehaviourAnalytics``
=====================  ==================================================================  ==========================
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from .consent import NECESSARY, PURPOSES, USUAL_CATEGORIES

STATIC_EXTENSIONS = "avif,bmp,css,eot,gif,ico,jpeg,jpg,js,map,mjs,otf,png,svg,ttf,webmanifest,webp,woff,woff2"
HEALTH_PATHS = "/health,/health/*,/healthz,/healthcheck,/livez,/ping,/readyz,/server-status,/status"


@dataclass(frozen=True)
class Settings:
    """The transform's settings; :func:`from_environment` reads them."""

    transform_version: str = "0"
    application: str | None = None
    consent_required: bool = False
    consent_categories: Mapping[str, str] = field(default_factory=lambda: dict(USUAL_CATEGORIES))
    drop_bots: bool = False
    drop_extensions: frozenset[str] = frozenset(STATIC_EXTENSIONS.split(","))
    drop_paths: tuple[str, ...] = tuple(HEALTH_PATHS.split(","))
    drop_methods: frozenset[str] = frozenset({"HEAD", "OPTIONS", "TRACE"})
    drop_levels: frozenset[str] = frozenset({"debug", "trace"})
    own_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    w3c_fields: tuple[str, ...] = ()
    ipv4_prefix: int = 24
    ipv6_prefix: int = 48
    pseudonym_key_id: str | None = None
    pseudonym_label: str = "user-id/v1"
    metrics_namespace: str = "BehaviourAnalytics"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables; one that is absent has its default, a list that is empty drops nothing."""
    get = environment.get
    return Settings(
        transform_version=get("TRANSFORM_VERSION", "0"),
        application=get("APPLICATION") or None,
        consent_required=_choice(environment, "CONSENT", "unless_denied", "required"),
        consent_categories=_categories(environment),
        drop_bots=_choice(environment, "BOTS", "tag", "drop"),
        drop_extensions=frozenset(
            name.lower().lstrip(".") for name in _words(get("DROP_EXTENSIONS", STATIC_EXTENSIONS))
        ),
        drop_paths=tuple(_words(get("DROP_PATHS", HEALTH_PATHS))),
        drop_methods=frozenset(name.upper() for name in _words(get("DROP_METHODS", "HEAD,OPTIONS,TRACE"))),
        drop_levels=frozenset(name.lower() for name in _words(get("DROP_LEVELS", "debug,trace"))),
        own_hosts=tuple(name.lower().strip(".") for name in _words(get("OWN_HOSTS", ""))),
        trusted_proxies=tuple(_words(get("TRUSTED_PROXIES", ""))),
        w3c_fields=tuple(_words(get("W3C_FIELDS", ""))),
        ipv4_prefix=_bits(environment, "IPV4_PREFIX", 24, 32),
        ipv6_prefix=_bits(environment, "IPV6_PREFIX", 48, 128),
        pseudonym_key_id=get("PSEUDONYM_KEY_ID") or None,
        pseudonym_label=get("PSEUDONYM_LABEL") or "user-id/v1",
        metrics_namespace=get("METRICS_NAMESPACE", "BehaviourAnalytics"),
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _choice(environment: Mapping[str, str], name: str, usual: str, other: str) -> bool:
    given = environment.get(name, usual)
    if given not in {usual, other}:
        raise ValueError(f"{name}: {given!r} is neither {usual!r} nor {other!r}")
    return given == other


def _categories(environment: Mapping[str, str]) -> Mapping[str, str]:
    if "CONSENT_CATEGORIES" not in environment:
        return USUAL_CATEGORIES
    given: dict[str, str] = json.loads(environment["CONSENT_CATEGORIES"])
    if not set(given.values()) <= {*PURPOSES, NECESSARY}:
        raise ValueError(f"CONSENT_CATEGORIES: {given!r} names other purposes than {', '.join((*PURPOSES, NECESSARY))}")
    return given


def _bits(environment: Mapping[str, str], name: str, usual: int, most: int) -> int:
    given = environment.get(name, str(usual))
    if not given.isdecimal() or int(given) > most:
        raise ValueError(f"{name}: {given!r} is not a number of bits between 0 and {most}")
    return int(given)
