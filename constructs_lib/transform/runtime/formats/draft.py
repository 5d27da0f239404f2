"""Recognising what arrived: each known shape is a function from a JSON object to a draft, or None if it is another
shape.

A draft has the canonical document's names where the input's value can stand there as it is, and these besides:

===================  ===================================================================================================
key                  value
===================  ===================================================================================================
``event_name``       the action in the producer's own words, raw: what identifies is taken out before it becomes
                     ``action_name`` (``Cart Opened``: ``cart_opened``)
``consent``          what the event says about consent, raw: consent.py understands it
``object``           mapping for ``event_attributes.object``; ``object_id`` may be a number
``position``         mapping for ``event_attributes.position``, or a number: the ordinal
``properties``       mapping, flattened and redacted into ``event_attributes.properties``
``http``             mapping with ``method``, ``status`` and ``bytes`` of a request and its answer
``url``, ``title``   of the page; the URL may be a path
``referrer_url``     the referring page's URL
``user_agent``       for device and bots; absent means unknown, ``-`` means that the client sent none
``device_hints``     mapping with ``type``, ``browser``, ``os`` that the input states itself
``ip``               the client's address
``original_time``    the event's time by the client's clock, where ``sent_at`` is by the same clock: skew is taken out
``bot_reasons``      signs of a bot that the shape itself knows
``received_at``      when a document that comes round again was first received
===================  ===================================================================================================

The writer (document.py) checks every value's type and length, so a shape only names things. Another shape is a function
decorated with :func:`shape`; those registered later are asked first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..settings import Settings

Draft = dict[str, Any]
Recogniser = Callable[[dict[str, Any], Settings], "Draft | None"]

_registered: list[tuple[str, Recogniser]] = []


def shape(name: str) -> Callable[[Recogniser], Recogniser]:
    """Register a shape under the name that metrics count it by."""

    def register(recogniser: Recogniser) -> Recogniser:
        _registered.insert(0, (name, recogniser))
        return recogniser

    return register


def recognise(value: dict[str, Any], settings: Settings) -> tuple[str, Draft] | None:
    """The first shape that knows the object, and its draft."""
    for name, recogniser in _registered:
        draft = recogniser(value, settings)
        if draft is not None:
            return name, draft
    return None


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
