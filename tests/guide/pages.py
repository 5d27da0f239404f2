"""The pages of the guide, and what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.stacks import ROOT

PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\S*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its text, and the number of its first line in the page."""

    language: str
    text: str
    line: int
    above: str
    """The line above the fence."""


def name(page: Path) -> str:
    """A page's path in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str | None = None) -> list[Block]:
    """The fenced blocks of a page, or those of one language."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        above = text[: match.start()].rstrip().rpartition("\n")[2]
        indent = len(match["indent"])
        inner = "".join(line[indent:] for line in match["text"].splitlines(keepends=True))
        found.append(Block(match["language"], inner, text.count("\n", 0, match.start()) + 2, above))
    return [block for block in found if language in {None, block.language}]


def prose(page: Path) -> str:
    """A page without its fenced blocks and code spans."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return re.sub(r"`[^`\n]*`", lambda span: span[0].replace("[", " ").replace("]", " "), text)


def links(page: Path) -> list[str]:
    """Where the links and images of a page lead."""
    return _LINK.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The ids of a page's headings, as GitHub and MyST make them."""
    ids: dict[str, int] = {}
    for heading in _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = ids.get(slug, -1) + 1
        ids[slug] = number
        if number:
            ids[f"{slug}-{number}"] = 0
    return set(ids)
