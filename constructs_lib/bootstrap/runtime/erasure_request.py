"""The request for an erasure: converts raw ids to all values that documents may have for them.

Ids are normalised as the transform does it (`constructs_lib.privacy.identity`). A document has a visit's id
unchanged or as a pseudonym, and a client id equal to the user id as the user's pseudonym; both are searched. Errors and
answers contain no raw ids, only fields and numbers.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from constructs_lib.privacy import identity

FIELDS = {"user_ids": "user_id", "client_ids": "client_id", "session_ids": "session_id"}
"""Key of the ids in an event, and the document's field."""
PSEUDONYMS = "pseudonyms"
MOST = 1000
"""Most ids of one request; an engine accepts 65,536 terms."""

Key = Callable[[], bytes]
"""Gives the working key behind the pseudonyms."""


class RequestError(Exception):
    """The request cannot be carried out; the text quotes no id."""


class Request(NamedTuple):
    """The values to search for."""

    terms: dict[str, list[str]]
    """Values by field."""
    ignored: dict[str, int]
    """Number of placeholder ids (``null``, ``guest``) by list; no document has them."""

    unsearched: str = ""
    """Why pseudonyms of visits were not searched (KMS returned no key); the result may then be incomplete."""

    def without_ids(self, text: str) -> str:
        """A text, such as an error of the domain, without any of the values."""
        values = {value for values in self.terms.values() for value in values}
        for value in sorted(values, key=len, reverse=True):
            for spelling in (value, json.dumps(value)[1:-1]):
                text = text.replace(spelling, "[id]")
        return text


def read(event: Mapping[str, Any], key: Key | None) -> Request:
    """The values to search for.

    Args:
        event: lists of raw ids under ``user_ids``, ``client_ids`` and ``session_ids``, of pseudonyms under
            ``pseudonyms``.
        key: the working key; None: only unchanged ids can be searched.

    Raises:
        RequestError: there are no ids, a value is not a list, or user ids are given without a key.
    """
    given = {name: _ids(event, name) for name in (*FIELDS, PSEUDONYMS)}
    if not any(given.values()):
        raise RequestError(f"name a person: {', '.join(FIELDS)} or {PSEUDONYMS}")
    if wrong := sum(not identity.is_pseudonym(each) for each in given[PSEUDONYMS]):
        raise RequestError(f"{PSEUDONYMS}: {wrong} of {len(given[PSEUDONYMS])} do not look like u1_ and 32 digits")
    plain = {name: [identity.normalised(each) for each in given[name]] for name in FIELDS}
    ignored = {name: ids.count("") for name, ids in plain.items() if "" in ids}
    found: dict[str, set[str]] = {field: set(given[PSEUDONYMS]) for field in FIELDS.values()}
    wanted = {name: [each for each in ids if each] for name, ids in plain.items()}
    unsearched = ""
    if any(wanted.values()):
        under, unsearched = _keyed(key, needed=bool(wanted["user_ids"]))
        for name, ids in wanted.items():
            for each in ids:
                if under is None:
                    found[FIELDS[name]].add(each)
                elif name == "user_ids":
                    # A client or session id may be equal to the user id.
                    for field in FIELDS.values():
                        found[field].add(identity.pseudonym(each, under))
                else:
                    found[FIELDS[name]].update(identity.forms(each, under))
    return Request({field: sorted(values) for field, values in found.items() if values}, ignored, unsearched)


def _ids(event: Mapping[str, Any], name: str) -> list[Any]:
    given = event.get(name, [])
    if not isinstance(given, list) or not all(isinstance(each, (str, int)) for each in given):
        raise RequestError(f"{name}: must be a list of ids (texts or whole numbers)")
    if len(given) > MOST:
        raise RequestError(f"{name}: {len(given)} ids are too many for one request (allowed: {MOST})")
    return given


def _keyed(key: Key | None, *, needed: bool) -> tuple[hmac.HMAC | None, str]:
    """The function that makes pseudonyms, or None and the reason."""
    if key is None:
        if needed:
            raise RequestError("user_ids need PSEUDONYM_KEY_ID, the key that the transform makes pseudonyms with")
        return None, ""
    try:
        return identity.keyed(key()), ""
    except Exception as error:
        reason = f"KMS did not return the key for pseudonyms ({type(error).__name__}); let the function reach KMS"
        if needed:
            raise RequestError(reason) from error
        return None, f"{reason}: documents with pseudonyms of these ids were not searched"
