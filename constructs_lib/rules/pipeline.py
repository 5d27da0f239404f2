"""What must hold between a pipeline's stream, domain and delivery."""

from __future__ import annotations

from constructs_lib.rules.book import Rulebook
from constructs_lib.rules.finding import Finding

BOOK = Rulebook()


def check(
    *,
    stream: object = None,
    domain: object = None,
    delivery: object = None,
    archive: object = None,
    bootstrap: object = None,
) -> list[Finding]:
    """Findings about how the parts fit, with paths that begin ``stream.``, ``domain.`` and so on."""
    parts = {"stream": stream, "domain": domain, "delivery": delivery, "archive": archive, "bootstrap": bootstrap}
    return BOOK.check({name: part for name, part in parts.items() if part is not None})
