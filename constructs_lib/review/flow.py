"""The pipeline's data flow with its changes marked: a drawing for a browser, a Mermaid chart for a pull request.

Every resource of the plan belongs to one station of the flow: by its type, or by the name of its construct where
several stations have the type (functions, roles, log groups). Stations without resources are not drawn. A mark is a
word and a count as well as a colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from constructs_lib.plans.document import ResourceChange

ORDER = ("replace", "destroy", "forget", "update", "import", "move", "create")
"""Actions, riskiest first; a station takes the colour of its riskiest action."""


@dataclass(frozen=True)
class Station:
    """One box: its id, its label, and its upper left corner in pixels."""

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
    Station("collector", "Collector (API, Lambda)", 131, 134),
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
    ("sources", "collector", "posts"),
    ("collector", "stream", "records"),
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
    ("aws_api_gateway", "collector"),
    ("aws_apigatewayv2", "collector"),
    ("aws_wafv2", "collector"),
)

Tally = Mapping[str, Counter[str]]
"""Number of resources by station and action."""


def station(item: ResourceChange) -> str:
    """The station that a resource belongs to."""
    name = item.address.lower()
    if item.type.startswith(("aws_lambda", "aws_sqs", "aws_signer")):
        for key in ("bootstrap", "collector", "transform"):
            if key in name:
                return key
        return "other"
    for prefix, key in _TYPES:
        if item.type.startswith(prefix):
            return key
    return "other"


def tally(changes: Iterable[ResourceChange]) -> dict[str, Counter[str]]:
    """How many resources of each station each action touches (no-op is not counted)."""
    found: dict[str, Counter[str]] = {}
    for item in changes:
        if item.mode == "managed":
            counts = found.setdefault(station(item), Counter())
            if item.action in ORDER:
                counts[item.action] += 1
    if "stream" in found:  # The senders of events are not part of the plan.
        found.setdefault("sources", Counter())
    return found


@dataclass(frozen=True)
class Box:
    """A station as it is drawn."""

    station: Station
    action: str
    """The riskiest action; ``none`` where nothing changes."""
    label: str


@dataclass(frozen=True)
class Edge:
    """An arrow between two stations, its label, and the label's text anchor (``start``, ``middle`` or ``end``)."""

    start: str
    end: str
    text: str
    x1: int
    y1: int
    x2: int
    y2: int
    anchor: str
    text_x: int
    text_y: int


def boxes(counts: Tally) -> list[Box]:
    """The stations of a plan."""
    return [
        Box(
            place,
            next((action for action in ORDER if counts[place.key][action]), "none"),
            "  ".join(f"{counts[place.key][action]} {action}" for action in ORDER if counts[place.key][action])
            or "no change",
        )
        for place in STATIONS
        if place.key in counts
    ]


def edges(counts: Tally) -> list[Edge]:
    """The arrows between the stations of a plan."""
    places = {place.key: place for place in STATIONS}
    return [_edge(places[start], places[end], text) for start, end, text in _EDGES if start in counts and end in counts]


def _edge(start: Station, end: Station, text: str) -> Edge:
    if start.y == end.y:
        forward = start.x < end.x
        x1, x2 = (start.x + BOX_WIDTH, end.x) if forward else (start.x, end.x + BOX_WIDTH)
        y = start.y + BOX_HEIGHT // 2
        return Edge(start.key, end.key, text, x1, y, x2, y, "middle", (x1 + x2) // 2, y - 8)
    down = start.y < end.y
    x = (max(start.x, end.x) + min(start.x, end.x) + BOX_WIDTH) // 2
    y1, y2 = (start.y + BOX_HEIGHT, end.y) if down else (start.y, end.y + BOX_HEIGHT)
    anchor, aside = ("end", -8) if end.x < start.x else ("start", 8)
    return Edge(start.key, end.key, text, x, y1, x, y2, anchor, x + aside, (y1 + y2) // 2 + 4)


def mermaid(counts: Tally) -> str:
    """The same as a Mermaid flow chart, which code hosts draw inside Markdown."""
    lines = ["flowchart LR"]
    lines += [f'  {box.station.key}["{box.station.title}<br/>{box.label}"]:::{box.action}' for box in boxes(counts)]
    lines += [f"  {edge.start} -->|{edge.text}| {edge.end}" for edge in edges(counts)]
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
