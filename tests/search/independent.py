"""The expected numbers of a panel, computed from the documents in Python, without aggregations or a query language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

from rehearsal.panels.searches import Panel, Times

Document = dict[str, Any]
Test = Callable[[Document], bool]

SECONDS = {"10m": 600, "30m": 1800, "1h": 3600, "3h": 10800, "12h": 43200, "1d": 86400}


def value(document: Document, field: str) -> Any:
    """A field by its dotted path; a multi-field is the field itself, of a list all values; None where it is absent."""
    name, _, rest = field.removesuffix(".keyword").partition(".")
    found = document.get(name)
    if not rest:
        return found
    if isinstance(found, list):
        return sorted({inner for one in found if (inner := value(one, rest)) is not None}) or None
    return value(found, rest) if isinstance(found, dict) else None


def moment(document: Document) -> datetime:
    """The document's time."""
    return datetime.strptime(document["timestamp"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def within(documents: Iterable[Document], times: Times) -> list[Document]:
    """The documents of the chosen time."""
    return [document for document in documents if times.start <= moment(document) <= times.end]


def bot(document: Document) -> bool:
    """Whether it is tagged as a bot."""
    return document.get("is_bot") is True


def status(least: int, most: int) -> Test:
    """Whether the answer's status is between two numbers."""
    return lambda document: least <= (value(document, "http.status") or 0) <= most


def action(*names: str) -> Test:
    """Whether it is one of these actions."""
    return lambda document: document["action_name"] in names


def internal(document: Document) -> bool:
    """Whether it was led to by the site itself."""
    return bool(value(document, "referrer.medium") == "internal")


def signs(*sought: str, but: tuple[str, ...] = ()) -> Test:
    """Whether one of these signs gave the bot away, and none of the others."""
    return lambda document: (
        not {*sought}.isdisjoint(document.get("bot_reasons", [])) and {*but}.isdisjoint(document.get("bot_reasons", []))
    )


_LISTED = ("ua_parser", "crawler_user_agents")
_LISTS = "bot_reasons:(ua_parser OR crawler_user_agents)"
_KNOWN = (*_LISTED, "bot_words", "no_user_agent", "robots_txt", "declared")

# What each query of a panel means, in other words than the query's.
MEANING: dict[str, Test] = {
    "": lambda _: True,
    "NOT is_bot:true": lambda document: not bot(document),
    "is_bot:true": bot,
    "http.status:[400 TO 599]": status(400, 599),
    "http.status:[400 TO 499]": status(400, 499),
    "http.status:[500 TO 599]": status(500, 599),
    "http.status:404 AND NOT is_bot:true": lambda document: status(404, 404)(document) and not bot(document),
    "_exists_:http.status": lambda document: value(document, "http.status") is not None,
    "NOT is_bot:true AND NOT referrer.medium:internal": lambda document: not bot(document) and not internal(document),
    "action_name:view AND NOT is_bot:true": lambda document: action("view")(document) and not bot(document),
    "action_name:search AND result_count:0 AND NOT is_bot:true": lambda document: (
        action("search")(document) and document.get("result_count") == 0 and not bot(document)
    ),
    _LISTS: signs(*_LISTED),
    f"bot_reasons:bot_words AND NOT {_LISTS}": signs("bot_words", but=_LISTED),
    f"bot_reasons:no_user_agent AND NOT {_LISTS} AND NOT bot_reasons:bot_words": signs(
        "no_user_agent", but=(*_LISTED, "bot_words")
    ),
    f"bot_reasons:robots_txt AND NOT {_LISTS} AND NOT bot_reasons:bot_words AND NOT bot_reasons:no_user_agent": signs(
        "robots_txt", but=(*_LISTED, "bot_words", "no_user_agent")
    ),
    f"bot_reasons:declared AND NOT {_LISTS} AND NOT bot_reasons:bot_words AND NOT bot_reasons:no_user_agent"
    " AND NOT bot_reasons:robots_txt": signs("declared", but=_KNOWN[:-1]),
    "NOT bot_reasons:(ua_parser OR crawler_user_agents OR bot_words OR no_user_agent OR robots_txt OR declared)": (
        lambda document: {*_KNOWN}.isdisjoint(document.get("bot_reasons", []))
    ),
}


def rows(panel: Panel, documents: Iterable[Document], times: Times) -> list[dict[str, Any]]:
    """The classic panel's table, in the order that an engine gives it."""
    chosen = [one for one in within(documents, times) if MEANING[panel.source["query"]["query"]](one)]
    buckets = [agg for agg in panel.state["aggs"] if agg["schema"] != "metric"]
    metrics = [agg for agg in panel.state["aggs"] if agg["schema"] == "metric"]
    return list(_rows(chosen, buckets, metrics, {}, times))


def _rows(
    documents: list[Document], buckets: list[Any], metrics: list[Any], so_far: dict[str, Any], times: Times
) -> Iterable[dict[str, Any]]:
    if not buckets:
        yield so_far | {metric["id"]: _measure(documents, metric) for metric in metrics}
        return
    agg, *rest = buckets
    for key, inside in _split(documents, agg, metrics, times):
        yield from _rows(inside, rest, metrics, so_far | {agg["id"]: key}, times)


def _measure(documents: list[Document], metric: dict[str, Any]) -> int:
    if metric["type"] == "count":
        return len(documents)
    return unique(documents, metric["params"]["field"])


def unique(documents: list[Document], field: str) -> int:
    """How many different values a field has."""
    return len({found for one in documents if (found := value(one, field)) is not None})


def _split(documents: list[Document], agg: Any, metrics: list[Any], times: Times) -> list[tuple[Any, list[Document]]]:
    params = agg["params"]
    if agg["type"] == "filters":
        named = sorted((given["label"], MEANING[given["input"]["query"]]) for given in params["filters"])
        return [(label, [one for one in documents if test(one)]) for label, test in named]
    groups: dict[Any, list[Document]] = defaultdict(list)
    if agg["type"] == "date_histogram":
        for one in documents:
            groups[bucket_of(one, SECONDS[times.interval()])].append(one)
        return sorted(groups.items())
    for one in documents:
        found = value(one, params["field"])
        if found is None and params["missingBucket"]:
            found = params["missingBucketLabel"]
        for each in found if isinstance(found, list) else [found]:
            if each is not None:
                groups[each].append(one)
    by = next(metric for metric in metrics if metric["id"] == params["orderBy"])
    ordered = sorted(groups.items(), key=lambda item: (-_measure(item[1], by), item[0]))
    return ordered[: params["size"]]


def bucket_of(document: Document, seconds: int) -> int:
    """Start of the document's stretch of time, in epoch milliseconds."""
    return int(moment(document).timestamp()) // seconds * seconds * 1000
