"""Writes many documents: in parts of limited size, and retries those that a busy domain rejected."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .domain import BUSY, TRIES, Domain, DomainError, compact

PART_BYTES = 4 * 1024 * 1024
"""Most bytes of one request; domains of the smallest types accept 10 MiB
(https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html)."""


@dataclass(frozen=True)
class Write:
    """One document to write: the operation (``index``, ``create``, ``update``) with the id, and the document."""

    action: str
    metadata: Mapping[str, Any]
    document: Mapping[str, Any]


def write(domain: Domain, index: str, documents: Sequence[Write]) -> list[int]:
    """Write to an index by ``_bulk``. Returns the places of the documents of which a newer version exists and is kept.

    Raises:
        DomainError: a document was refused for another reason, or the domain stayed busy.
    """
    conflicts: list[int] = []
    encoded = [f"{compact({each.action: each.metadata})}\n{compact(each.document)}" for each in documents]
    for part in _parts(encoded):
        waiting = part
        for attempt in range(1, TRIES + 1):
            answer = domain.ask("POST", f"{index}/_bulk", [encoded[place] for place in waiting])
            again = []
            for place, item in zip(waiting, answer["items"], strict=True):
                result = next(iter(item.values()))
                if result["status"] == 409:
                    conflicts.append(place)
                elif result["status"] in BUSY and attempt < TRIES:
                    again.append(place)
                elif not 200 <= result["status"] < 300:
                    raise DomainError(f"POST {index}/_bulk: {json.dumps(result.get('error'))[:300]}", result["status"])
            waiting = again
            if not waiting or not domain.pause(attempt):
                break
        if waiting:
            raise DomainError(
                f"POST {index}/_bulk: the domain took {len(part) - len(waiting)} of {len(part)} documents and is busy"
            )
    return conflicts


def _parts(encoded: Sequence[str]) -> Iterator[list[int]]:
    """Places of the documents of each request."""
    part: list[int] = []
    size = 0
    for place, text in enumerate(encoded):
        if part and size + len(text) > PART_BYTES:
            yield part
            part, size = [], 0
        part.append(place)
        size += len(text)
    if part:
        yield part
