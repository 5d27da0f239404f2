"""How `make docs` turns the Markdown into a site: Sphinx with MyST and the furo theme.

The pages are plain Markdown, so that they read the same where the repository is browsed. What a site needs besides is
added here: the navigation, which is the order of the links in docs/index.md, and links that leave the site.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[1]

project = "User behaviour analytics on AWS"
html_title = project
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
root_doc = "README"
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md"]
myst_heading_anchors = 6
# Console blocks hold output as well, which no lexer knows.
suppress_warnings = ["misc.highlighting_failure"]
html_theme = "furo"
html_copy_source = False
html_show_copyright = False
html_static_path: list[str] = []

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#:\s]+)(#[^)\s]*)?\)")


def navigation(index: str) -> str:
    """A hidden toctree for each section of docs/index.md, with the pages it links to, each page once."""
    seen: set[str] = set()
    trees = ["```{toctree}\n:hidden:\n\n/docs/index\n```\n"]
    for section in re.split(r"^## ", index, flags=re.MULTILINE)[1:]:
        caption = section.partition("\n")[0]
        linked = [(ROOT / "docs" / match[2]).resolve() for match in _LINK.finditer(section)]
        pages = [path.relative_to(ROOT).with_suffix("").as_posix() for path in linked if path.suffix == ".md"]
        new = [page for page in dict.fromkeys(pages) if page not in seen]
        seen.update(new)
        if new:
            entries = "\n".join(f"/{page}" for page in new)
            trees.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{entries}\n```\n")
    return "\n\n" + "\n".join(trees)


def prepare(_app: Sphinx, name: str, source: list[str]) -> None:
    """Add the navigation to the front page, and let links to folders of the repository be plain text."""
    folder = (ROOT / name).parent

    def plain(match: re.Match[str]) -> str:
        return match[1] if (folder / match[2]).is_dir() else match[0]

    source[0] = _LINK.sub(plain, source[0])
    if name == root_doc:
        source[0] += navigation((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))


def front_page(app: Sphinx, problem: Exception | None) -> None:
    """Serve the README as the site's first page."""
    if problem is None:
        shutil.copy(Path(app.outdir, "README.html"), Path(app.outdir, "index.html"))


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", prepare)
    app.connect("build-finished", front_page)
