"""The engine of the domain, and the differences between the engines' APIs.

==================================  =================  ====================  =============  ==============
\\                                   Elasticsearch 7.1  Elasticsearch 7.8 on  OpenSearch 1   OpenSearch 2.7
==================================  =================  ====================  =============  ==============
index templates                     ``_template``      ``_index_template``   the same       the same
free-form properties                kept, not indexed  kept, not indexed     not indexed    ``flat_object``
security, lifecycle, alerting ...   ``_opendistro``    ``_opendistro``       ``_plugins``   ``_plugins``
Dashboards                          ``_plugin/kibana`` ``_plugin/kibana``    ``_dashboards``  the same
==================================  =================  ====================  =============  ==============

Where there is no ``flat_object``, free-form properties stay in the document's source and are not indexed: as an
ordinary object each new key would be a field, and a thousand fields stop an index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .client import Client


@dataclass(frozen=True)
class Dialect:
    """An engine by kind and version."""

    opensearch: bool
    version: tuple[int, ...]

    @property
    def name(self) -> str:
        return f"{'OpenSearch' if self.opensearch else 'Elasticsearch'} {'.'.join(map(str, self.version))}"

    @property
    def composable(self) -> bool:
        """Whether there are component and composable index templates."""
        return self.opensearch or self.version >= (7, 8)

    @property
    def flat_object(self) -> bool:
        return self.opensearch and self.version >= (2, 7)

    @property
    def plugins(self) -> str:
        """Where AWS's and OpenSearch's plugins answer."""
        return "_plugins" if self.opensearch else "_opendistro"

    @property
    def dashboards(self) -> str:
        return "_dashboards" if self.opensearch else "_plugin/kibana"

    @property
    def dashboards_header(self) -> str:
        """The header without which Dashboards change nothing."""
        return "osd-xsrf" if self.opensearch else "kbn-xsrf"

    def mapping(self, given: dict[str, Any]) -> dict[str, Any]:
        """A mapping in this engine's types."""
        if self.flat_object:
            return given
        return {
            name: {"type": "object", "enabled": False}
            if isinstance(value, dict) and value.get("type") == "flat_object"
            else self.mapping(value)
            if isinstance(value, dict)
            else value
            for name, value in given.items()
        }


def detect(client: Client, root: dict[str, Any]) -> Dialect:
    """The dialect of what ``GET /`` answered.

    An OpenSearch domain in compatibility mode answers 7.10.2 there; its nodes report the real version.
    """
    version = root["version"]
    opensearch = version.get("distribution") == "opensearch"
    number = str(version["number"])
    if number.startswith("7.10"):
        nodes = client.request("GET", "/_cat/nodes?h=version&format=json")
        if nodes.ok and isinstance(nodes.body, list) and nodes.body:
            number = min((str(node["version"]) for node in nodes.body), key=_numbers)
    return Dialect(opensearch, _numbers(number))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.partition("-")[0].split("."))
