"""Tables of measurements, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from constructs_lib.recommender.evaluation.protocol import LONG, Result


def comparison(results: Mapping[str, Result], *, items: int) -> Iterator[str]:
    """A line for each recommender; `items` is the number of items that can be recommended."""
    width = max(map(len, results))
    yield f"{'':{width}} {'HR@20':>7} {'MRR@20':>7} {'coverage':>9} {'popularity bias':>16}"
    for name, result in results.items():
        coverage = len(result.recommended) / items if items else 0.0
        rates = f"{result.quality.hit_rate:7.4f} {result.quality.reciprocal_rank:7.4f}"
        yield f"{name:{width}} {rates} {coverage:9.1%} {result.bias():16.2f}"


def by_position(result: Result) -> Iterator[str]:
    """A line for each number of known items."""
    yield f"{'items known':>11} {'positions':>10} {'HR@20':>7} {'MRR@20':>7}"
    for place, quality in sorted(result.by_position.items()):
        label = f"{place}+" if place == LONG else str(place)
        yield f"{label:>11} {quality.positions:10} {quality.hit_rate:7.4f} {quality.reciprocal_rank:7.4f}"
