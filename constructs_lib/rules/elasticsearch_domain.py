"""``aws_elasticsearch_domain``: the older resource of the service, under the rules of ``aws_opensearch_domain``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.limits import sources
from constructs_lib.rules import domain
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments, Context
from constructs_lib.rules.rulebook import Problem, Rulebook

DOMAIN = "aws_elasticsearch_domain"

_TYPES = ("instance_type", "dedicated_master_type", "warm_type")
_SUFFIX = ".elasticsearch"


BOOK = Rulebook()
"""Rules that only the older resource has, with its own argument names."""


@BOOK.error(sources.INSTANCE_TYPES)
def types_have_the_older_ending(domain: Arguments) -> Iterator[Problem]:
    """Instance types of `aws_elasticsearch_domain` end with `.elasticsearch`, not `.search`."""
    for name in _TYPES:
        path = f"cluster_config.{name}"
        given = domain.text(path)
        if given is not None and given.endswith(".search"):
            allowed = f"{given.removesuffix('.search')}{_SUFFIX}"
            yield Problem(path, "has the ending of aws_opensearch_domain", given, allowed)


def check(arguments: Mapping[str, Any], context: Context | None = None) -> list[Finding]:
    """All findings about an ``aws_elasticsearch_domain``, in its own names; see `rules.domain.check`."""
    return [renamed(finding) for finding in domain.check(modern(arguments), context)] + BOOK.check(arguments)


def modern(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as ``aws_opensearch_domain`` names them."""
    result = {name: value for name, value in arguments.items() if name != "elasticsearch_version"}
    version = arguments.get("elasticsearch_version")
    if isinstance(version, str) and "_" not in version:
        version = f"Elasticsearch_{version}"
    result["engine_version"] = version
    block = result.get("cluster_config")
    cluster = block[0] if isinstance(block, list) and len(block) == 1 else block
    if isinstance(cluster, Mapping):
        result["cluster_config"] = {
            name: f"{value.removesuffix(_SUFFIX)}.search"
            if name in _TYPES and isinstance(value, str) and value.endswith(_SUFFIX)
            else value
            for name, value in cluster.items()
        }
    return result


def renamed(finding: Finding) -> Finding:
    """A finding with the names of ``aws_elasticsearch_domain``."""
    path, given = finding.path, finding.given
    if path == "engine_version":
        path, given = "elasticsearch_version", str(given).removeprefix("Elasticsearch_")
    if isinstance(given, str):
        given = _own_suffix(given)
    return replace(
        finding, path=path, given=given, message=_own_suffix(finding.message), allowed=_own_suffix(finding.allowed)
    )


def _own_suffix(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])\.search\b", _SUFFIX, text)
