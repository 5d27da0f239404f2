"""Two documents in the domain: the fold's progress, and the snapshot that the recommender keeps in memory."""

from __future__ import annotations

from typing import Any

from .domain import Domain
from .settings import Settings

WATERMARK = "watermark"
SNAPSHOT = "snapshot"


def read(domain: Domain, settings: Settings, name: str) -> dict[str, Any]:
    """A state document; empty if there is none yet."""
    answer = domain.ask("GET", f"{settings.names.state}/_doc/{name}", missing={})
    document: dict[str, Any] = answer.get("_source", {})
    return document


def put(domain: Domain, settings: Settings, name: str, document: dict[str, Any]) -> None:
    """Write a state document."""
    domain.ask("PUT", f"{settings.names.state}/_doc/{name}", document)
