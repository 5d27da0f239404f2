"""Every environment: applied, empty on a second plan, used, changed as the report says, destroyed to nothing."""

from __future__ import annotations

import ipaddress
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from constructs_lib.configuration.yaml_file import read_yaml
from constructs_lib.plans.reading import read
from constructs_lib.review.report import Entry, Report, build
from tests.apply.changes import BLUE_GREEN, EXPECTED, IN_PLACE, REPLACEMENT, Expected
from tests.apply.conftest import events
from tests.apply.lifecycle import ROOT, Lifecycle
from tests.stacks import ENVIRONMENTS

RECOMMENDING = [
    name for name in ENVIRONMENTS if read_yaml(ROOT / "environments" / f"{name}.yaml", name).holds("recommender")
]
"""Environments with a recommender."""
CHANGES = [(kind, expected) for kind in (IN_PLACE, BLUE_GREEN, REPLACEMENT) for expected in EXPECTED[kind]]


def succeeded(life: Lifecycle, step: str) -> None:
    """The step is there and Terraform was content; else its last words."""
    assert step in life.steps, f"not reached after {list(life.steps)}"
    assert life.steps[step].status == 0, life.steps[step].output[-3000:]


def changed(plan: dict[str, Any]) -> list[str]:
    """What a plan would do, by address."""
    return [
        f"{change['address']}: {change['change']['actions']}"
        for change in plan["resource_changes"]
        if change["change"]["actions"] not in (["no-op"], ["read"])
    ]


def test_terraform_applies_the_environment(life: Lifecycle) -> None:
    succeeded(life, "apply")


def test_a_second_plan_is_empty(life: Lifecycle) -> None:
    assert changed(life.plans["re-plan"]) == []
    succeeded(life, "re-plan")


def test_every_record_put_on_the_stream_is_accounted_for(life: Lifecycle) -> None:
    records = [record.data for record, _ in life.outcomes]
    assert sorted(records) == sorted(events())


def test_events_arrive_in_the_engine(life: Lifecycle) -> None:
    indexed = [outcome for _, outcome in life.outcomes if outcome.kind == "indexed"]
    assert len(life.documents) == len(indexed) > 50


def test_invalid_records_are_in_the_archive(life: Lifecycle) -> None:
    ((record, outcome),) = [entry for entry in life.outcomes if entry[1].kind == "processing-failed"]
    assert record.data == events()[-1]
    assert re.search(r"failed.*/processing-failed/", str(outcome.key))


def test_no_document_was_refused(life: Lifecycle) -> None:
    assert [outcome for _, outcome in life.outcomes if outcome.kind == "AmazonOpenSearchService-failed"] == []


def test_documents_follow_the_canonical_schema(life: Lifecycle) -> None:
    schema = json.loads((ROOT / "constructs_lib" / "transform" / "document.schema.json").read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for document in life.documents.values():
        validator.validate(document)


def test_the_engine_holds_no_personal_address(life: Lifecycle) -> None:
    held = json.dumps(list(life.documents.values()))
    addresses = {line.split(b" ", 1)[0].decode(errors="replace") for line in events()}
    whole = {text for text in addresses if _is_address(text) and not text.endswith(".0")}
    assert whole
    assert [text for text in whole if f'"{text}"' in held] == []


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def test_the_apply_installs_the_index_template(life: Lifecycle) -> None:
    assert [name for name in life.templates if name.startswith("events")], life.templates


def test_every_request_to_the_domain_was_signed(life: Lifecycle) -> None:
    assert life.requests
    assert [request for request in life.requests if "principal" not in request] == []


def test_the_delivery_role_writes_into_its_own_indexes_only(life: Lifecycle) -> None:
    """By fine-grained access control, as the bootstrap set it up; only engines with the security plugin can tell."""
    assert life.elsewhere == (403 if life.server.security else 201)


def test_the_bootstrap_reports_no_failure(life: Lifecycle) -> None:
    (invocation,) = [each for each in life.state["resources"] if each["type"] == "aws_lambda_invocation"]
    answer = json.loads(invocation["instances"][0]["attributes"]["result"])
    assert answer["counts"]["created"] > 10
    assert "failed" not in answer["counts"]


@pytest.mark.parametrize("life", RECOMMENDING, indirect=True)
def test_one_fold_turns_events_into_recommendations(life: Lifecycle) -> None:
    assert life.folded["sessions"] >= 24
    status, answer = life.recommended[0]
    assert status == 200, (answer, life.said)
    assert [(each["itemId"], each["reason"]) for each in answer["itemList"][:2]] == [
        ("cup", ["because you looked at kettle"]),
        ("plate", ["because you looked at kettle"]),
    ]
    assert "degraded" not in answer


@pytest.mark.parametrize("life", RECOMMENDING, indirect=True)
def test_the_recommender_answers_signed_requests_only(life: Lifecycle) -> None:
    assert life.recommended[1] == (403, {"message": "Forbidden"})


@pytest.mark.parametrize(("kind", "expected"), CHANGES, ids=[f"{kind}-{each.type}" for kind, each in CHANGES])
def test_the_plan_matches_the_report(life: Lifecycle, kind: str, expected: Expected, tmp_path: Path) -> None:
    plan = life.plans[kind]
    (change,) = [change for change in plan["resource_changes"] if change["type"] == expected.type]
    assert change["change"]["actions"] == expected.actions
    entry = entry_of(reported(plan, tmp_path), change["address"])
    assert entry.risk == expected.risk
    assert entry.action == ("replace" if expected.actions != ["update"] else "update")
    assert expected.words in "; ".join(effect.text for effect in entry.effects)


def reported(plan: dict[str, Any], folder: Path) -> Report:
    """The review's report on a plan."""
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    return build(read(folder / "plan.json"), title="plan", policies=None)


def entry_of(report: Report, address: str) -> Entry:
    """What the report says of one resource."""
    (entry,) = [entry for entry in report.entries if entry.address == address]
    return entry


@pytest.mark.parametrize("kind", [IN_PLACE, BLUE_GREEN, REPLACEMENT])
def test_the_report_names_every_resource_that_changes(life: Lifecycle, kind: str, tmp_path: Path) -> None:
    plan = life.plans[kind]
    report = reported(plan, tmp_path)
    managed = [line.partition(": ")[0] for line in changed(plan) if not line.startswith("data.")]
    assert sorted(entry.address for entry in report.entries) == sorted(managed)


def test_a_change_in_place_is_applied(life: Lifecycle) -> None:
    succeeded(life, "change")


def test_the_plan_after_the_change_is_empty(life: Lifecycle) -> None:
    assert changed(life.plans["re-plan after the change"]) == []


def test_nothing_is_destroyed_without_the_switches(life: Lifecycle) -> None:
    refused = life.steps["destroy without a switch"]
    assert refused.status != 0
    assert "lifecycle.prevent_destroy set" in refused.output


def test_with_both_switches_everything_is_destroyed(life: Lifecycle) -> None:
    succeeded(life, "apply with both switches")
    succeeded(life, "destroy")


def test_the_apply_creates_every_part_of_a_pipeline(life: Lifecycle) -> None:
    made = {kind for kind, names in life.applied.items() if set(names) - set(life.before[kind])}
    assert made >= {"buckets", "delivery streams", "domains", "functions", "keys", "log groups", "roles", "streams"}


def test_destroy_leaves_nothing(life: Lifecycle) -> None:
    assert life.after == life.before
