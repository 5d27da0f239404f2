"""``transform`` and the function's limits."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from constructs_lib.limits import quotas, sources
from constructs_lib.limits.environment.common import ENVIRONMENT_VARIABLES
from constructs_lib.rules.environment.book import new_book
from constructs_lib.rules.plan_values import Arguments
from constructs_lib.rules.rulebook import Problem

BOOK = new_book()

_BACKUP_MODE = "delivery.opensearch_configuration.s3_backup_mode"
_VARIABLES = (
    "drop_extensions",
    "drop_paths",
    "drop_methods",
    "drop_levels",
    "own_hosts",
    "trusted_proxies",
    "w3c_fields",
    "application",
)
"""Settings that reach the function as environment variables, whatever they hold."""


def _enabled(environment: Arguments, section: str) -> bool:
    return environment.flag(f"{section}.enabled", default=True) is True


@BOOK.warning(sources.BACKUP)
def archive_keeps_to_consent(environment: Arguments) -> Iterator[Problem]:
    """Firehose archives records before the transform sees them, including those of people who did not consent."""
    mode = environment.text(_BACKUP_MODE)
    required = environment.text("transform.consent") == "required"
    if _enabled(environment, "transform") and required and mode == "AllDocuments":
        message = "archives every event unchanged, including those of people who did not consent"
        yield Problem(_BACKUP_MODE, message, mode, "FailedDocumentsOnly, or transform.consent: unless_denied")


@BOOK.error(sources.FIREHOSE_LAMBDA)
def firehose_waits_for_the_transform(environment: Arguments) -> Iterator[Problem]:
    """Firehose waits at most 300 seconds for its function."""
    path = "transform.function.timeout"
    timeout, most = environment.number(path), quotas.FIREHOSE_LAMBDA_TIMEOUT_S
    if _enabled(environment, "transform") and timeout is not None and timeout > most:
        yield Problem(path, "is longer than Firehose waits", timeout, f"1 to {most} seconds")


@BOOK.error(ENVIRONMENT_VARIABLES)
def texts_fit_the_function(environment: Arguments) -> Iterator[Problem]:
    """The environment variables of a function have 4 KiB together, and the transform's texts are among them."""
    if not _enabled(environment, "transform"):
        return
    sizes = {key: len(",".join(_texts(environment, f"transform.{key}")).encode()) for key in _VARIABLES}
    total = sum(sizes.values())
    if total > quotas.LAMBDA_VARIABLES_BYTES:
        longest = max(sizes, key=lambda key: sizes[key])
        message = f"takes {sizes[longest]:,} of the {total:,} bytes of the transform's environment variables"
        allowed = f"{quotas.LAMBDA_VARIABLES_BYTES:,} bytes or fewer in all of {', '.join(_VARIABLES)}"
        yield Problem(f"transform.{longest}", message, None, allowed)


def _texts(environment: Arguments, path: str) -> list[str]:
    value = environment.get(path)
    given = [value] if isinstance(value, str) else environment.items(path) or []
    return [text for text in given if isinstance(text, str)]


@BOOK.error(ENVIRONMENT_VARIABLES)
def trusted_proxies_are_networks(environment: Arguments) -> Iterator[Problem]:
    """Trusted proxies are IPv4 or IPv6 address ranges: the transform would not start with anything else."""
    for path, given in environment.each("transform.trusted_proxies[]"):
        if isinstance(given, str) and not _is_network(given):
            yield Problem(
                path, "is not an address range", given, "an IPv4 or IPv6 address range such as 203.0.113.0/24"
            )


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
