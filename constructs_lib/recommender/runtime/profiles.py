"""Profiles: the latest sessions of a client or a signed-in person, and whether they denied personalization.

A profile has the latest sessions of its person, each under its id, so folding a session again replaces it. A client's
profile names the person who last signed in there; that person's own profile has the sessions of all their clients.

When people deny personalization, their sessions and profile are deleted. The time of the denial is kept, so that
earlier events do not come back when they are read again. Events after people allow it again count again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from .bulk import Write, write
from .domain import Domain, DomainError
from .nearest import SEPARATOR, parted, written
from .settings import Settings

Person = tuple[str, str]
"""Field (``client_id`` or ``user_id``) and id."""

MOST_SESSIONS = 20
MOST_ITEMS = 20
"""Most items kept of a session, the latest."""
MOST_CLIENTS = 50
PAGE = 500
TRIES = 5


def key(person: Person) -> str:
    """The document id of a profile."""
    return hashlib.sha1(SEPARATOR.join(person).encode(), usedforsecurity=False).hexdigest()


def read(domain: Domain, settings: Settings, people: Collection[Person]) -> dict[Person, dict[str, Any]]:
    """Existing profiles, as ``_mget`` returns them: with their sequence number beside ``_source``."""
    found: dict[Person, dict[str, Any]] = {}
    wanted = sorted(people)
    for begin in range(0, len(wanted), PAGE):
        page = {key(person): person for person in wanted[begin : begin + PAGE]}
        answer = domain.ask("POST", f"{settings.names.profiles}/_mget", {"ids": list(page)})
        found |= {page[each["_id"]]: each for each in answer["docs"] if each.get("found")}
    return found


def denied(profiles: Mapping[Person, Mapping[str, Any]], event: Mapping[str, Any]) -> bool:
    """Whether the person denied personalization after this."""
    for name in ("client_id", "user_id"):
        profile = profiles.get((name, event.get(name, "")))
        if profile is not None and event["timestamp"] <= profile["_source"].get("denied_at", ""):
            return True
    return False


def people_of(events: Iterable[Mapping[str, Any]]) -> set[Person]:
    """All people named in events."""
    return {(name, event[name]) for event in events for name in ("client_id", "user_id") if event.get(name)}


def remember(domain: Domain, settings: Settings, sessions: Mapping[str, Mapping[str, Any]], *, now: datetime) -> int:
    """Put sessions (documents by id) into the profiles of their people; returns the number of written profiles."""
    by_person: dict[Person, dict[str, Mapping[str, Any]]] = {}
    for session_id, session in sessions.items():
        for person in people_of([session]):
            by_person.setdefault(person, {})[session_id] = session

    def changed(person: Person, current: Mapping[str, Any]) -> dict[str, Any]:
        return merged(current, by_person[person], person, now=now)

    return _change(domain, settings, by_person, changed)


def merged(
    current: Mapping[str, Any], sessions: Mapping[str, Mapping[str, Any]], person: Person, *, now: datetime
) -> dict[str, Any]:
    """A profile with sessions (documents by id) added."""
    known = {each["id"]: each for each in current.get("sessions", ())}
    known |= {session_id: _short(session_id, session) for session_id, session in sessions.items()}
    latest = sorted(known.values(), key=lambda each: (each["ended_at"], each["id"]))[-MOST_SESSIONS:]
    # An erasure finds the person's profile by it.
    names = {each["session_id"] for each in latest}
    clients = {each["client_id"] for each in sessions.values() if each.get("client_id")}
    clients |= set(current.get("client_id", ()))
    newest = max(sessions.values(), key=lambda each: (each["ended_at"], each.get("user_id", "")))
    user_id = newest.get("user_id") or current.get("user_id")
    return {
        **({"denied_at": current["denied_at"]} if "denied_at" in current else {}),
        "person": person[0],
        "client_id": sorted(clients)[-MOST_CLIENTS:],
        **({"user_id": user_id} if user_id else {}),
        "session_id": sorted(names),
        "sessions": latest,
        "ended_at": latest[-1]["ended_at"],
        "updated_at": written(now),
    }


def deny(domain: Domain, settings: Settings, people: Mapping[Person, str], *, now: datetime) -> None:
    """Delete the sessions and profiles of people who denied personalization, and keep the time of the denial."""

    def changed(person: Person, current: Mapping[str, Any]) -> dict[str, Any] | None:
        before = current.get("denied_at", "")
        if before >= people[person]:
            return None
        later = [each for each in current.get("sessions", ()) if each["ended_at"] > people[person]]
        return {
            "denied_at": people[person],
            "person": person[0],
            **({"client_id": [person[1]]} if person[0] == "client_id" else {"user_id": person[1]}),
            "session_id": sorted({each["session_id"] for each in later}),
            "sessions": later,
            "ended_at": people[person],
            "updated_at": written(now),
        }

    _change(domain, settings, people, changed)
    wanted = sorted(people)
    for begin in range(0, len(wanted), PAGE):
        each_person = [
            {"bool": {"filter": [{"term": {name: value}}, {"range": {"started_at": {"lte": people[name, value]}}}]}}
            for name, value in wanted[begin : begin + PAGE]
        ]
        domain.ask(
            "POST",
            f"{settings.names.sessions}/_delete_by_query?conflicts=proceed&refresh=true",
            {"query": {"bool": {"should": each_person, "minimum_should_match": 1}}},
        )


def _short(session_id: str, session: Mapping[str, Any]) -> dict[str, Any]:
    items = list(dict.fromkeys(reversed(parted(session["sequence"]).items)))[:MOST_ITEMS]
    return {
        "id": session_id,
        "session_id": session["session_id"],
        "ended_at": session["ended_at"],
        "items": items[::-1],
        "bought": list(session.get("bought", ()))[-MOST_ITEMS:],
    }


def _change(domain: Domain, settings: Settings, people: Collection[Person], changed: Any) -> int:
    """Read, change and write profiles; on a conflict read again."""
    waiting, written_ones = set(people), 0
    for _ in range(TRIES):
        current = read(domain, settings, waiting)
        documents: list[Write] = []
        order: list[Person] = []
        for person in sorted(waiting):
            found = current.get(person)
            document = changed(person, {} if found is None else found["_source"])
            if document is None:
                continue
            identifier = {"_id": key(person)}
            if found is None:
                documents.append(Write("create", identifier, document))
            else:
                guard = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
                documents.append(Write("index", identifier | guard, document))
            order.append(person)
        conflicts = write(domain, settings.names.profiles, documents)
        written_ones += len(order) - len(conflicts)
        waiting = {order[place] for place in conflicts}
        if not waiting:
            return written_ones
    raise DomainError(f"{settings.names.profiles}: {len(waiting)} profiles keep changing; the next run takes them")


def denies(profile: Mapping[str, Any]) -> bool:
    """Whether the person's latest choice is to deny personalization."""
    return "denied_at" in profile and not profile.get("sessions")


def sequence(profile: Mapping[str, Any]) -> list[str]:
    """Items of a profile, the latest last."""
    return [item for session in profile.get("sessions", ()) for item in session["items"]]


def bought(profiles: Sequence[Mapping[str, Any]]) -> set[str]:
    """Items that the people of these profiles bought."""
    return {item for profile in profiles for session in profile.get("sessions", ()) for item in session["bought"]}
