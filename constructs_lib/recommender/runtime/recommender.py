"""Answers requests: the list, its reasons, and the fallbacks when there is too little data or no domain.

It adds in this order, until the list is full: items of the nearest sessions; items seen together with the visitor's
items, or with those found; the most popular of the category; the most popular of all. It always leaves out the item
that the visitor is looking at, items that they bought, and items that are excluded, unavailable or outside the
requested conditions.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any

from . import items, profiles, sessions
from .domain import Domain, DomainError
from .memory import Memory
from .nearest import FILTER_PATH, SEPARATOR, Neighbour, Unwanted, neighbours, parted, search, weights
from .parameters import PROFILE, Parameters
from .requests import MOST_NUMBER, Ranking, Wanted
from .scoring import Scored, counted, scores
from .settings import Arm, Settings

VERSION = "r1"
"""Version of the format of recommendation ids: version, arm and a unique part, separated by dots."""
ROUNDS = 2
"""Further searches for neighbours, if a few senders sent most of them."""
LOOKED_AT = 5
"""Items of the visitor, and of those found, whose companions fill a list."""
MOST_CANDIDATES = 300
FUSION = 60
"""Constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""


@dataclass(frozen=True)
class Candidate:
    """An item that may be recommended."""

    item: str
    value: float
    reason: str
    kind: str
    because: str = ""
    votes: int = 0
    document: dict[str, Any] | None = None


@dataclass
class Visitor:
    """The visitor, as far as known.

    Attributes:
        session: items, the latest last.
        origin: source of the items: ``recentItems``, ``session``, ``profile`` or empty.
        bought: items that are not recommended again.
        sources: pseudonyms of the visitor's own sessions, which do not count as neighbours.
    """

    session: list[str] = field(default_factory=list)
    origin: str = ""
    bought: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


@dataclass
class Found:
    """The growing list, and the reasons for its items."""

    number: int
    repeats: bool = False
    entries: list[dict[str, Any]] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)
    neighbours: int = 0
    took: int = 0


