"""Evaluation: the protocol, the baselines, splits and the search for parameters."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from constructs_lib.recommender.evaluation import baselines, tuning, visits
from constructs_lib.recommender.evaluation.memory import MemoryIndex
from constructs_lib.recommender.evaluation.protocol import LIST, LONG, Quality, measured
from constructs_lib.recommender.evaluation.splitting import LEAST_SESSIONS, TooFewError, split
from constructs_lib.recommender.evaluation.visits import Visit
from constructs_lib.recommender.runtime.parameters import SESSION
from tests.recommender.reference import Reference

SERENADE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "recommendations"
HOUR = 3600.0


def visit(items: str, ended: float = 0.0) -> Visit:
    """A session of items with names of one letter."""
    return Visit(list(items), ended - 60, ended)


def test_hits_and_ranks_are_counted_at_every_position() -> None:
    result = measured(lambda session, _: {"a": ["x", "b"], "b": ["c"]}[session[-1]], [visit("abc")])
    assert result.quality == Quality(positions=2, hits=2, reciprocal=1.5)
    assert (result.quality.hit_rate, result.quality.reciprocal_rank) == (1.0, 0.75)


def test_an_item_below_the_list_is_not_a_hit() -> None:
    ranked = [str(number) for number in range(LIST)]
    assert measured(lambda *_: [*ranked[:-1], "b"], [visit("ab")]).quality.hits == 1
    assert measured(lambda *_: [*ranked, "b"], [visit("ab")]).quality.hits == 0


def test_repeats_count_only_on_request() -> None:
    assert measured(lambda *_: [], [visit("aab")]).quality.positions == 1
    assert measured(lambda *_: [], [visit("aab")], repeats=True).quality.positions == 2


def test_quality_is_reported_by_the_number_of_known_items() -> None:
    result = measured(lambda *_: [], [visit("abcdefghi")])
    assert {place: quality.positions for place, quality in result.by_position.items()} == {
        1: 1, 2: 1, 3: 1, 4: 1, 5: 1, LONG: 3,
    }  # fmt: skip


def test_popularity_bias_is_relative_to_the_next_items() -> None:
    shares = {"p": 0.4, "b": 0.1}
    assert measured(lambda *_: ["p"], [visit("ab")], popularity=shares).bias() == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("popularity", ["b", "c", "d"]),
        ("association rules", ["b", "c", "d"]),
        ("sequential rules", ["b", "c"]),
        ("S-KNN", ["b", "d", "c"]),
    ],
)
def test_each_baseline_recommends_as_documented(name: str, expected: list[str]) -> None:
    learned = [visit("abc", 1), visit("ab", 2), visit("da", 3)]
    assert list(baselines.BASELINES[name](learned)(["a"], 4.0)) == expected


def invented(number: int, seed: int) -> list[Visit]:
    """Sessions over some items, some of them the same at the same time."""
    draw = random.Random(seed)  # noqa: S311 - invented data
    return [
        Visit([f"i{int(draw.paretovariate(0.6)) % 40}" for _ in range(draw.randint(1, 9))], end - 60, end)
        for end in (draw.uniform(0, 90 * 24 * HOUR) for _ in range(number))
    ]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("days", [90, 91], ids=["with sessions of the last day", "without"])
def test_the_index_in_memory_matches_the_plain_reference(seed: int, days: int) -> None:
    learned, asked = invented(400, seed), invented(40, seed + 100)
    index = MemoryIndex.of(learned)
    reference = Reference([(each.items, each.ended) for each in learned])
    now = days * 24 * HOUR
    for each in asked:
        session = each.without_repeats().items
        ours = [found.item for found in index.recommend(session, SESSION, now=now) if found.item != session[-1]]
        assert ours[:20] == reference.recommend(session, now)


def test_the_index_in_memory_is_the_plain_reference_where_repeats_count() -> None:
    learned, asked = invented(400, 1), invented(40, 2)
    assert any(len(each.items) > len(each.without_repeats().items) for each in asked)
    index = MemoryIndex.of(learned)
    reference = Reference([(each.items, each.ended) for each in learned])
    for each in asked:
        ours = [found.item for found in index.recommend(each.items, SESSION, now=90 * 24 * HOUR)]
        assert ours[:20] == reference.recommend(each.items, 90 * 24 * HOUR, repeats=True)


@pytest.mark.skipif(not SERENADE.exists(), reason="the public data set is not beside the checkout")
def test_the_lists_on_serenades_sessions_are_the_plain_references_where_all_counts_are_known() -> None:
    learned, judging = (visits.read([SERENADE / f"serenade_{part}.txt.gz"]) for part in ("train", "test"))
    index = MemoryIndex.of(learned, table=100_000)
    reference = Reference([(each.items, each.ended) for each in learned])
    for each in judging:
        for place in range(1, len(each.items)):
            session = each.items[:place]
            ours = [found.item for found in index.recommend(session, SESSION, now=each.ended)]
            assert [item for item in ours if item != session[-1]][:20] == reference.recommend(session, each.ended)


@pytest.mark.skipif(not SERENADE.exists(), reason="the public data set is not beside the checkout")
def test_quality_on_the_sessions_of_serenade() -> None:
    learned, judging = (visits.read([SERENADE / f"serenade_{part}.txt.gz"]) for part in ("train", "test"))
    quality = tuning.judged(MemoryIndex.of(learned), judging, SESSION).quality
    assert quality.positions == 931
    assert quality.hit_rate >= 0.667
    assert quality.reciprocal_rank >= 0.340


def test_a_split_measures_with_the_latest_sessions() -> None:
    found = [visit("ab", number) for number in range(100)]
    learned, judging = split(found, 0.1)
    assert [each.ended for each in judging] == list(range(90, 100))
    assert max(each.ended for each in learned) < min(each.ended for each in judging)


def test_sessions_of_one_item_are_used_only_for_learning() -> None:
    found = [visit("ab" if number % 2 else "a", number) for number in range(200)]
    _, judging = split(found, 0.1)
    assert all(len(each.items) == 2 for each in judging)


def test_too_few_sessions_are_not_split() -> None:
    enough = [visit("ab", number) for number in range(LEAST_SESSIONS + 1)]
    assert len(split(enough, 0.03)[0]) == LEAST_SESSIONS
    with pytest.raises(TooFewError, match=f"{LEAST_SESSIONS} sessions"):
        split(enough[1:], 0.03)


def test_the_search_starts_with_the_defaults_and_is_reproducible() -> None:
    learned, judging = invented(200, 1), invented(20, 2)
    index = MemoryIndex.of(learned)
    first, *others = list(tuning.search(index, judging, trials=3, seed=5))
    assert first.parameters == SESSION
    again = [each.parameters for each in tuning.search(index, judging, trials=3, seed=5)]
    assert again == [SESSION, *(each.parameters for each in others)]


def test_every_random_choice_is_within_the_bounds() -> None:
    for name, values in tuning.CHOICES.items():
        for value in values:
            assert getattr(SESSION.changed({name: value}), name) == value
