"""Events of people who look at items, as the transform writes them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


def moment(when: datetime) -> str:
    """As documents have it."""
    return when.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(
    item: str | None,
    *,
    session: str | None = "s1",
    client: str | None = "c1",
    at: datetime = NOW - timedelta(hours=2),
    received: datetime | None = None,
    action: str = "view",
    **more: Any,
) -> dict[str, Any]:
    """One event; its id follows from what it says, so that the same event has the same."""
    said = f"{item}|{session}|{client}|{moment(at)}|{action}"
    return {
        "schema_version": "1.0",
        "event_id": str(uuid.uuid5(uuid.NAMESPACE_URL, said)),
        "action_name": action,
        "timestamp": moment(at),
        "received_at": moment(received or at + timedelta(seconds=1)),
        **({"session_id": session} if session else {}),
        **({"client_id": client} if client else {}),
        **({"event_attributes": {"object": {"object_id": item}, "position": {"ordinal": 1}}} if item else {}),
        **more,
    }


def visit(
    items: Sequence[str], session: str, client: str | None, *, at: datetime = NOW - timedelta(hours=2), **more: Any
) -> list[dict[str, Any]]:
    """A session: one view a minute."""
    return [
        event(item, session=session, client=client, at=at + timedelta(minutes=place), **more)
        for place, item in enumerate(items)
    ]