class Recommender:
    """Answers requests for one domain."""

    def __init__(self, settings: Settings, domain: Domain, memory: Memory | None = None) -> None:
        self.settings = settings
        self.domain = domain
        self.memory = memory or Memory(domain, settings)

    def recommend(self, wanted: Wanted, *, now: datetime | None = None, repeats: bool = False) -> dict[str, Any]:
        """A list in the shape of Amazon Personalize's GetRecommendations.

        Args:
            wanted: the request.
            now: the time from which ages count; default: the current time.
            repeats: whether an item that follows itself is a step of its own and may be recommended, for comparisons
                with published figures that count it.

        Raises:
            UnavailableError: the domain is away, and nothing is known from before.
        """
        moment = now or datetime.now(timezone.utc)
        arm = arm_of(self.settings.arms, wanted)
        found = Found(wanted.number, repeats=repeats)
        visitor = Visitor(_recent(wanted, repeats), "recentItems" if wanted.recent or wanted.item_id else "")
        degraded = False
        try:
            self.memory.refresh()
            if arm.strategy != "popularity":
                visitor = self._visitor(wanted, moment, repeats=repeats)
            self._fill(found, wanted, visitor, arm, moment)
        except DomainError:
            degraded = True
            self._take(found, wanted, visitor, self._popular(remembered=True), {})
        answer: dict[str, Any] = {"itemList": found.entries, "recommendationId": recommendation_id(arm)}
        if degraded:
            answer["degraded"] = True
        if wanted.explain:
            answer["explain"] = {
                "arm": arm.name,
                "strategy": arm.strategy,
                "session": visitor.session[-self.settings.parameters.items :],
                "origin": visitor.origin or "none",
                "neighbours": found.neighbours,
                "engineTook": found.took,
            }
        else:
            for entry in found.entries:
                del entry["explain"]
        return answer

    def rank(self, asked: Ranking, *, now: datetime | None = None) -> dict[str, Any]:
        """A given list in the visitor's order, in the shape of Amazon Personalize's GetPersonalizedRanking.

        Reciprocal rank fusion combines the given order and the visitor's. Items without votes of neighbours are last in
        the visitor's order, in their given order.

        Raises:
            UnavailableError: the domain is away, and nothing is known from before.
        """
        moment = now or datetime.now(timezone.utc)
        arm = arm_of(self.settings.arms, asked.wanted)
        personal: dict[str, float] = {}
        degraded = False
        try:
            self.memory.refresh()
            visitor = self._visitor(asked.wanted, moment)
            if arm.strategy != "popularity" and visitor.session:
                ranked = self._votes(visitor, arm, moment, Found(len(asked.items)))
                personal = {each.item: each.score for each in ranked}
        except DomainError:
            degraded = True
        scored = sorted((item for item in asked.items if item in personal), key=lambda item: (-personal[item], item))
        places = {item: place for place, item in enumerate(scored)}
        fused = {
            item: 1 / (FUSION + place) + 1 / (FUSION + places.get(item, len(asked.items)))
            for place, item in enumerate(asked.items)
        }
        order = sorted(asked.items, key=lambda item: -fused[item])
        total = sum(fused.values())
        answer: dict[str, Any] = {
            "personalizedRanking": [{"itemId": item, "score": round(fused[item] / total, 7)} for item in order],
            "recommendationId": recommendation_id(arm),
        }
        return answer | ({"degraded": True} if degraded else {})

    def put_items(self, catalogue: dict[str, dict[str, Any]]) -> dict[str, Any]:
        """Store a catalogue's entries.

        Raises:
            DomainError: the domain did not store them.
        """
        items.put(self.domain, self.settings, catalogue)
        return {"items": len(catalogue)}

    def _fill(self, found: Found, wanted: Wanted, visitor: Visitor, arm: Arm, moment: datetime) -> None:
        """Fill the list, from the strongest source to the weakest."""
        known: dict[str, dict[str, Any]] = {}
        if arm.strategy != "popularity" and visitor.session:
            ranked = self._votes(visitor, arm, moment, found)
            self._take(found, wanted, visitor, _voted(ranked), known)
            if len(found.entries) < found.number:
                self._take(found, wanted, visitor, self._companions(visitor, found, known), known)
        if len(found.entries) >= found.number:
            return
        latest = visitor.session[-1:]
        if wanted.category:
            named = [wanted.category]
        else:
            self._learn(known, latest)
            named = items.categories(known.get(latest[0], {}))[:1] if latest else []
        for category in named:
            of_category = self.memory.popular_in(category, 2 * MOST_NUMBER)
            self._take(found, wanted, visitor, _of_category(of_category, category), known)
        if len(found.entries) < found.number:
            self._take(found, wanted, visitor, self._popular(), known)

    def _visitor(self, wanted: Wanted, moment: datetime, *, repeats: bool = False) -> Visitor:
        """Session, purchases and own sessions of the visitor: from the request, else from the folded documents.

        For visitors who denied personalization it uses only the item that they are looking at, and none of their
        history.
        """
        people = self._people(wanted.client_id)
        if any(profiles.denies(each) for each in people):
            return Visitor([wanted.item_id] if wanted.item_id else [], "denied")
        visitor = Visitor(_recent(wanted, repeats), "recentItems" if wanted.recent or wanted.item_id else "")
        if wanted.client_id or wanted.session_id:
            for day in (moment, moment - timedelta(days=1)):
                text = day.astimezone(timezone.utc).date().isoformat()
                visitor.sources.add(sessions.source(text, wanted.session_id, wanted.client_id or None))
        if self.settings.leave_out_bought:
            visitor.bought = profiles.bought(people)
        if wanted.session_id and not wanted.recent:
            key = sessions.key(wanted.session_id, wanted.client_id or None)
            for document in self._read(self.settings.names.sessions, key):
                visitor.session = [*parted(document["sequence"]).items, *visitor.session]
                visitor.origin = "session"
        if not visitor.session and people:
            visitor.session = profiles.sequence(people[-1]) or profiles.sequence(people[0])
            visitor.origin = "profile" if visitor.session else ""
        return visitor

    def _people(self, client_id: str) -> list[dict[str, Any]]:
        """The existing profiles of a client and of the person who last signed in there."""
        index = self.settings.names.profiles
        if not client_id:
            return []
        found = self._read(index, profiles.key(("client_id", client_id)))
        users = [each["user_id"] for each in found if each.get("user_id")]
        return [*found, *(each for user in users for each in self._read(index, profiles.key(("user_id", user))))]

    def _read(self, index: str, identifier: str) -> list[dict[str, Any]]:
        """A document, or None; read from one index, so that a role's permissions can be limited by path."""
        path = f"{index}/_mget?filter_path=docs._source"
        answer = self.memory.asking(lambda: self.domain.ask("POST", path, {"ids": [identifier]}))
        return [each["_source"] for each in answer.get("docs", ()) if "_source" in each]

    def _votes(self, visitor: Visitor, arm: Arm, moment: datetime, found: Found) -> list[Scored]:
        """Items of the nearest sessions."""
        parameters = PROFILE if visitor.origin == "profile" else self.settings.parameters
        session = visitor.session[-1:] if arm.strategy == "items" else visitor.session
        voters = self._nearest(session, parameters, moment, visitor.sources, found)
        found.neighbours = len(voters)
        return scores(session, voters, parameters, self.memory.frequencies)

    def _nearest(
        self, session: Sequence[str], parameters: Parameters, moment: datetime, own: set[str], found: Found
    ) -> list[Neighbour]:
        """Neighbours whose votes count; searches for more if a few senders sent most of them."""
        wanted = weights(session, parameters, self.memory.frequencies)
        if not wanted:
            return []
        path = f"{self.settings.names.sessions}/_search?request_cache=false&filter_path={FILTER_PATH}"
        kept: list[Neighbour] = []
        unwanted = Unwanted()
        for _ in range(1 + ROUNDS):
            body = search(wanted, parameters, now=moment, unwanted=unwanted)
            answer = self.memory.asking(lambda body=body: self.domain.ask("POST", path, body))  # type: ignore[misc]
            found.took += answer.get("took", 0)
            near = [each for each in neighbours(answer, parameters, now=moment) if each.source not in own]
            kept, more = counted([*kept, *near])
            if len(near) < parameters.neighbours // 2 or len(kept) >= parameters.neighbours // 2:
                break
            unwanted = Unwanted(
                sorted({*unwanted.sources, *more.sources}), sorted({*unwanted.networks, *more.networks})
            )
        return kept

    def _companions(self, visitor: Visitor, found: Found, known: dict[str, dict[str, Any]]) -> Iterator[Candidate]:
        """Items seen together with the visitor's latest items, or with those found."""
        looked_at = list(dict.fromkeys(reversed(visitor.session)))[:LOOKED_AT]
        first = [entry["itemId"] for entry in found.entries[:LOOKED_AT]]
        self._learn(known, [*looked_at, *first])
        for item in [*looked_at, *first]:
            for place, other in enumerate(known.get(item, {}).get("seen_with", ())):
                yield Candidate(other, 1 / (1 + place), f"seen with {item}", "seen_with", item)

    def _learn(self, known: dict[str, dict[str, Any]], wanted: Iterable[str]) -> None:
        """Read the documents of items that were not read yet."""
        unknown = [item for item in dict.fromkeys(wanted) if item not in known]
        if unknown:
            read = self.memory.asking(lambda: items.read(self.domain, self.settings, unknown))
            known.update({item: read.get(item, {}) for item in unknown})

    def _popular(self, *, remembered: bool = False) -> Iterator[Candidate]:
        """The most popular items; with their fields from the snapshot while the domain is unavailable."""
        for each in self.memory.popular:
            yield Candidate(each["item"], each["score"], "popular", "popular", document=each if remembered else None)

    def _take(
        self,
        found: Found,
        wanted: Wanted,
        visitor: Visitor,
        candidates: Iterable[Candidate],
        known: dict[str, dict[str, Any]],
    ) -> None:
        """Add allowed candidates to the list; `known` are the item documents that were read already."""
        filtered = bool(wanted.category) or wanted.min_price is not None or wanted.max_price is not None
        left_out = found.chosen | wanted.exclude | visitor.bought
        if not found.repeats:
            left_out |= {*visitor.session[-1:], wanted.item_id}
        allowed = islice(_others(candidates, left_out), MOST_CANDIDATES)
        stage: list[Candidate] = []
        # Create no more candidates than are used.
        while len(found.entries) + len(stage) < found.number and (
            part := list(islice(allowed, max(2 * found.number, 50)))
        ):
            if filtered or self.memory.catalogue:
                self._learn(known, [each.item for each in part if each.document is None])
            for each in part:
                document = known.get(each.item, {}) if each.document is None else each.document
                if len(found.entries) + len(stage) < found.number and _fits(document, wanted):
                    stage.append(each)
        ceiling = found.entries[-1]["score"] if found.entries else 1.0
        total = sum(each.value for each in stage) or 1.0
        for each in sorted(stage, key=lambda one: -one.value):
            found.chosen.add(each.item)
            found.entries.append(
                {
                    "itemId": each.item,
                    "score": round(ceiling * each.value / total, 7),
                    "reason": [each.reason],
                    "explain": {
                        "kind": each.kind,
                        **({"because": each.because} if each.because else {}),
                        **({"sessions": each.votes} if each.votes else {}),
                    },
                }
            )


