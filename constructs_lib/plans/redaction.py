"""Redacts secrets in texts about a plan: by the plan's marks, by name, by the form of a value."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from constructs_lib.plans.document import DEEPEST, Plan, decoded
from constructs_lib.plans.plan_file import PlanError
from constructs_lib.privacy.named_values import without_named_values
from constructs_lib.privacy.names import secret_phrase
from constructs_lib.privacy.secret_values import holds_secret, without_secrets

SENSITIVE = "(sensitive)"
SHORTEST = 6
"""Shortest secret that is searched for in other texts; shorter ones are only replaced at their own path."""
_LONGEST = 64
"""Most characters of a secret that are compared; the text after them is removed too."""

_WORD = re.compile(r"[a-z_\-]*|[A-Z_\-]*|[0-9.]*")
_SHOWN = frozenset({"Sid", "sid", "roles_key", "subject_key", "authorization", "http_tokens", "authorizer_credentials"})
"""Arguments with names like secrets' that hold none: a statement's id, an attribute of a sign-in, a word."""
_ARGUMENT = re.compile(r"[a-z0-9_]*_key")
"""Arguments that name a key of a table or a mapping, unlike a program's variable (``STRIPE_KEY``)."""
_KMS = re.compile(r"(kms|customer_master)_(\w+_)?key")
_REFERENCE = re.compile(r"arn:[\w-]+:|alias/|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
"""Texts that only refer to a secret or a key: ARNs, aliases and ids of keys."""


@lru_cache(4096)
def _phrase(key: str) -> str:
    """The part of a name that marks a secret (see `constructs_lib.privacy.names`); empty if none does."""
    phrase = secret_phrase(key)
    if key in _SHOWN or _KMS.search(key) or (phrase == "key" and _ARGUMENT.fullmatch(key)):
        return ""
    return phrase


def is_secret_name(key: str, value: object) -> bool:
    """Whether a value is secret by its name (``master_user_password``, ``API_TOKEN``), even if not marked.

    A block or mapping is secret only under ``password``, ``secret``, ``credentials`` and the like: one that is called
    ``token`` may be the description of a field.
    """
    if value is None or isinstance(value, bool) or value in ("", [], {}):
        return False
    phrase = _phrase(key)
    if not phrase:
        return False
    if isinstance(value, str):
        return not _REFERENCE.match(value)
    if isinstance(value, (int, float)):
        return phrase not in ("token", "tokens")
    inner = value if isinstance(value, list) else [value]
    if any(isinstance(item, (dict, list)) for item in inner):
        return phrase in ("password", "secret", "secrets")
    return True


def is_secret_value(value: str) -> bool:
    """Whether a text looks like a secret by itself: an access key, a private key, a password in a URL, a web token."""
    return holds_secret(value)


def without_secret_values(value: str) -> str:
    """A text without parts that look like secrets; in scripts and commands also without values after secret names."""
    value = without_secrets(value, SENSITIVE)
    return without_named_values(value) if " " in value and value[:1] not in "{[" else value


def mark(marks: object, key: str | int) -> object:
    """The marks below a key or at a list position."""
    if marks is True:
        return True
    if isinstance(marks, dict) and isinstance(key, str):
        return marks.get(key, False)
    if isinstance(marks, list) and isinstance(key, int) and key < len(marks):
        return marks[key]
    return False


class Redactor:
    """Collects secret values and removes them from finished texts.

    Values are already replaced at their paths; this covers messages that quote a value.
    """

    def __init__(self) -> None:
        self._secrets: dict[str, dict[str, bool]] = {}
        """Secrets by their first `SHORTEST` characters, and whether each is only the beginning of a longer one."""

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
        """Remember the values that ``marks`` (``before_sensitive`` or ``after_sensitive``) and secret names cover."""
        if depth > DEEPEST:
            raise PlanError(f"a value is nested more than {DEEPEST} levels deep")
        if marks is True or (key and is_secret_name(key, value)):
            self._remember(value, certain=marks is True, depth=depth)
        elif isinstance(value, dict):
            for name, item in value.items():
                if marks or isinstance(item, (dict, list)) or _phrase(name):
                    self.learn(item, mark(marks, name), key=name, depth=depth + 1)
        elif isinstance(value, list):
            for place, item in enumerate(value):
                if marks or isinstance(item, (dict, list)) or _phrase(key):
                    self.learn(item, mark(marks, place), key=key, depth=depth + 1)

    def _remember(self, value: object, *, certain: bool, depth: int) -> None:
        """``certain``: the plan marks it. A value that is secret only by its name may be an ordinary word, which
        stays."""
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
        """The text without these values (also escaped as JSON) and without parts that look secret."""
        text = without_secrets(text, SENSITIVE)
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
    """The longest candidate at a position; empty where there is none."""
    window = text[place : place + _LONGEST]
    return next((window[:n] for n in range(len(window), SHORTEST - 1, -1) if window[:n] in candidates), "")


def public(value: Any, marks: object, key: str = "") -> Any:
    """A copy of a value with secrets, by mark, name or form, replaced by `SENSITIVE`."""
    if marks is True or (key and is_secret_name(key, value)):
        return SENSITIVE
    if isinstance(value, Mapping):
        return {name: public(item, mark(marks, name), str(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [public(item, mark(marks, place), key) for place, item in enumerate(value)]
    return without_secret_values(value) if isinstance(value, str) else value
