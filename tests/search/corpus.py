"""Documents made by the transform of the real inputs, and how Firehose brings them in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from rehearsal.engines import Server
from tests import inputs
from tests.transform.batches import run

Document = dict[str, Any]
BATCH = 2000


@dataclass(frozen=True)
class Corpus:
    """Canonical documents of an access log and of a shop's search."""

    documents: Sequence[Document]

    @classmethod
    def of_real_inputs(cls) -> Corpus:
        """All lines of each input."""
        found = [
            document
            for name in ("apache_access.log.gz", "ubi_esci_sample.ndjson.gz")
            for document in run(*inputs.lines(name)).documents
        ]
        return cls(found)

    def values(self, path: str) -> list[Any]:
        """Values of a field over all documents that have it, lists one by one."""
        found: list[Any] = []
        for document in self.documents:
            value: Any = document
            for name in path.split("."):
                value = value.get(name) if isinstance(value, dict) else None
            if value is not None:
                found += value if isinstance(value, list) else [value]
        return found


def deliver(
    server: Server, index: str, documents: Iterable[Document], user: tuple[str, str] | None = None
) -> list[Any]:
    """Bulk requests as Firehose makes them; the errors of documents that were refused."""
    given = list(documents)
    errors: list[Any] = []
    for start in range(0, len(given), BATCH):
        lines: list[str] = []
        for number, document in enumerate(given[start : start + BATCH], start):
            action = {"index": {"_index": index, "_id": f"{number}"}}
            lines += [json.dumps(action), json.dumps(document)]
        answer = server.request("POST", "_bulk", "\n".join(lines) + "\n", user=user)
        body = cast("dict[str, Any]", answer.json)
        if answer.status != 200:
            return [body]
        errors += [item["index"]["error"] for item in body["items"] if "error" in item["index"]]
    return errors


def refresh(server: Server, index: str) -> None:
    assert server.request("POST", f"{index}/_refresh").status == 200
