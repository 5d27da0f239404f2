"""Translates a YAML parser's errors into plain words, with the line to change."""

from __future__ import annotations

import re

import yaml

_TAB = "is indented with a tab (allowed: spaces)"
_WORDS = {
    "found undefined alias": "refers to an anchor (*) that the file does not define",
    "found unknown escape character": (
        r"has an unknown escape after \ in a text in double quotes (allowed: single quotes, in which \ is a character)"
    ),
    "did not find expected '-' indicator": "is indented like a list item but does not begin with -",
    "did not find expected node content": "has a comma or bracket where a value is expected",
    "block sequence entries are not allowed in this context": "begins a list item (-) where a value is expected",
    "second occurrence": "defines an anchor (&) that the file defines already",
    "found unknown directive name": "begins with %; quote it if it is a text",
    "did not find expected comment or line break": "has text after | or >; the text begins on the next line",
}


def in_plain_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int | None, str]:
    """The line, from 1, and what is wrong with it.

    Args:
        error: what the parser raised.
        text: what it read.
    """
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context)
    if mark is None:
        return None, problem
    lines = text.split("\n")
    number = min(mark.line, len(lines) - 1)
    begun = error.context_mark.line + 1 if error.context_mark else number + 1
    if re.match(r" *\t", lines[number]) and "scanning" in str(error.context):
        return number + 1, _TAB
    if problem == "found unexpected end of stream" or problem.startswith("did not find expected ',' or"):
        return begun, _unclosed(problem)
    if problem == "did not find expected node content" and not "".join(lines[mark.line :])[mark.column :].strip():
        last = max(each for each in range(number + 1) if lines[each].strip())
        return last + 1, "ends the file inside a list or mapping that is not closed (expected: ] or })"
    if problem == "mapping values are not allowed in this context":
        return _misplaced_colon(lines, number)
    return number + 1, _on_this_line(problem, lines[number], mark.column)


def _unclosed(problem: str) -> str:
    if problem == "found unexpected end of stream":
        return "begins a text in quotes that never ends; add the closing quote"
    kind, closing = ("list", "]") if problem.endswith("']'") else ("mapping", "}")
    return f"begins a {kind} that is not closed, or lacks a comma (expected: , or {closing})"


def _on_this_line(problem: str, line: str, column: int) -> str:
    if problem == "found character that cannot start any token":
        return f"has a value that begins with {line[column : column + 1]}; put the value into quotes"
    if problem == "did not find expected key":
        if re.search(r""":\s+("[^"]*"|'[^']*')\s*[^\s#]""", line):
            return "has text after the closing quote; put the whole value into one pair of quotes"
        return "is not indented like the keys beside it"
    return _WORDS.get(problem, f"is not YAML: {problem}")


def _misplaced_colon(lines: list[str], number: int) -> tuple[int, str]:
    if len(re.findall(r":(?=\s)", lines[number].partition(" #")[0])) > 1:
        return number + 1, "has a second colon; put a value that contains a colon and a space into quotes"
    above = next((each for each in range(number - 1, -1, -1) if lines[each].partition("#")[0].strip()), None)
    if above is not None and ":" not in lines[above]:
        return above + 1, "has no colon between key and value"
    return number + 1, "is indented below a key that has a value already"
