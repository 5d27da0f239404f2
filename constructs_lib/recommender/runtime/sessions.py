"""The session document: the interactions of one visit. Their order and repetition do not change it.

=================  =====================================================================================================
field              meaning
=================  =====================================================================================================
``items``          distinct items in order of their first time: what popularity and frequencies count
``lookup_items``   the same where there are two or more: what the session is found by. A session of one item says
                   nothing about what goes with it
``sequence``       ``source``, ``network``, ``ended_at`` and the latest items in order, repeats in a row once, at most
                   `LONGEST`, as `nearest.joined` joins them
``verbs``          what was done
``bought``         items that were bought
``started_at``,    first and last interaction; a client whose clock is ahead ends when its last event was received
``ended_at``
``session_id``,    who it was, as the events say it; ``user_id`` is a pseudonym
``client_id``,
``user_id``
``source``         pseudonym of client and day: votes once. Without a client the session is its own
``network``        pseudonym of network and day: votes a few times. Without a network as ``source``
``events``         documents that were read
=================  =====================================================================================================
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .nearest import SEPARATOR, joined

VERBS = frozenset({"add_to_cart", "add_to_wishlist", "click", "click_through", "download", "purchase", "view", "watch"})
"""Actions that count as interest in an item; the export for Amazon Personalize uses the same."""
BOUGHT = "purchase"
LONGEST = 50
"""Most items of a sequence; the latest are kept. No visitor sends more."""
LONGEST_BYTES = 30_000
"""Most bytes of a sequence: an answer holds more than a hundred sequences."""
MOST_EVENTS = 1000
"""Most interactions that the fold reads of one session; the latest are read."""


def key(session_id: str, client_id: str | None) -> str:
    """The document id of a session; two clients with the same session id have two sessions."""
    return hashlib.sha1(f"{client_id or ''}{SEPARATOR}{session_id}".encode(), usedforsecurity=False).hexdigest()


def pseudonym(*parts: str) -> str:
    """A hash of the parts: 16 hexadecimal digits."""
    return hashlib.blake2b(SEPARATOR.join(parts).encode(), digest_size=8).hexdigest()


def source(day: str, session_id: str, client_id: str | None) -> str:
    """The pseudonym of a client on one day, which votes once.

    Args:
        day: as in ``2026-11-26``.
    """
    return pseudonym("client", client_id, day) if client_id else pseudonym("session", session_id, day)


def items(event: Mapping[str, Any]) -> list[str]:
    """Ids of the items that an event is about: its object, and each product of an order."""
    found = [event.get("event_attributes", {}).get("object", {}), *event.get("items", ())]
    ids = [each.get("object_id") for each in found if isinstance(each, Mapping)]
    return [each for each in dict.fromkeys(ids) if isinstance(each, str) and each and SEPARATOR not in each]


def folded(events: Iterable[Mapping[str, Any]], *, verbs: frozenset[str] = VERBS) -> dict[str, Any] | None:
    """The document of a session, or None if it has no interaction with an item.

    The same events give the same document in any order, and an event that came twice counts once.

    Args:
        events: documents of one session (``session_id`` and ``client_id`` are the same in all).
        verbs: actions that count.
    """
    distinct = {event["event_id"]: event for event in events if counts(event, verbs)}
    ordered = sorted(distinct.values(), key=lambda event: (event["timestamp"], event["event_id"]))[-MOST_EVENTS:]
    sequence: list[str] = []
    for event in ordered:
        for item in items(event):
            if not sequence or sequence[-1] != item:
                sequence.append(item)
    if not sequence:
        return None
    sequence = _capped(sequence)
    present = list(dict.fromkeys(sequence))
    last = ordered[-1]
    ended = min(last["timestamp"], max(event["received_at"] for event in ordered))
    started = min(ordered[0]["timestamp"], ended)
    session_id, client_id = last["session_id"], last.get("client_id")
    who = source(ended[:10], session_id, client_id)
    network = _latest(ordered, "ip_prefix")
    where = pseudonym("network", network, ended[:10]) if network else who
    user_id = _latest(ordered, "user_id")
    bought = {item for event in ordered if event["action_name"] == BOUGHT for item in items(event)}
    return {
        "items": present,
        **({"lookup_items": present} if len(present) > 1 else {}),
        "sequence": joined(who, where, ended, sequence),
        "verbs": sorted({event["action_name"] for event in ordered}),
        "bought": [item for item in present if item in bought],
        "started_at": started,
        "ended_at": ended,
        "session_id": session_id,
        **({"client_id": client_id} if client_id else {}),
        **({"user_id": user_id} if user_id else {}),
        "source": who,
        "network": where,
        "events": len(ordered),
    }


def counts(event: Mapping[str, Any], verbs: frozenset[str] = VERBS) -> bool:
    """Whether an event is an interaction with an item, from a person who has not denied personalization."""
    return (
        event.get("action_name") in verbs
        and bool(event.get("session_id"))
        and event.get("is_bot") is not True
        and event.get("consent", {}).get("personalization") is not False
        and bool(items(event))
    )


def _capped(sequence: Sequence[str]) -> list[str]:
    latest = list(sequence[-LONGEST:])
    while len(SEPARATOR.join(latest).encode()) > LONGEST_BYTES:
        latest.pop(0)
    return latest


def _latest(events: Sequence[Mapping[str, Any]], name: str) -> str | None:
    return next((event[name] for event in reversed(events) if event.get(name)), None)
