"""``collector``: origins, keys, rates and the function's limits."""

from __future__ import annotations

from typing import Final

from constructs_lib.limits.environment.common import REGISTRY, RETENTION
from constructs_lib.limits.limit_types import Limit, Pattern, Range
from constructs_lib.limits.quotas import LAMBDA_MEMORY_MIB

ORIGINS: Final = "https://www.rfc-editor.org/rfc/rfc6454#section-6.2"
"""How a browser sends an origin: scheme, host, and a port that is not the scheme's default."""
QUOTAS: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
DOMAIN_NAMES: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html"
THROTTLING: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html"
ENVIRONMENT_SIZE: Final = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
SITES: Final = "https://developer.mozilla.org/en-US/docs/Glossary/Site"
CUSTOM_HEADERS: Final = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html"
)
"""A secret header with which a CDN proves to its origin that a request came through it."""
FORWARDED: Final = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For"

PORTS: Final = {"https": 443, "http": 80}
"""The default port of a scheme; browsers leave it out (`ORIGINS`)."""
HIGHEST_PORT: Final = 65_535
ACCOUNT_RATE: Final = 10_000
"""Default requests a second that API Gateway allows an account in a region
(`THROTTLING`)."""
ACCOUNT_BURST: Final = 5_000
"""Default burst that API Gateway allows an account in a region."""
VARIABLES_BYTES: Final = 3_072
"""Bytes of origins, keys and hashes together: Lambda's 4 KiB of environment variables less the others
(`ENVIRONMENT_SIZE`)."""
LONGEST_CALL_S: Final = 29
"""Longest timeout of the function in seconds: API Gateway gives up after 30 seconds (`QUOTAS`)."""
SHORTEST_CALL_S: Final = 8
"""Shortest timeout of the function: it retries the stream for 3 s, and the last try may take 4 s more (ours)."""

KEY: Final = Pattern(
    r"[A-Za-z0-9_-]{8,64}", "8 to 64 letters, digits, _ and -", "https://www.rfc-editor.org/rfc/rfc7617#section-2"
)
"""A key is part of pages, of URLs, and of HTTP Basic authentication before the colon."""
KEY_NAME: Final = Pattern(
    r"[a-z][a-z0-9-]{0,31}",
    "up to 32 lower-case letters, digits and hyphens, beginning with a letter",
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html",
)
"""A key's name is the value of a metric dimension."""

_FUNCTION = f"{REGISTRY}/lambda_function"

LIMITS: Final[dict[str, tuple[Limit, ...]]] = {
    "collector.domain_name": (
        Pattern(
            r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
            "a host name in lower-case letters, such as collect.shop.example",
            DOMAIN_NAMES,
        ),
    ),
    "collector.throttle.rate": (Range(1, None, THROTTLING, "requests a second"),),
    "collector.throttle.burst": (Range(1, None, THROTTLING, "requests at once"),),
    "collector.trusted_proxies": (Range(0, 10, FORWARDED, "proxies"),),
    "collector.proxy_secret_hashes[]": (
        Pattern(r"[0-9a-f]{64}", "a SHA-256 of 64 hexadecimal digits in lower case", CUSTOM_HEADERS),
    ),
    "collector.function.memory_size": (Range(128, LAMBDA_MEMORY_MIB, _FUNCTION, "MiB"),),
    "collector.function.timeout": (Range(SHORTEST_CALL_S, LONGEST_CALL_S, QUOTAS, "seconds"),),
    "collector.function.reserved_concurrent_executions": (Range(-1, None, _FUNCTION, "concurrent executions"),),
    "collector.function.log_retention_in_days": RETENTION,
}
