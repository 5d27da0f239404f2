"""What a format hands to the writer.

A draft has the canonical document's names where the input's value can stand there as it is, and these besides:

===================  ===================================================================================================
key                  value
===================  ===================================================================================================
``event_name``       instead of ``action_name``, the producer's own words, raw: what identifies is taken out before it
                     becomes a name (``Cart Opened``: ``cart_opened``) or, where it is a sentence, the ``message`` of
                     action ``log``
``consent``          what the event says about consent, raw: consent.py understands it
``object``           mapping for ``event_attributes.object``; ``object_id`` may be a number
``items``            list of mappings like ``object``, each with a ``quantity``: several products of one event
``position``         mapping for ``event_attributes.position``, or a number: the ordinal
``properties``       mapping, flattened and redacted into ``event_attributes.properties``
``http``             mapping with ``method``, ``status`` and ``bytes`` of a request and its answer
``url``, ``title``   of the page; the URL may be a path
``referrer_url``     the referring page's URL
``user_agent``       for device and bots; absent means unknown, ``-`` means that the client sent none
``device_hints``     mapping with ``type``, ``browser``, ``os`` that the input states itself
``ip``               the client's address, or a chain of hops from the client to the server, comma separated
``original_time``    the event's time by the client's clock, where ``sent_at`` is by the same clock: skew is taken out
``bot_reasons``      signs of a bot that the format itself knows
``received_at``      when a document that comes round again was first received
``collected``        a :class:`Collected`, where the event came by the collector
===================  ===================================================================================================

The writer (document.py) checks every value's type and length, so a format only names things.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

Draft = dict[str, Any]

_RANDOM = re.compile(r"(?=.{16,80}$)(?:\$device:)?[0-9A-Fa-f]{2,32}(?:-[0-9A-Fa-f]{1,32}){1,8}")


class Collected(NamedTuple):
    """What the collector says of an event. It is a class of its own, so that no event can say the same."""

    received_at: Any
    """When it received the event, in epoch milliseconds."""
    denied: tuple[str, ...]
    """Purposes that are denied, whatever the event says about consent."""


def is_canonical(draft: Draft) -> bool:
    """Whether a draft is a document that comes round again; no other format has these names."""
    return "schema_version" in draft and "event_id" in draft and "received_at" in draft


def text_of(value: Any) -> str:
    """A text that may have come as a number; anything else is no text."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return str(value)
        except ValueError:  # an integer of more digits than Python writes
            return ""
    return ""


def mapping_of(value: Any) -> dict[str, Any]:
    """A mapping, empty where the input has something else."""
    return value if isinstance(value, dict) else {}


def first_of(value: dict[str, Any], *names: str) -> Any:
    """The first of several names that carries anything."""
    for name in names:
        found = value.get(name)
        if found is not None and found != "":
            return found
    return None


def is_random(identifier: Any) -> bool:
    """Whether an id was drawn by a library, as those of people who are not known are: a UUID, or hexadecimal digits in
    several groups. Whatever else a site gives as the id of who it was may be its own user's.
    """
    return isinstance(identifier, str) and _RANDOM.fullmatch(identifier) is not None


def without_placeholder(value: Any) -> Any:
    """A value, or None for the ``-`` that logs write where there is none."""
    return None if value == "-" or value == "" else value  # noqa: PLR1714 - the value may be unhashable
