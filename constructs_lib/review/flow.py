"""The data flow of the pipeline with what changes marked: an SVG for the browser, a Mermaid chart for a pull request.

Every resource of the plan belongs to one station of the flow, by its type and, for functions, roles and log groups that
several stations have, by the name of its construct. Marks are a word and a count as well as a colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from constructs_lib.plans.document import ResourceChange

ORDER = ("replace", "destroy", "forget", "update", "import", "move", "create")
"""Actions from the one that most needs a look to the one that least does; a station takes the colour of its first."""
SIGN = {"replace": "-/+", "destroy": "-", "forget": "x", "update": "~", "import": "<", "move": ">", "create": "+"}


@dataclass(frozen=True)
class Station:
    """One box: its id, what it is called, and where its upper left corner is, in the drawing's units (pixels)."""

    key: str
    title: str
    x: int
    y: int


WIDTH, HEIGHT, BOX_WIDTH, BOX_HEIGHT = 1000, 340, 176, 74
STATIONS = (
    Station("sources", "Web servers, browsers", 8, 10),
    Station("stream", "Stream (Kinesis)", 254, 10),
    Station("delivery", "Delivery (Firehose)", 506, 10),
    Station("domain", "Search domain", 810, 10),
    Station("transform", "Transform (Lambda)", 402, 134),
    Station("archive", "Archive (S3)", 618, 134),
    Station("bootstrap", "Bootstrap (Lambda)", 816, 134),
    Station("encryption", "Encryption keys", 8, 258),
    Station("network", "Network", 210, 258),
    Station("access", "Roles and policies", 412, 258),
    Station("monitoring", "Logs and alarms", 614, 258),
    Station("other", "Other resources", 816, 258),
)
_EDGES = (
    ("sources", "stream", "events"),
    ("stream", "delivery", "records"),
    ("delivery", "domain", "documents"),
    ("delivery", "transform", "batches"),
    ("delivery", "archive", "raw and failed"),
    ("bootstrap", "domain", "templates, roles"),
)
_TYPES = (
    ("aws_kinesis_firehose", "delivery"),
    ("aws_kinesis", "stream"),
    ("aws_opensearch", "domain"),
    ("aws_elasticsearch", "domain"),
    ("aws_cognito", "domain"),
    ("aws_s3", "archive"),
    ("aws_glue", "archive"),
    ("aws_athena", "archive"),
    ("aws_kms", "encryption"),
    ("aws_default_", "network"),
    ("aws_vpc", "network"),
    ("aws_subnet", "network"),
    ("aws_security_group", "network"),
    ("aws_route", "network"),
    ("aws_flow_log", "network"),
    ("aws_iam", "access"),
    ("aws_cloudwatch", "monitoring"),
    ("aws_sns", "monitoring"),
    ("aws_api_gateway", "sources"),
    ("aws_apigatewayv2", "sources"),
    ("aws_wafv2", "sources"),
)


def station(item: ResourceChange) -> str:
    """The station that a resource belongs to."""
    name = item.address.lower()
    if item.type.startswith(("aws_lambda", "aws_sqs", "aws_signer")):
        for key in ("bootstrap", "transform"):
            if key in name:
                return key
        return "other"
    for prefix, key in _TYPES:
        if item.type.startswith(prefix):
            return key
    return "other"


def tally(changes: Iterable[ResourceChange]) -> dict[str, Counter[str]]:
    """For every station, how many resources each action touches (no-op is not counted)."""
    found: dict[str, Counter[str]] = {place.key: Counter() for place in STATIONS}
    for item in changes:
        if item.mode == "managed" and item.action in ORDER:
            found[station(item)][item.action] += 1
    return found


def _worst(counts: Mapping[str, int]) -> str:
    return next((action for action in ORDER if counts.get(action)), "none")


def _label(counts: Mapping[str, int]) -> str:
    return "  ".join(f"{counts[action]} {action}" for action in ORDER if counts.get(action)) or "no change"


def svg(counts: Mapping[str, Mapping[str, int]]) -> str:
    """One ``<svg>`` element; its colours come from the classes ``act-ACTION`` of the page around it."""
    places = {place.key: place for place in STATIONS}
    parts = [
        f'<svg class="flow" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="flow-title">',
        '<title id="flow-title">Data flow of the pipeline; what the plan changes is marked</title>',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
        '<path class="arrow" d="M0 0 8 4 0 8z"/></marker></defs>',
    ]
    parts.extend(_edge(places[start], places[end], text) for start, end, text in _EDGES)
    for place in STATIONS:
        worst, label = _worst(counts.get(place.key, {})), _label(counts.get(place.key, {}))
        middle = place.x + BOX_WIDTH // 2
        parts.append(
            f'<g class="station act-{worst}" data-station="{place.key}" data-action="{worst}">'
            f'<rect x="{place.x}" y="{place.y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8"/>'
            f'<text class="name" x="{middle}" y="{place.y + 31}">{escape(place.title)}</text>'
            f'<text class="count" x="{middle}" y="{place.y + 54}">{escape(label)}</text></g>'
        )
    parts.append("</svg>")
    return "".join(parts)


def _edge(start: Station, end: Station, text: str) -> str:
    if start.y == end.y:
        forward = start.x < end.x
        x1, x2 = (start.x + BOX_WIDTH, end.x) if forward else (start.x, end.x + BOX_WIDTH)
        y1 = y2 = start.y + BOX_HEIGHT // 2
        words = (
            f'<text class="edge" x="{(x1 + x2) // 2}" y="{y1 - 8}">{escape(text)}</text>' if abs(x2 - x1) > 50 else ""
        )
    else:
        down = start.y < end.y
        x1 = x2 = (max(start.x, end.x) + min(start.x, end.x) + BOX_WIDTH) // 2
        y1, y2 = (start.y + BOX_HEIGHT, end.y) if down else (start.y, end.y + BOX_HEIGHT)
        side = ("end", -8) if end.x < start.x else ("start", 8)
        at = f'text-anchor="{side[0]}" x="{x1 + side[1]}" y="{(y1 + y2) // 2 + 4}"'
        words = f'<text class="edge" {at}>{escape(text)}</text>'
    return f'<line class="edge" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" marker-end="url(#arrow)"/>{words}'


def mermaid(counts: Mapping[str, Mapping[str, int]]) -> str:
    """The same as a Mermaid flow chart, which code hosts draw inside Markdown."""
    lines = ["flowchart LR"]
    lines.extend(
        f'  {place.key}["{place.title}<br/>{_label(counts.get(place.key, {}))}"]:::{_worst(counts.get(place.key, {}))}'
        for place in STATIONS
        if counts.get(place.key) or any(place.key in edge[:2] for edge in _EDGES)
    )
    lines.extend(f"  {start} -->|{text}| {end}" for start, end, text in _EDGES)
    lines += [
        "  classDef create fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
        "  classDef import fill:#ddf4ff,stroke:#0969da,color:#1f2328",
        "  classDef move fill:#ddf4ff,stroke:#0969da,color:#1f2328",
        "  classDef update fill:#fff8c5,stroke:#9a6700,color:#1f2328",
        "  classDef forget fill:#fff1e5,stroke:#bc4c00,color:#1f2328",
        "  classDef destroy fill:#ffebe9,stroke:#cf222e,color:#1f2328",
        "  classDef replace fill:#ffebe9,stroke:#cf222e,stroke-width:3px,color:#1f2328",
        "  classDef none fill:#f6f8fa,stroke:#8c959f,color:#59636e",
    ]
    return "\n".join(lines)
