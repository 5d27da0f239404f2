"""Reads the function's settings from environment variables.

======================  ==========================================================================  ==================
variable                meaning                                                                     default
======================  ==========================================================================  ==================
STREAM_NAME             the stream that takes the events                                            none: it must be set
KINESIS_ENDPOINT        URL of Kinesis; ``AWS_ENDPOINT_URL_KINESIS`` and ``AWS_ENDPOINT_URL``       none: it must be set
                        come first, as with AWS's SDKs
ORIGINS                 origins whose pages may send, comma separated                               none may
KEYS                    keys that requests must name one of, ``name=key``, comma separated          no key is asked for
TRUSTED_PROXIES         entries at the end of ``X-Forwarded-For`` that the site's own proxies wrote ``0``
PROXY_SECRET_HASHES     SHA-256 of the secrets one of which ``X-Origin-Verify`` has, comma separated none is asked for
GPC                     ``limit``: ``Sec-GPC: 1`` denies personalization; ``ignore``                ``limit``
METRICS_NAMESPACE       CloudWatch namespace of the metrics (``BehaviourAnalytics``)                the transform's
======================  ==========================================================================  ==================
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    """The collector's settings; :func:`from_environment` reads them."""

    stream_name: str
    endpoint: str
    region: str
    origins: frozenset[str] = frozenset()
    keys: Mapping[str, str] = field(default_factory=dict)
    """Name by key."""
    trusted_proxies: int = 0
    proxy_secret_hashes: frozenset[str] = frozenset()
    limit_on_gpc: bool = True
    metrics_namespace: str = "BehaviourAnalytics"
    collector: str = "collector"
    """The function's name, a dimension of the metrics."""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from environment variables."""
    get = environment.get
    return Settings(
        stream_name=environment["STREAM_NAME"],
        endpoint=get("AWS_ENDPOINT_URL_KINESIS") or get("AWS_ENDPOINT_URL") or environment["KINESIS_ENDPOINT"],
        region=environment["AWS_REGION"],
        origins=frozenset(_words(get("ORIGINS", ""))),
        keys={key: name for name, _, key in (word.partition("=") for word in _words(get("KEYS", "")))},
        trusted_proxies=int(get("TRUSTED_PROXIES", "0")),
        proxy_secret_hashes=frozenset(_words(get("PROXY_SECRET_HASHES", ""))),
        limit_on_gpc=get("GPC", "limit") == "limit",
        metrics_namespace=get("METRICS_NAMESPACE", "BehaviourAnalytics"),
        collector=get("AWS_LAMBDA_FUNCTION_NAME", "collector"),
    )


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
