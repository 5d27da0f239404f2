"""What identifies or unlocks is taken out of texts: ``[email]``, ``[phone]``, ``[card]``, ``[iban]``, ``[ip]``,
``[mac]``, ``[secret]`` and ``[personal]`` stand in its place.

The order: invisible characters, URLs within the text (`urls`), values beside private names, values that a sentence
tells, secrets by their form, then personal data by its form (`personal_data`). A text is cut to :data:`WINDOW` first,
and only short ones are kept, so that neither time nor memory grows with what is sent.
"""

from __future__ import annotations

import re

from constructs_lib.privacy.characters import visible
from constructs_lib.privacy.named_values import without_named_values
from constructs_lib.privacy.secret_values import without_secrets
from constructs_lib.privacy.told_values import without_told_values

from . import personal_data, urls
from .cache import remembered

WINDOW = 8192
"""Characters of a text that are looked at; what lies beyond is cut off."""
_URL = re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s\"'<>\\]+")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_WORD = re.compile(r"[^\s\"'<>\\]+")
_PAIRS = re.compile(r"[:=]|(?<!\w)-{1,2}\w|<\w")
_AGENT = re.compile(
    r"Mozilla/[0-9.]{1,5} \([^()]{1,300}(?:\([^()]{0,100}\)[^()]{0,100}){0,3}\)"
    r"(?: (?:[A-Za-z][\w.-]{0,40}/[\w.:-]{1,60}|Mobile|Safari|like Gecko|\([^()]{0,200}\))){0,12}"
)
"""A browser's user agent within a text: which browser it was is the device's, all of it a mark of one person."""
_LONG = 12
"""A shorter text holds no secret that is known by its form."""


@remembered(8192, cut=WINDOW + 1)
def text(given: str) -> str:
    """A text without what identifies or unlocks."""
    found = visible(given)
    cut = len(found) > WINDOW
    if cut:
        # The last word may be the first half of an address.
        found = found[:WINDOW]
        found = found.rpartition(" ")[0] if " " in found else found[:-256]
    if "://" in found:
        found = _URL.sub(_url, found)
    if "%" in found and _ENCODED.search(found) is not None:
        found = _WORD.sub(_encoded, found)
    return _without_values(found)


def without_urls(plain: str) -> str:
    """A decoded part of a URL without what identifies or unlocks; URLs within it are texts with parameters."""
    return _without_values(visible(plain[:WINDOW]))


def _without_values(found: str) -> str:
    if "Mozilla/" in found:
        found = _AGENT.sub("[user agent]", found)
    if _PAIRS.search(found) is not None or "bearer" in found.lower() or "basic" in found.lower():
        found = without_named_values(found)
    if " " in found:
        found = without_told_values(found)
    if len(found) >= _LONG:
        found = without_secrets(found)
    if spans := personal_data.spans(found):
        parts = []
        at = 0
        for start, end, mark in spans:
            parts += [found[at:start], mark]
            at = end
        found = "".join([*parts, found[at:]])
    return found


def _url(match: re.Match[str]) -> str:
    return urls.within_text(match.group())


def _encoded(match: re.Match[str]) -> str:
    """A path or a form's content in a text, which says more than it shows."""
    word = match.group()
    if "%" not in word or "://" in word:
        return word
    if any(sign in word for sign in "/?=&"):
        return urls.reference(word)
    plain, _ = urls.decoded(word)
    return word if (clean := without_urls(plain)) == visible(plain) else clean
