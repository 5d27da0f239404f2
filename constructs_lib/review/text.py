"""Escapes texts from plans, files and tools for the places where a report shows them.

The template escapes HTML; `constructs_lib.terminal.one_line` keeps every text on one line. These functions keep
markup, mentions and links out of Markdown.
"""

from __future__ import annotations

import re

from constructs_lib.terminal import one_line

LONGEST = 2000
"""Characters of one value that a report shows."""


def cut(text: str, longest: int = LONGEST) -> str:
    """The beginning of a long text, and the number of characters left out."""
    return text if len(text) <= longest else f"{text[:longest]}... ({len(text) - longest} more characters)"


def markdown_text(text: str) -> str:
    """Plain words in Markdown: no markup, HTML, table border, mention or link."""
    text = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_{}\[\]|#~!])", r"\\\1", text)
    text = re.sub(r"(?i)(:)(//)|(www)(\.)", lambda found: "&#8203;".join(part for part in found.groups() if part), text)
    return text.replace("@", "@&#8203;")


def markdown_code(text: str) -> str:
    """A code span for any text."""
    text = one_line(text).replace("|", "¦") or " "
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