def arm_of(arms: Sequence[Arm], wanted: Wanted) -> Arm:
    """The arm of a visitor: always the same for the same client, or session where there is no client."""
    if len(arms) == 1:
        return arms[0]
    who = wanted.client_id or wanted.session_id or uuid.uuid4().hex
    digest = hashlib.sha256(f"arm{SEPARATOR}{who}".encode("utf-8", "surrogatepass")).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64 * sum(arm.share for arm in arms)
    for arm in arms:
        place -= arm.share
        if place < 0:
            return arm
    return arms[-1]


def recommendation_id(arm: Arm) -> str:
    """A new id that names its arm; later events contain it."""
    return f"{VERSION}.{arm.name}.{uuid.uuid4()}"


def _recent(wanted: Wanted, repeats: bool) -> list[str]:
    """The running session, as given in the request, without consecutive repeats unless ``repeats``."""
    given = wanted.recent
    recent = [item for place, item in enumerate(given) if repeats or not place or given[place - 1] != item]
    return recent if not wanted.item_id or recent[-1:] == [wanted.item_id] else [*recent, wanted.item_id]


def _others(candidates: Iterable[Candidate], left_out: Collection[str]) -> Iterator[Candidate]:
    """The candidates that are not left out, each item once."""
    seen = set(left_out)
    for each in candidates:
        if each.item not in seen:
            seen.add(each.item)
            yield each


def _voted(ranked: Iterable[Scored]) -> Iterator[Candidate]:
    for each in ranked:
        reason = f"because you looked at {each.because}"
        yield Candidate(each.item, each.score, reason, "sessions", each.because, each.votes)


def _of_category(documents: Iterable[dict[str, Any]], category: str) -> Iterator[Candidate]:
    for each in documents:
        yield Candidate(each["item_id"], each["popularity"], f"popular in {category}", "category", document=each)


def _fits(document: dict[str, Any], wanted: Wanted) -> bool:
    """Whether an item meets the request's conditions; an unknown value does not meet a condition on it."""
    if document.get("available") is False:
        return False
    if wanted.category and wanted.category not in items.categories(document):
        return False
    price = document.get("price")
    if wanted.min_price is not None and (price is None or price < wanted.min_price):
        return False
    return not (wanted.max_price is not None and (price is None or price > wanted.max_price))
