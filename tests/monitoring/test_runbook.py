"""docs/runbook.md has a paragraph for each alarm there can be, and each alarm's description leads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
import yaml

from constructs_lib.bootstrap.runtime import catalogue
from constructs_lib.monitoring import (
    Alarm,
    collector_alarms,
    delivery_alarms,
    domain_alarms,
    function_alarms,
    gateway_alarms,
    rare_function_alarms,
    recommender_alarms,
    stream_alarms,
    transform_alarms,
)
from tests.stacks import EXAMPLES, ROOT, shipped

PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PARAGRAPHS = dict(re.findall(r"^### ([^\n]+)\n+(.*?)(?=^#|\Z)", PAGE, re.DOTALL | re.MULTILINE))

DOMAIN: dict[str, Any] = {
    "engine_version": "OpenSearch_3.3",
    "cluster_config": {"instance_count": 3, "dedicated_master_enabled": True, "dedicated_master_count": 3},
    "ebs_options": {"ebs_enabled": True, "volume_size": 100},
    "encrypt_at_rest": {"enabled": True},
}


def _deliveries() -> Iterator[Alarm]:
    for everything in (True, False):
        yield from delivery_alarms(
            buffering_interval=60, late_seconds=900, all_documents=everything, backup_interval=300, transforms=True
        )


GROUPS: dict[str, list[Alarm]] = {
    "domain": list(domain_alarms(DOMAIN, free_storage_percent=25)),
    "stream": list(stream_alarms(retention_hours=24)),
    "delivery": list(_deliveries()),
    "transform": [*function_alarms(timeout_seconds=60), *transform_alarms(failed_percent=5, buffer_interval=60)],
    "bootstrap": list(rare_function_alarms()),
    "recommender": [*function_alarms(timeout_seconds=5), *recommender_alarms()],
    "fold": list(rare_function_alarms()),
    "collector": [*function_alarms(timeout_seconds=10), *gateway_alarms(), *collector_alarms(rejected_percent=5)],
}
ALARMS = {f"{group}-{alarm.id}" for group, alarms in GROUPS.items() for alarm in alarms} | {"losing-data"}
_VALUES: dict[str, int | str] = {"index_name": "events", "destination_id": "topic"}
MONITORS = {one["name"].partition(": ")[2]: one for one in catalogue.monitors(_VALUES)}


def test_the_page_has_a_paragraph_for_exactly_each_alarm() -> None:
    assert set(PARAGRAPHS) == ALARMS | MONITORS.keys()


@pytest.mark.parametrize("name", sorted(PARAGRAPHS))
def test_each_paragraph_has_meaning_and_action(name: str) -> None:
    assert "**Means:**" in PARAGRAPHS[name]
    assert "**Do:**" in PARAGRAPHS[name]


def _described(stack: Any) -> dict[str, str]:
    """Descriptions of a stack's alarms, by their names without the deployment's."""
    deployment = stack.one("aws_cloudwatch_composite_alarm")["alarm_name"].removesuffix("losing-data")
    kinds = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    made = chain.from_iterable(stack.all(kind).values() for kind in kinds)
    return {each["alarm_name"].removeprefix(deployment): each["alarm_description"] for each in made}


SHIPPED = [("prod", "environments"), *((name, "environments/examples") for name in EXAMPLES)]
WATCHED = [
    (name, folder)
    for name, folder in SHIPPED
    if yaml.safe_load((ROOT / folder / f"{name}.yaml").read_text(encoding="utf-8"))
    .get("monitoring", {})
    .get("enabled", True)
]


@pytest.mark.parametrize(("name", "folder"), WATCHED)
def test_each_alarm_description_links_to_its_paragraph(name: str, folder: str) -> None:
    described = _described(shipped(name, folder))
    assert {id_: text for id_, text in described.items() if not text.endswith(f" Runbook: docs/runbook.md#{id_}")} == {}
    assert set(described) <= set(PARAGRAPHS)


def test_the_longest_link_fits_into_a_description() -> None:
    longest = max(len(alarm.advice) for alarms in GROUPS.values() for alarm in alarms)
    assert longest + len(" Runbook: ") + 308 + max(map(len, ALARMS)) + 1 <= 1024


@pytest.mark.parametrize("name", sorted(MONITORS))
def test_each_alert_of_the_domain_links_to_its_paragraph(name: str) -> None:
    (trigger,) = MONITORS[name]["triggers"]
    (action,) = trigger["query_level_trigger"]["actions"]
    anchor = name.lower().replace(" ", "-")
    assert action["message_template"]["source"].endswith(f"\nRunbook: docs/runbook.md#{anchor}")
