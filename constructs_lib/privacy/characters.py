"""Removes characters that are invisible, or that change the display of others, from every text.

Removed are zero-width characters, soft hyphens, marks that turn the direction of writing, tags and annotations;
control characters (C0 and C1) and separators of lines and paragraphs become a space. Joiners between letters outside
ASCII stay: Persian, Indic scripts and emoji are written with them.
"""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    "|(?<=[\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f])|^[\u200c\u200d]+|[\u200c\u200d]+$"
)


def visible(text: str) -> str:
    """A text without invisible characters, with a space for control characters, and without halves of pairs."""
    if text.isprintable():
        return text
    text = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair is a text in JSON and none in UTF-8.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
