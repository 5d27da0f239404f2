"""Makes text from files and tools safe for a terminal, a log or a report."""

from __future__ import annotations


def one_line(text: str) -> str:
    """The text on one line: line breaks and runs of blanks become one blank, other control characters a question mark.

    So no file can move the cursor, change the writing direction, or add lines to our output.
    """
    words = " ".join(text.split())
    return words if words.isprintable() else "".join(each if each.isprintable() else "?" for each in words)
