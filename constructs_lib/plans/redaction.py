"""Keeping secrets out of what is said about a plan: by the plan's marks, by name, by the look of a value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from constructs_lib.plans.document import DEEPEST, Plan, PlanError, decoded

SENSITIVE = "(sensitive)"
SHORTEST = 6
"""Characters a secret needs to be searched for in other texts; shorter ones are only replaced where they stand."""
_LONGEST = 64
"""Characters of a secret that are searched for; what follows them in a text is taken out too."""

_SECRET_THING = re.compile(
    r"passw(or)?d|passphrase|(^|[_\-.])(secret|credential)s?($|[_\-.])|(^|[_\-.])(pass|pwd)$"
    r"|(secret|private|client)_?(key|string|value|binary|secret)",
    re.IGNORECASE,
)
"""Names under which everything is secret, whatever its shape."""
_SECRET_TEXT = re.compile(
    r"(?i:(^|[_\-.])tokens?($|[_\-.])|(api|access|signing|hmac|encryption|license|webhook)_?key(_id)?$"
    r"|auth(orization)?(_?(key|token|header))?$|bearer|connection_?string|(^|_)dsn$|cookie|(^|[_\-.])(salt|pepper)$)"
    r"|^[A-Z0-9_]+_KEY$"
)
"""Names whose text is secret; a mapping of that name (a field of an index template) is described, not hidden.
``STRIPE_KEY`` is a variable of a program; ``partition_key`` and ``kms_key_id`` are arguments."""
_NO_SECRET = re.compile(
    r"(_arns?|_url|_policy|_enabled|_configuration|_validity|_length|_in_days|_units)$", re.IGNORECASE
)
_WORD = re.compile(r"[a-z_\-]*|[A-Z_\-]*|[0-9.]*")
_SECRET_VALUE = re.compile(
    r"(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|-----BEGIN [A-Z ]{0,40}PRIVATE KEY[\s\S]*"
    r"|://[^/\s:@]{1,256}:[^/\s@]{1,1024}@"
    r"|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}"
    r"|gl(?:pat|dt|rt|ptt|cbt|ft)-[A-Za-z0-9_-]{20,}"
    r"|npm_[A-Za-z0-9]{30,}"
    r"|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}"
    r"|AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]+"
    r"|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"
)


@lru_cache(4096)
def _kind_of_name(key: str) -> str:
    if _NO_SECRET.search(key):
        return ""
    if _SECRET_THING.search(key):
        return "thing"
    return "text" if _SECRET_TEXT.search(key) else ""


def is_secret_name(key: str, value: object) -> bool:
    """Whether a name says that its value is a secret (``master_user_password``, ``API_TOKEN``), marked or not."""
    kind = _kind_of_name(key)
    if not kind or value is None or isinstance(value, bool) or value in ("", [], {}):
        return False
    return kind == "thing" or not isinstance(value, (dict, list))


def is_secret_value(value: str) -> bool:
    """Whether a text looks like a secret by itself: an access key, a private key, a password in a URL, a web token."""
    return bool(_SECRET_VALUE.search(value))


def mark(marks: object, key: str | int) -> object:
    """The marks of what lies below a key or at a position."""
    if marks is True:
        return True
    if isinstance(marks, dict) and isinstance(key, str):
        return marks.get(key, False)
    if isinstance(marks, list) and isinstance(key, int) and key < len(marks):
        return marks[key]
    return False


class Redactor:
    """Collects the values that must never be shown and takes them out of finished text.

    Values are already replaced where they stand; this is the second line, for messages that quote a value.
    """

    def __init__(self) -> None:
        self._secrets: dict[str, dict[str, bool]] = {}
        """By first `SHORTEST` characters, what is searched for, and whether it is only the beginning of a secret."""

    @classmethod
    def of(cls, plan: Plan) -> Redactor:
        """Knows every value that a plan marks sensitive and every one with a secret's name."""
        redactor = cls()
        for item in (*plan.resource_changes, *plan.resource_drift):
            change = item.change
            redactor.learn(change.after, change.after_sensitive)
            if not change.unchanged or change.raw_before_sensitive != change.raw_after_sensitive:
                redactor.learn(change.before, change.before_sensitive)
        for name, output in (plan.output_changes or {}).items():
            redactor.learn({name: decoded(output.before)}, {name: decoded(output.before_sensitive)})
            redactor.learn({name: decoded(output.after)}, {name: decoded(output.after_sensitive)})
        declared = plan.root_module.variables or {}
        for name, variable in (plan.variables or {}).items():
            marked = name in declared and declared[name].sensitive
            redactor.learn({name: decoded(variable.value)}, {name: marked})
        return redactor

    def learn(self, value: object, marks: object, *, key: str = "", depth: int = 0) -> None:
        """Remember what ``marks`` (the plan's ``before_sensitive`` or ``after_sensitive``) and secret names cover."""
        if depth > DEEPEST:
            raise PlanError(f"a value is nested more than {DEEPEST} levels deep")
        if marks is True or (key and is_secret_name(key, value)):
            self._remember(value, certain=marks is True, depth=depth)
        elif isinstance(value, dict):
            for name, item in value.items():
                if marks or isinstance(item, (dict, list)) or _kind_of_name(name):
                    self.learn(item, mark(marks, name), key=name, depth=depth + 1)
        elif isinstance(value, list):
            for place, item in enumerate(value):
                if marks or isinstance(item, (dict, list)) or _kind_of_name(key):
                    self.learn(item, mark(marks, place), key=key, depth=depth + 1)

    def _remember(self, value: object, *, certain: bool, depth: int) -> None:
        """``certain``: the plan says so. What only its name gives away may be an ordinary word: that stays."""
        if depth > DEEPEST:
            raise PlanError(f"a value is nested more than {DEEPEST} levels deep")
        if isinstance(value, (dict, list)):
            for item in value.values() if isinstance(value, dict) else value:
                self._remember(item, certain=certain, depth=depth + 1)
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            text = str(value)
            if len(text) >= SHORTEST and (certain or not _WORD.fullmatch(text)):
                for form in {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}:
                    known = self._secrets.setdefault(form[:SHORTEST], {})
                    known[form[:_LONGEST]] = known.get(form[:_LONGEST], False) or len(form) > _LONGEST

    def clean(self, text: str) -> str:
        """The text without any of the values, also where they were escaped as JSON, and without what looks secret."""
        text = _SECRET_VALUE.sub(SENSITIVE, text)
        if not self._secrets or len(text) < SHORTEST:
            return text
        parts, start, place = [], 0, 0
        while place <= len(text) - SHORTEST:
            candidates = self._secrets.get(text[place : place + SHORTEST])
            found = _longest_at(text, place, candidates) if candidates else ""
            if candidates and found:
                parts += [text[start:place], SENSITIVE]
                start = place = len(text) if candidates[found] else place + len(found)
            else:
                place += 1
        return "".join([*parts, text[start:]])


def _longest_at(text: str, place: int, candidates: Mapping[str, bool]) -> str:
    """The longest candidate that stands at a place, nothing where none does."""
    window = text[place : place + _LONGEST]
    return next((window[:n] for n in range(len(window), SHORTEST - 1, -1) if window[:n] in candidates), "")


def public(value: Any, marks: object, key: str = "") -> Any:
    """A copy of a value with what is secret, by mark, name or look, replaced by `SENSITIVE`."""
    if marks is True or (key and is_secret_name(key, value)):
        return SENSITIVE
    if isinstance(value, Mapping):
        return {name: public(item, mark(marks, name), str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [public(item, mark(marks, place), key) for place, item in enumerate(value)]
    return SENSITIVE if isinstance(value, str) and is_secret_value(value) else value
