"""The report as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from constructs_lib.plans.differences import Difference
from constructs_lib.review import flow
from constructs_lib.review.report import SECTIONS, Entry, Report
from constructs_lib.review.risk import Risk

LONGEST = 65_000
"""Characters that a comment on a code host may have (GitHub: 65,536); longer reports end with a note."""
FOLD = 12
"""Lines of a section above which it is folded away."""
ROWS = 40
"""Attributes shown for one resource; the browser's report has them all."""
MARK = {Risk.NONE: "🟢", Risk.HOURS: "🟠", Risk.REFUSED: "🔴", Risk.LOSS: "⛔"}


def render(report: Report) -> str:
    """The whole report; a report holds nothing that must not be shown."""
    lines = [
        f"## Plan review: {_text(report.title)}",
        "",
        f"{MARK[report.risk]} **{_text(report.worst)}** (risk {int(report.risk)})",
        "",
        f"{_text(report.headline)}.",
        "",
        *(f"> {_text(note)}" for note in report.notes),
        "",
        "```mermaid",
        flow.mermaid(report.counts),
        "```",
        "",
    ]
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
        lines += ["### Outputs", "", *(f"- {_code(name)}: {action}" for name, action in report.outputs.items()), ""]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"
    if len(text) > LONGEST:
        text = (
            text[: text.rfind("\n", 0, LONGEST - 200)]
            + "\n\n*The rest is in the HTML report: this one is cut at the length of a comment.*\n"
        )
    return text


def _folded(title: str, lines: list[str]) -> list[str]:
    """A section; a long one is folded away, as code hosts show it."""
    if len(lines) <= FOLD:
        return [f"### {title}", "", *lines, ""]
    return [f"<details><summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _attention(report: Report) -> list[str]:
    found = [(effect, entry.address) for entry in report.entries for effect in entry.effects]
    found = [pair for pair in found if pair[0].risk > Risk.NONE or pair[0].source]
    rows = [
        f"| {MARK[effect.risk]} | {_code(address)} | {_text(effect.text)} | {_optional(effect.trigger)} |"
        f"{_link(effect.source)} |"
        for effect, address in sorted(found, key=lambda pair: (-pair[0].risk, pair[1], pair[0].trigger))
    ]
    if not rows:
        return []
    return [
        "### What needs a look",
        "",
        "| | Resource | What happens | Triggered by | Says who |",
        "|---|---|---|---|---|",
        *rows,
        "",
    ]


def _entries(entries: Sequence[Entry], action: str) -> Iterable[str]:
    for entry in entries:
        origin = f" ({_text(entry.origin)})" if entry.origin else ""
        yield f"- {MARK[entry.risk]} {_code(entry.address)}{origin}"
        if action in ("update", "replace", "import", "move"):
            yield from (f"  - {_difference(d)}" for d in entry.differences[:ROWS])
            if len(entry.differences) > ROWS:
                yield f"  - and {len(entry.differences) - ROWS} more"


def _difference(difference: Difference) -> str:
    return f"{_code(difference.name)}: {_value(difference.before)} → {_value(difference.after)}"


def _value(text: str | None) -> str:
    if text is None:
        return "*absent*"
    return _code(text if len(text) <= 120 else text[:117] + "...") if text else '`""`'


def _policies(report: Report) -> list[str]:
    verdicts = report.verdicts
    lines = ["### Policies", ""]
    lines += [f"- {_text(tool)}" for tool in verdicts.ran]
    lines += [f"- {_text(reason)}" for reason in verdicts.skipped]
    lines += [f"- 🔴 {_text(failure)}" for failure in verdicts.failures]
    for refusal in report.refusals:
        mark = "🔴 AWS would refuse" if refusal.finding.severity == "error" else "🟡 advice"
        lines.append(f"- {mark}: {_code(refusal.where)}: {_text(refusal.text)}{_link(refusal.finding.source)}")
    if not report.refusals:
        lines.append("- AWS's limits and rules: nothing to refuse")
    return [*lines, ""]


def _capacity(report: Report) -> list[str]:
    if not report.capacity:
        return []
    lines = [
        "### Capacity against limits",
        "",
        "| Resource | Measure | Planned | Limit | Used |",
        "|---|---|---:|---:|---:|",
    ]
    lines += [
        f"| {_code(m.address)} | {_text(m.name)} | {_text(m.shown)} | {_text(m.shown_limit)} | {_text(m.shown_share)} |"
        for m in report.capacity
    ]
    return [*lines, ""]


def _text(text: str) -> str:
    """Plain words: nothing in them is Markdown, HTML, a table's border or a mention."""
    text = " ".join(text.split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]|#~])", r"\\\1", text).replace("@", "@&#8203;")


def _code(text: str) -> str:
    """A code span that holds whatever the text is."""
    text = " ".join(text.split()).replace("|", "¦") or " "
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _optional(text: str) -> str:
    return _code(text) if text else ""


def _link(source: str) -> str:
    if source.startswith("https://"):
        return f" [source]({source})"
    return f" ({_text(source)})" if source else ""
