"""Requests to a search domain that the library's own functions make, as actions and paths of IAM policies."""

from __future__ import annotations

from collections.abc import Sequence

RECOMMENDER_APIS = {
    "sessions": ("_mget", "_search"),
    "profiles": ("_mget",),
    "items": ("_mget", "_search"),
    "recommender": ("_mget",),
}
"""The recommender's requests on the fold's indices."""
FOLD_APIS = {
    "sessions": ("_bulk", "_delete_by_query", "_forcemerge", "_mget", "_msearch", "_refresh", "_search"),
    "profiles": ("_bulk", "_delete_by_query", "_mget"),
    "items": ("_bulk", "_mget"),
}
"""The fold's requests on its own indices."""


def indices_of(name: str) -> tuple[str, str]:
    """An index, and those that rotation or rollover create from it; ``events*`` would match ``events_of_others``
    too."""
    return name, f"{name}-*"


def setup_requests(
    patterns: Sequence[str], single: Sequence[str], *, opensearch: bool
) -> list[tuple[str, str, list[str]]]:
    """The bootstrap function's requests: a name, an action, and paths below the domain's ARN."""
    rotated = [index for name in patterns for index in indices_of(name)]
    indices = [path for index in (*rotated, *single) for path in (index, f"{index}/*")]
    prefix = "_plugins" if opensearch else "_opendistro"
    plugins = [
        f"{prefix}/{plugin}/*"
        for plugin in ("_alerting", "_anomaly_detection", "_ism", "_notifications", "_security/api")
    ]
    dashboards = ["_dashboards/api/saved_objects/*", "_plugin/kibana/api/saved_objects/*"]
    templates = ["_component_template/*", "_index_template/*", "_template/*"]
    written = [*indices, *templates, *plugins]
    read = [*written, "", "_cat/nodes", "_cluster/health", "*/_alias", "_tasks/*", "_cold/indices/_search"]
    sent = [*indices, "_aliases", *plugins, *dashboards]
    return [
        ("ReadState", "es:ESHttpGet", read),
        ("WriteDefinitions", "es:ESHttpPut", written),
        ("SendRequests", "es:ESHttpPost", sent),
        ("ChangeRoles", "es:ESHttpPatch", [path for path in plugins if "_security" in path]),
        ("DeleteMonitors", "es:ESHttpDelete", [path for path in plugins if "_alerting" in path]),
    ]
