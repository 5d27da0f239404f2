"""The report as one self-contained HTML file, without scripts, fonts or images from elsewhere."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from constructs_lib.review import flow
from constructs_lib.review.report import SECTIONS, Report
from constructs_lib.review.risk import Risk

TEMPLATES = Path(__file__).with_name("templates")
_LEVEL = {Risk.NONE: "in place", Risk.HOURS: "hours or interruption", Risk.REFUSED: "refused", Risk.LOSS: "data loss"}


def pages(folder: Path) -> Environment:
    """The Jinja2 templates of a folder, with autoescape on."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(report: Report) -> str:
    """The whole page. The report's values are redacted already, and the template escapes them."""
    return (
        pages(TEMPLATES)
        .get_template("report.html")
        .render(
            report=report,
            style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
            sections=[(action, title, entries) for action, title in SECTIONS if (entries := report.section(action))],
            boxes=flow.boxes(report.counts),
            edges=flow.edges(report.counts),
            drawing=flow,
            level=_LEVEL,
            risk=Risk,
        )
    )
