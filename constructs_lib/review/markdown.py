"""The report as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from constructs_lib.plans.differences import Difference
from constructs_lib.review import flow
from constructs_lib.review.report import SECTIONS, Entry, Report
from constructs_lib.review.risk import Risk
from constructs_lib.review.text import cut, markdown_code, markdown_text

LONGEST = 65_000
"""Most characters, below a code host's limit for comments (GitHub: 65,536); longer reports end with a note."""
FOLD = 12
"""Number of lines above which a section is collapsed."""
ROWS = 40
"""Most attributes shown for one resource; the HTML report has more."""
MARK = {Risk.NONE: "🟢", Risk.HOURS: "🟠", Risk.REFUSED: "🔴", Risk.LOSS: "⛔"}


def render(report: Report) -> str:
    """The whole report. Its values are redacted already."""
    lines = [
        f"## Plan review: {markdown_text(report.title)}",
        "",
        f"{MARK[report.risk]} **{markdown_text(report.worst)}** (risk {int(report.risk)})",
        "",
        f"{markdown_text(report.headline)}.",
        "",
        *(f"> {markdown_text(note)}" for note in report.notes),
        "",
    ]
    if report.counts:
        lines += ["```mermaid", flow.mermaid(report.counts), "```", ""]
    lines += _attention(report)
    lines += _policies(report)
    lines += _capacity(report)
    for action, title in SECTIONS:
        entries = report.section(action)
        if entries:
            lines += _folded(f"{title} ({len(entries)})", list(_entries(entries, action)))
    if report.drift:
        lines += [f"### Changed outside Terraform ({len(report.drift)})", "", *_entries(report.drift, "update"), ""]
    if report.outputs:
        outputs = (f"- {markdown_code(name)}: {markdown_text(action)}" for name, action in report.outputs.items())
        lines += ["### Outputs", "", *outputs, ""]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"
    if len(text) > LONGEST:
        text = text[: text.rfind("\n", 0, LONGEST - 200)]
        folded = text.count("<details>") > text.count("</details>")
        text += "\n\n</details>\n" * folded
        text += "\n\n*This report is cut to the length of a comment; the HTML report is complete.*\n"
    return text


def _folded(title: str, lines: list[str]) -> list[str]:
    """A section; a long one is collapsed (``<details>``)."""
    if len(lines) <= FOLD:
        return [f"### {title}", "", *lines, ""]
    return [f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _attention(report: Report) -> list[str]:
    rows = [
        f"| {MARK[effect.risk]} | {markdown_code(entry.address)} | {markdown_text(effect.text)} |"
        f" {_optional(effect.trigger)} |{_link(effect.source)} |"
        for effect, entry in report.attention
    ]
    lines = []
    if rows:
        lines += [
            "### What needs a look",
            "",
            "| | Resource | What happens | Triggered by | Source |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    if report.waived:
        agreed = [f"- {markdown_code(entry.address)}: {markdown_text(entry.waived)}" for entry in report.waived]
        lines += ["### Approved changes", "", *agreed, ""]
    return lines


def _entries(entries: Sequence[Entry], action: str) -> Iterable[str]:
    for entry in entries:
        origin = f" ({markdown_text(entry.origin)})" if entry.origin else ""
        yield f"- {MARK[entry.risk]} {markdown_code(entry.address)}{origin}"
        if action in ("update", "replace", "import", "move", "other"):
            yield from (f"  - {_difference(d)}" for d in entry.differences[:ROWS])
            hidden = max(len(entry.differences) - ROWS, 0) + entry.more
            if hidden:
                yield f"  - and {hidden} more"


def _difference(difference: Difference) -> str:
    return f"{markdown_code(difference.name)}: {_value(difference.before)} → {_value(difference.after)}"


def _value(text: str | None) -> str:
    if text is None:
        return "*absent*"
    return markdown_code(cut(text, 120)) if text else '`""`'


def _policies(report: Report) -> list[str]:
    verdicts = report.verdicts
    lines = ["### Policies", ""]
    lines += [f"- {markdown_text(tool)}" for tool in verdicts.ran]
    lines += [f"- {markdown_text(reason)}" for reason in verdicts.skipped]
    lines += [f"- 🔴 {markdown_text(failure)}" for failure in verdicts.failures]
    lines += [f"- ⚪ {markdown_text(failure)}" for failure in verdicts.excepted]
    lines += [f"- ❔ {markdown_text(message)}" for message in verdicts.not_judged]
    for refusal in report.refusals:
        mark = "🔴 AWS would refuse" if refusal.finding.severity == "error" else "🟡 advice"
        lines.append(
            f"- {mark}: {markdown_code(refusal.where)}: {markdown_text(refusal.text)}{_link(refusal.finding.source)}"
        )
    if not report.refusals:
        lines.append("- AWS's limits and rules: no findings")
    return [*lines, ""]


def _capacity(report: Report) -> list[str]:
    if not report.capacity:
        return []
    lines = [
        "### Capacity against limits",
        "",
        "| Resource | Measure | Before | Planned | Limit | Used |",
        "|---|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {markdown_code(m.address)} | {m.name} | {m.shown_before} | {m.shown} | {m.shown_limit} | {m.shown_share} |"
        for m in report.capacity
    ]
    return [*lines, ""]


def _optional(text: str) -> str:
    return markdown_code(text) if text else ""


def _link(source: str) -> str:
    if source.startswith("https://"):
        return f" [source]({source})"
    return f" ({markdown_text(source)})" if source else ""
