"""Two documents of the domain: how far the fold is, and the snapshot that the recommender keeps in memory."""

from __future__ import annotations

from typing import Any

from .domain import Domain
from .settings import Settings

WATERMARK = "watermark"
SNAPSHOT = "snapshot"


def read(domain: Domain, settings: Settings, name: str) -> dict[str, Any]:
    """A document of the state; empty where there is none yet."""
    answer = domain.ask("GET", f"{settings.names.state}/_doc/{name}", missing={})
    document: dict[str, Any] = answer.get("_source", {})
    return document


def put(domain: Domain, settings: Settings, name: str, document: dict[str, Any]) -> None:
    """Write a document of the state."""
    domain.ask("PUT", f"{settings.names.state}/_doc/{name}", document)
