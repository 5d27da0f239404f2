"""Retention and paths of more people than a script keeps: a sample by the ids' hash, independent of the order."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from typing import Any

import pytest

from rehearsal.engines import Server
from tests.search import returning
from tests.search.behaviour import VISITS, all_panels, answers, search
from tests.search.visits import visits

RETENTION, PATHS = "events-visitors-retention", "events-visitors-paths"


def rows(server: Server, id_: str, **params: int) -> list[dict[str, Any]]:
    """The script's answer with other limits than the panel's."""
    if not answers(server, id_):
        pytest.skip(f"the archive of {server.name} has no interpreter of scripts")
    panel, times = all_panels()[id_]
    body = copy.deepcopy(panel.search(times))
    (name,) = body["aggs"]["chosen"]["aggs"]
    body["aggs"]["chosen"]["aggs"][name]["scripted_metric"]["params"] |= params
    found: list[dict[str, Any]] = search(server, body)["aggregations"]["chosen"][name]["value"]
    return found


def shards() -> list[tuple[dict[str, Any], ...]]:
    """The documents of each index, which has one shard."""
    return [visits()[number :: len(VISITS)] for number in range(len(VISITS))]


def mask(kept: Any, limit: int) -> int:
    """The first mask under which every shard keeps no more than the limit."""
    found = 0
    while max(kept(documents, returning.sampled(found)) for documents in shards()) > limit:
        found = found * 2 + 1
    return found


def visitors(documents: Any, sample: returning.Sample) -> int:
    return len(returning.weeks_of(documents, sample))


def views(documents: Any, sample: returning.Sample) -> int:
    return returning.views(documents, sample, longest=50)


@pytest.mark.parametrize("limit", [25, 100, 300, 480])
def test_retention_of_a_sample(behaviour: Server, limit: int) -> None:
    bits = mask(visitors, limit)
    expected = returning.cohorts(visits(), returning.sampled(bits))
    found = {
        (datetime.fromtimestamp(row["cohort"] / 1000, timezone.utc), row["week"]): (row["visitors"], row["size"])
        for row in rows(behaviour, RETENTION, limit=limit)
    }
    assert found == {key: (back * (bits + 1), size * (bits + 1)) for key, (back, size) in expected.items()}


@pytest.mark.parametrize("limit", [100, 500, 2000, 5000])
def test_paths_of_a_sample(behaviour: Server, limit: int) -> None:
    bits = mask(views, limit)
    expected = returning.moves(visits(), returning.sampled(bits))
    found = {row["pair"]: row["times"] for row in rows(behaviour, PATHS, limit=limit, most=1000)}
    assert found == {pair: times * (bits + 1) for pair, times in expected.items()}


@pytest.mark.parametrize(("id_", "exact", "sampled"), [(RETENTION, 480, 100), (PATHS, 5000, 500)])
def test_a_sample_is_labelled(behaviour: Server, id_: str, exact: int, sampled: int) -> None:
    assert not any(row["sampled"] for row in rows(behaviour, id_, limit=exact))
    assert all(row["sampled"] for row in rows(behaviour, id_, limit=sampled))


def test_a_sample_is_close_to_the_whole(behaviour: Server) -> None:
    sizes = {row["cohort"]: row["size"] for row in rows(behaviour, RETENTION, limit=200)}
    assert sum(sizes.values()) == pytest.approx(480, rel=0.2)
