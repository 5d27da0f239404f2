"""The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from constructs_lib.review import flow
from constructs_lib.review.report import SECTIONS, Entry, Report
from constructs_lib.review.risk import Risk

_STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
_LEVEL = {Risk.NONE: "in place", Risk.HOURS: "hours or interruption", Risk.REFUSED: "refused", Risk.LOSS: "data loss"}


def render(report: Report) -> str:
    """The whole page; a report holds nothing that must not be shown."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>Plan review: {escape(report.title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Plan review: {escape(report.title)}</h1>",
        f'<div class="banner risk-{int(report.risk)}" data-risk="{int(report.risk)}">',
        f"<strong>{escape(report.worst)}</strong>",
        f"<div>{escape(report.headline)}.</div>",
        *(f'<div class="none">{escape(note)}</div>' for note in report.notes),
        "</div>",
        '<h2>Data flow</h2><div class="scroll">',
        flow.svg(report.counts),
        "</div>",
        *_attention(report),
        *_policies(report),
        *_capacity(report),
    ]
    for action, title in SECTIONS:
        entries = report.section(action)
        if entries:
            parts.append(f"<h2>{escape(title)} ({len(entries)})</h2>")
            parts.extend(_entry(entry) for entry in entries)
    if report.drift:
        parts.append(f"<h2>Changed outside Terraform ({len(report.drift)})</h2>")
        parts.extend(_entry(entry) for entry in report.drift)
    if report.outputs:
        rows = ((_code(name), escape(action)) for name, action in report.outputs.items())
        parts += ["<h2>Outputs</h2>", _table(("Output", "Action"), rows)]
    parts.append("</body></html>\n")
    return "".join(parts)


def _attention(report: Report) -> Iterable[str]:
    found = sorted(
        (
            (effect, entry.address)
            for entry in report.entries
            for effect in entry.effects
            if effect.risk > Risk.NONE or effect.source
        ),
        key=lambda pair: (-pair[0].risk, pair[1], pair[0].trigger),
    )
    if found:
        rows = (
            (
                _tag(effect.risk),
                _code(address),
                escape(effect.text),
                _code(effect.trigger) if effect.trigger else "",
                _source(effect.source),
            )
            for effect, address in found
        )
        yield "<h2>What needs a look</h2>"
        yield _table(("Risk", "Resource", "What happens", "Triggered by", "Says who"), rows)


def _entry(entry: Entry) -> str:
    origin = f' <span class="none">{escape(entry.origin)}</span>' if entry.origin else ""
    tag = _tag(entry.risk) if entry.risk > Risk.NONE else f'<span class="tag level-0">{entry.action}</span>'
    head = f"<summary>{tag}{_code(entry.address)}{origin}</summary>"
    rows = ((_code(d.name), _value(d.before, "del"), _value(d.after, "ins")) for d in entry.differences)
    opened = " open" if entry.risk > Risk.NONE else ""
    body = _table(("Attribute", "Before", "After"), rows) if entry.differences else ""
    return f'<details data-action="{entry.action}"{opened}>{head}{body}</details>'


def _policies(report: Report) -> Iterable[str]:
    verdicts = report.verdicts
    yield "<h2>Policies</h2><ul>"
    for text in (*verdicts.ran, *verdicts.skipped):
        yield f"<li>{escape(text)}</li>"
    if not report.refusals:
        yield "<li>AWS's limits and rules: nothing to refuse</li>"
    yield "</ul>"
    rows = [(_tag(Risk.REFUSED), escape(failure), "") for failure in verdicts.failures]
    rows += [
        (
            _tag(Risk.REFUSED) if refusal.finding.severity == "error" else '<span class="tag level-3">advice</span>',
            f"{_code(refusal.where)} {escape(refusal.text)}",
            _source(refusal.finding.source),
        )
        for refusal in report.refusals
    ]
    if rows:
        yield _table(("", "Finding", "Says who"), rows)


def _capacity(report: Report) -> Iterable[str]:
    if not report.capacity:
        return
    head = "".join(f"<th>{title}</th>" for title in ("Resource", "Measure", "Planned", "Limit", "Used", ""))
    yield f'<h2>Capacity against limits</h2><div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>'
    for measure in report.capacity:
        bar = ""
        if measure.share is not None:
            level = "over" if measure.share > 1 else "high" if measure.share > 0.8 else ""
            bar = f'<span class="bar"><i class="{level}" style="width:{min(measure.share, 1) * 100:.0f}%"></i></span>'
        yield (
            f"<tr><td>{_code(measure.address)}</td><td>{escape(measure.name)} {_source(measure.source)}</td>"
            f'<td class="number">{escape(measure.shown)}</td><td class="number">{escape(measure.shown_limit)}</td>'
            f'<td class="number">{escape(measure.shown_share)}</td><td>{bar}</td></tr>'
        )
    yield "</tbody></table></div>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'


def _tag(risk: Risk) -> str:
    return f'<span class="tag level-{int(risk)}">{_LEVEL[risk]}</span>'


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _value(text: str | None, element: str) -> str:
    return '<span class="none">absent</span>' if text is None else f"<{element}>{_code(text)}</{element}>"


def _source(source: str) -> str:
    if source.startswith("https://"):
        return f'<a href="{escape(source)}" rel="noreferrer">source</a>'
    return f'<span class="none">{escape(source)}</span>' if source else ""
