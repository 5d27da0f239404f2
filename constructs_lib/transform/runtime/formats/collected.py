"""Events that came by the collector: what the client sent, and beside it what only the server knows.

The collector writes its knowledge as the event's field ``collector``, whatever the client sent under that name
(constructs_lib/collector/runtime/shapes.py)::

    {"collector": {"received_at": 1767225600000, "ip": "198.51.100.7", "user_agent": "Mozilla/5.0 ...",
                   "key": "web", "gpc": true},
     "action_name": "click", ...}

Whatever else of the event would say the same, or would make it another kind of document, is the client's word and is
left out: anybody with a browser can send anything. So such an event is no envelope either, and is read as a UBI event
or as a call of Segment's or RudderStack's libraries, which are all that the collector lets in.
"""

from __future__ import annotations

from typing import Any

from ..reasons import Broken, Unwanted
from ..settings import Settings
from . import segment, ubi
from .draft import Collected
from .format import Format, Found

FIELD = "collector"
"""The field by which such an event is known."""

_SERVERS = frozenset(
    """
    collector received_at receivedAt schema_version fingerprint ingest ip ip_prefix user_agent http is_bot bot_reasons
    """.split()  # noqa: SIM905 - a list of words reads better as one
)
"""Fields of an event that are the server's to say: of the arrival, of the client and what follows from it, and those by
which a document of ours is known.
"""
_READ: tuple[Format, ...] = (ubi.EVENT, segment.FORMAT)


def read(value: dict[str, Any], settings: Settings) -> Found | None:
    """The draft of an event with the collector's mapping; None for an event without one.

    Raises:
        Unwanted, Broken: it is the collector's, and becomes no document.
    """
    facts = value.get(FIELD)
    if facts.__class__ is not dict or "received_at" not in facts:
        return None
    sent = {name: item for name, item in value.items() if name not in _SERVERS}
    for format_ in _READ:
        try:
            draft = format_.fields(sent, settings) if format_.fields is not None else None
        except (Unwanted, Broken) as reason:
            reason.format = reason.format or format_.name
            raise
        if draft is not None:
            draft["ip"], draft["user_agent"] = facts.get("ip"), facts.get("user_agent")
            denied = ("personalization",) if facts.get("gpc") is True else ()
            draft["collected"] = Collected(facts["received_at"], denied)
            return Found(format_, draft)
    raise Broken("unrecognised")
