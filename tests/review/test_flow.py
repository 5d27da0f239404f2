"""Places of resources in the diagram of the data flow."""

from __future__ import annotations

import json
from pathlib import Path

from constructs_lib.plans.reading import read
from constructs_lib.review import flow
from tests.stacks import stack_of


def test_the_collector_stands_between_browsers_and_the_stream(tmp_path: Path) -> None:
    stack = stack_of({"collector": {"origins": ["https://shop.example"]}})
    changes = [
        {
            "address": f"{type_}.{name}",
            "mode": "managed",
            "type": type_,
            "name": name,
            "change": {"actions": ["create"], "before": None, "after": {}, "after_unknown": {}},
        }
        for type_, resources in stack.json["resource"].items()
        for name in resources
    ]
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({"format_version": "1.2", "resource_changes": changes}), encoding="utf-8")
    plan = read(file)
    by_station: dict[str, set[str]] = {}
    for change in plan.resource_changes:
        by_station.setdefault(flow.station(change), set()).add(change.type)
    assert by_station["collector"] == {
        *("aws_apigatewayv2_api", "aws_apigatewayv2_integration", "aws_apigatewayv2_route", "aws_apigatewayv2_stage"),
        *("aws_lambda_alias", "aws_lambda_function", "aws_lambda_permission"),
    }
    drawn = {(edge.start, edge.end) for edge in flow.edges(flow.tally(plan.resource_changes))}
    assert {("sources", "collector"), ("collector", "stream"), ("sources", "stream")} <= drawn
    assert "other" not in by_station
