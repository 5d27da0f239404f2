"""``aws_elasticsearch_domain``: the older resource of the same service, put into the newer one's shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.limits import sources
from constructs_lib.rules import domain
from constructs_lib.rules.finding import Finding
from constructs_lib.rules.plan_values import Arguments

DOMAIN = "aws_elasticsearch_domain"

_TYPES = ("instance_type", "dedicated_master_type", "warm_type")
_SUFFIX = ".elasticsearch"


def check(arguments: Mapping[str, Any]) -> list[Finding]:
    """All findings about an ``aws_elasticsearch_domain``, in its own names."""
    found = [renamed(finding) for finding in domain.check(modern(arguments))]
    read = Arguments(arguments)
    for name in _TYPES:
        given = read.text(f"cluster_config.{name}")
        if given is not None and given.endswith(".search"):
            path, allowed = f"cluster_config.{name}", f"{given.removesuffix('.search')}{_SUFFIX}"
            found.append(Finding(path, "error", "is no name of this resource", given, allowed, sources.INSTANCE_TYPES))
    return found


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
    """A finding in the words of ``aws_elasticsearch_domain``."""
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
