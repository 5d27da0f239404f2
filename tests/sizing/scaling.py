"""``make scaling``: the outputs of ``size`` in docs/scaling.md, renewed. A test holds the page against the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from constructs_lib.configuration.environment import Environment
from constructs_lib.sizing import report as reporting
from constructs_lib.sizing import text
from constructs_lib.sizing.deployment import block, deployment_of, pasted
from constructs_lib.sizing.numbers import shown
from tests.stacks import ROOT

PAGE = ROOT / "docs" / "scaling.md"
FILES: Mapping[int, dict[str, Any]] = {
    10: {"events_per_second": 10},
    1000: {"events_per_second": 1000, "hot_days": 30, "warm_days": 60},
    50_000: {"events_per_second": 50_000, "events_per_record": 20, "hot_days": 7, "warm_days": 23},
    1_000_000: {"events_per_second": 1_000_000, "events_per_record": 20, "hot_days": 3, "warm_days": 11},
}
_MARK = re.compile(r"(<!-- size: (\w+) -->\n)(?:\n(?:```.*?^```\n|\|.*?\n(?!\|)))*", re.DOTALL | re.MULTILINE)


def file_of(events: int) -> dict[str, Any]:
    """The whole environment file of a size."""
    return {"name": "shop", "region": "eu-central-1", "traffic": dict(FILES[events])}


def report_of(document: dict[str, Any], *, simulated: bool = False) -> reporting.Report:
    """What ``size`` says of a file."""
    found = deployment_of(Environment.model_validate(document))
    return reporting.build("shop.yaml", found, simulated=simulated)


def output(events: int) -> str:
    """A file and what ``size`` prints of it, as on a terminal."""
    document = file_of(events)
    written = yaml.safe_dump(document, sort_keys=False).rstrip()
    said = text.render(report_of(document)).rstrip()
    return f"```yaml\n{written}\n```\n\n```console\n$ python -m constructs_lib size shop.yaml\n{said}\n```\n"


def simulated() -> str:
    """The simulated days of the deployment for a thousand events, as proposed."""
    document = file_of(1000)
    found = deployment_of(Environment.model_validate(document))
    right = pasted(document, block(found, found.propose()))
    said = text.render(report_of(right, simulated=True))
    days = said[said.index("A simulated day") :].rstrip()
    return f"```console\n$ python -m constructs_lib size shop.yaml --simulate\n...\n{days}\n```\n"


def table() -> str:
    """The four proposals side by side."""
    reports = [report_of(file_of(events)) for events in FILES]
    rows: dict[str, list[str]] = {"events a second": [f"{events:,}" for events in FILES]}
    for report in reports:
        proposal = report.proposal
        assert proposal is not None
        shape = proposal.shape
        warm = f"{shape.warm_nodes:g} x {shape.warm_type}" if shape.warm_nodes else "none"
        masters = f"{shape.masters:g} x {shape.master_type}" if shape.masters else "none"
        passed = [item.name for item in report.quotas if item.passed]
        for name, value in (
            ("deployments", f"{proposal.deployments}"),
            ("in each: shards", shown(shape.shards or 0)),
            ("data nodes", f"{shape.nodes:g} x {shape.instance_type}"),
            ("disk a node", f"{shown(shape.disk_gib or 0)} GiB"),
            ("copies", f"{shown(shape.copies or 0)}{', standby' if shape.standby else ''}"),
            ("masters", masters),
            ("warm nodes", warm),
            ("rotation, primaries", f"{shape.rotation}, {shown(shape.primaries or 0)}"),
            ("quotas to raise", ", ".join(passed) or "none"),
        ):
            rows.setdefault(name, []).append(value)
    (head, first), *rest = rows.items()
    lines = [f"| {head} | {' | '.join(first)} |", f"|---|{'---|' * len(first)}"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(values)} |" for name, values in rest)]) + "\n"


def renewed(page: str) -> str:
    """The page with its outputs made anew."""

    def made(found: re.Match[str]) -> str:
        name = found[2]
        body = table() if name == "table" else simulated() if name == "simulated" else output(int(name))
        return f"{found[1]}\n{body}"

    return _MARK.sub(made, page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
