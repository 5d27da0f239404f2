"""Reports on plans that real Terraform made."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.__main__ import main
from constructs_lib.review import html, markdown
from constructs_lib.review.consequences import HOLDS_DATA
from constructs_lib.review.exceptions import Exceptions, Waiver
from constructs_lib.review.report import MOST_OF_ONE, Report, build
from constructs_lib.review.risk import Risk
from tests.review.recorded import NAMES, PLANS, document, entry, plan, report
from tests.stacks import ROOT

DOMAIN = "aws_opensearch_domain.domain"
CODES = {"create": 0, "unchanged": 0, "in_place": 0, "blue_green": 3, "interruption": 3, "moved": 3, "loss": 5}


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_the_exit_code_is_the_worst_risk(name: str, code: int, tmp_path: Path) -> None:
    assert main(["review", str(PLANS / f"{name}.json"), "--out", str(tmp_path), "--policies", "none"]) == code


def test_every_recorded_plan_has_a_code() -> None:
    assert sorted(CODES) == NAMES


def test_an_accepted_risk_exits_0(tmp_path: Path) -> None:
    plan = str(PLANS / "blue_green.json")
    assert main(["review", plan, "--out", str(tmp_path), "--policies", "none", "--accept", "3"]) == 0


def test_a_worse_risk_than_accepted_does_not_exit_0(tmp_path: Path) -> None:
    plan = str(PLANS / "loss.json")
    assert main(["review", plan, "--out", str(tmp_path), "--policies", "none", "--accept", "3"]) == 5


@pytest.mark.parametrize(("name", "code"), [("create", 3), ("in_place", 3), ("loss", 5)])
def test_a_drift_report_expects_no_changes(name: str, code: int, tmp_path: Path) -> None:
    plan = str(PLANS / f"{name}.json")
    assert main(["review", plan, "--out", str(tmp_path), "--policies", "none", "--expect-empty"]) == code


def test_a_plan_without_changes_has_no_drift(tmp_path: Path) -> None:
    plan = document("unchanged")
    for change in plan["resource_changes"]:
        change["change"]["actions"] = ["no-op"]
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    given = ["review", str(tmp_path / "plan.json"), "--out", str(tmp_path), "--policies", "none", "--expect-empty"]
    assert main(given) == 0


def test_both_files_are_written(tmp_path: Path) -> None:
    main(["review", str(PLANS / "loss.json"), "--out", str(tmp_path / "a" / "b"), "--policies", "none"])
    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == ["review.html", "review.md"]


def test_the_headline_counts_changes() -> None:
    assert report("loss").headline == "2 replaced, 1 destroyed, 1 changed; 2 unchanged"


def test_a_new_pipeline_has_no_risk() -> None:
    assert "What needs a look" not in markdown.render(report("create"))


def test_changes_in_place_are_distinguished_by_their_triggers() -> None:
    found = {effect.trigger: effect.risk for effect in entry(report("in_place"), DOMAIN).effects}
    assert found == {
        "cluster_config.instance_count: 3 -> 6": Risk.NONE,
        "ebs_options.volume_size: 100 -> 200": Risk.NONE,
        "tags.team: search -> insight; tags_all.team: search -> insight": Risk.NONE,
    }


def test_a_replacement_names_the_setting_that_forces_it() -> None:
    (effect,) = entry(report("loss"), DOMAIN).effects
    assert (effect.risk, effect.trigger) == (Risk.LOSS, "encrypt_at_rest.enabled")
    assert effect.text.startswith("replacement (data loss)")


def test_a_shorter_retention_is_data_loss() -> None:
    (effect,) = entry(report("loss"), "aws_kinesis_stream.events").effects
    assert (effect.risk, effect.trigger) == (Risk.LOSS, "retention_period: 168 -> 24")


@pytest.mark.parametrize("retention", [168, 169, 0])
def test_a_longer_retention_is_not_data_loss(retention: int) -> None:
    plan = document("in_place")
    stream = next(change for change in plan["resource_changes"] if change["type"] == "aws_kinesis_stream")
    stream["change"]["after"]["retention_period"] = retention
    assert entry(report(plan), "aws_kinesis_stream.events").risk == Risk.NONE


@pytest.mark.parametrize("type_", sorted(HOLDS_DATA))
def test_destroying_data_is_reported(type_: str) -> None:
    plan = document("loss")
    gone = next(change for change in plan["resource_changes"] if change["change"]["actions"] == ["delete"])
    gone["type"] = type_
    assert entry(report(plan), gone["address"]).risk == Risk.LOSS


def test_a_destroyed_alarm_is_not_a_risk() -> None:
    plan = document("loss")
    gone = next(change for change in plan["resource_changes"] if change["change"]["actions"] == ["delete"])
    gone["type"] = "aws_cloudwatch_metric_alarm"
    assert entry(report(plan), gone["address"]).risk == Risk.NONE


def test_a_moved_resource_shows_its_earlier_address() -> None:
    found = entry(report("moved"), "aws_cloudwatch_log_group.errors")
    assert (found.action, found.origin) == ("move", "was aws_cloudwatch_log_group.domain_errors")


def test_a_forgotten_resource_is_reported() -> None:
    assert entry(report("moved"), "aws_s3_bucket.archive").action == "forget"


def test_an_imported_resource_shows_its_id() -> None:
    plan = document("unchanged")
    stream = next(change for change in plan["resource_changes"] if change["type"] == "aws_kinesis_stream")
    stream["change"]["importing"] = {"id": "events"}
    found = entry(report(plan), "aws_kinesis_stream.events")
    assert (found.action, found.origin) == ("import", "imported as events")


def test_changes_outside_terraform_are_listed() -> None:
    plan = document("unchanged")
    plan["resource_drift"] = document("in_place")["resource_changes"]
    assert "### Changed outside Terraform" in markdown.render(report(plan))


def test_a_change_that_aws_refuses_exits_4() -> None:
    plan = document("create")
    stream = next(change for change in plan["resource_changes"] if change["type"] == "aws_kinesis_stream")
    stream["change"]["after"]["retention_period"] = 23
    found = report(plan)
    assert found.risk == Risk.REFUSED
    assert "retention_period" in markdown.render(found)


@pytest.mark.parametrize(("number", "risk"), [(8, Risk.NONE), (9, Risk.REFUSED)])
def test_a_change_of_shards_that_aws_refuses_exits_4(number: int, risk: Risk) -> None:
    plan = document("in_place")
    stream = next(change for change in plan["resource_changes"] if change["type"] == "aws_kinesis_stream")
    stream["change"]["before"]["shard_count"], stream["change"]["after"]["shard_count"] = 4, number
    assert report(plan).risk == risk


def test_a_bulk_request_is_compared_with_the_domains_payload_limit() -> None:
    plan = document("create")
    domain = next(change for change in plan["resource_changes"] if change["type"] == "aws_opensearch_domain")
    domain["change"]["after"]["cluster_config"][0]["instance_type"] = "m5.large.search"
    (measure,) = [measure for measure in report(plan).capacity if measure.name == "Bulk request"]
    assert (measure.value, measure.limit) == (5, 10)


def test_the_flow_shows_the_worst_risk_of_each_part() -> None:
    drawn = html.render(report("loss"))
    marks = dict(re.findall(r'data-station="(\w+)" data-action="(\w+)"', drawn))
    assert {key: action for key, action in marks.items() if action != "none"} == {
        "stream": "update",
        "domain": "replace",
        "archive": "replace",
        "monitoring": "destroy",
    }


def test_a_report_longer_than_a_comment_is_cut_with_a_note() -> None:
    plan = document("create")
    first = plan["resource_changes"][0]
    plan["resource_changes"] += [{**first, "address": f"aws_s3_bucket.archive{n}"} for n in range(3000)]
    written = markdown.render(report(plan))
    assert len(written) < 65_536
    assert written.endswith("the HTML report is complete.*\n")


def test_a_long_section_is_folded_away() -> None:
    plan = document("create")
    first = plan["resource_changes"][0]
    plan["resource_changes"] += [{**first, "address": f"aws_s3_bucket.archive{n}"} for n in range(20)]
    assert "<details><summary>Created (26)</summary>" in markdown.render(report(plan))


@pytest.mark.parametrize("text", ["`a`", "``", "a|b", "<img src=x>", "[x](http://y)", "@everyone", "*b*", "a\n\n# b"])
def test_values_are_escaped(text: str) -> None:
    plan = document("in_place")
    domain = next(change for change in plan["resource_changes"] if change["address"] == DOMAIN)
    domain["change"]["after"]["tags"] = {"team": text}
    found = report(plan)
    assert "<img" not in html.render(found)
    written = markdown.render(found)
    assert not re.search(r"^# b|a\|b", written, re.MULTILINE)
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", written)
    assert not re.search(r"<img|\[x\]\(http|@everyone|\*b\*", outside)


class Tags(HTMLParser):
    """Collects the elements of a page and whether each is closed."""

    VOID = frozenset({"meta", "path", "rect", "line"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "srcset", "data", "action", "style"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_well_formed(name: str) -> None:
    assert Tags(html.render(report(name))).open == []


@pytest.mark.parametrize("name", NAMES)
def test_the_page_loads_nothing_external(name: str) -> None:
    page = html.render(report(name))
    tags = Tags(page)
    assert not tags.names & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use"}
    assert all(link.startswith("width:") for link in tags.links)
    assert not re.search(r"url\((?!#)|@import|@font-face", page)


def test_the_same_plan_gives_the_same_report() -> None:
    assert html.render(report("loss")) == html.render(report(document("loss")))


def waiver(resource: str, stack: str = "prod", expires: str = "2027-03-31") -> Exceptions:
    agreed = Waiver(
        stack=stack,
        resource=resource,
        expires=expires,
        approved_by="Search team lead",
        reason="restored from a snapshot",
    )
    return Exceptions(production=["prod"], waivers=[agreed])


def waived(exceptions: Exceptions, of: str | dict[str, Any] = "loss", today: str = "2027-03-31") -> Report:
    return build(
        plan(of), title="x", policies=None, exceptions=exceptions, stack="prod", today=date.fromisoformat(today)
    )


@pytest.mark.parametrize(
    ("given", "risk"),
    [
        ({}, Risk.NONE),
        ({"today": "2027-04-01"}, Risk.LOSS),
        ({"stack": "dev"}, Risk.LOSS),
        ({"resource": "aws_s3_bucket.archive2"}, Risk.LOSS),
    ],
)
def test_a_waiver_applies_to_one_resource_of_one_stack_until_its_last_day(given: dict[str, str], risk: Risk) -> None:
    exceptions = waiver(given.get("resource", "aws_s3_bucket.archive"), given.get("stack", "prod"))
    found = entry(waived(exceptions, today=given.get("today", "2027-03-31")), "aws_s3_bucket.archive")
    assert found.risk == risk
    assert bool(found.waived) is (risk == Risk.NONE)


def test_a_resource_without_a_waiver_keeps_its_risk() -> None:
    assert waived(waiver("aws_s3_bucket.archive")).risk == Risk.LOSS


def test_a_waived_replacement_of_a_domain_passes() -> None:
    report = waived(waiver("aws_kinesis_firehose_delivery_stream.delivery"), "interruption")
    assert report.risk == Risk.NONE
    for written in (markdown.render(report), html.render(report)):
        assert "waived by Search team lead until 2027-03-31: restored from a snapshot" in written


def test_a_waiver_does_not_make_aws_accept_what_it_refuses() -> None:
    document_ = document("unchanged")
    domain = next(change for change in document_["resource_changes"] if change["address"] == DOMAIN)
    domain["change"]["actions"] = ["update"]
    domain["change"]["after"] = {**domain["change"]["before"], "engine_version": "OpenSearch_1.3"}
    assert entry(waived(waiver(DOMAIN), document_), DOMAIN).risk == Risk.REFUSED


def test_a_plan_that_failed_is_refused() -> None:
    failed = document("create") | {"errored": True}
    found = report(failed)
    assert (found.risk, found.worst) == (Risk.REFUSED, "refused: the plan failed and cannot be applied")


def test_new_sizes_are_shown_beside_present_ones() -> None:
    found = {measure.name: (measure.before, measure.value) for measure in report("in_place").capacity}
    assert found["Data and warm nodes"] == (3, 6)
    assert "| Before |" in markdown.render(report("in_place"))


def test_new_resources_have_no_present_size() -> None:
    assert {measure.before for measure in report("create").capacity} == {None}


def test_the_summary_begins_with_the_worst(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["review", str(PLANS / "loss.json"), "--out", str(tmp_path), "--policies", str(ROOT / "policies")])
    risks = [int(line.split()[0]) for line in capsys.readouterr().out.splitlines() if re.match(r"  \d  ", line)]
    assert risks == sorted(risks, reverse=True)
    assert {4, 5} <= set(risks)


def test_the_title_names_stack_and_region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "build" / "plan" / "shop"
    folder.mkdir(parents=True)
    (folder / "plan.json").write_bytes((PLANS / "create.json").read_bytes())
    monkeypatch.chdir(tmp_path)
    main(["review", "build/plan/shop/plan.json", "--policies", "none"])
    assert "Plan review: shop in eu-central-1" in (tmp_path / "build/review/shop/review.md").read_text()


def test_parts_missing_in_a_plan_are_not_drawn() -> None:
    only = document("create")
    only["resource_changes"] = [each for each in only["resource_changes"] if each["type"] == "aws_s3_bucket"]
    drawn = html.render(report(only))
    assert re.findall(r'data-station="(\w+)"', drawn) == ["archive"]
    assert "Search domain" not in markdown.render(report(only))
    empty = document("create") | {"resource_changes": []}
    assert "mermaid" not in markdown.render(report(empty))


def test_a_huge_change_is_shown_in_part_and_checked_completely() -> None:
    huge = document("in_place")
    domain = next(change for change in huge["resource_changes"] if change["address"] == DOMAIN)
    domain["change"]["after"]["tags"] = {f"k{number}": "v" for number in range(MOST_OF_ONE + 500)}
    found = entry(report(huge), DOMAIN)
    assert len(found.differences) == MOST_OF_ONE
    assert found.more > 0
    assert any("volume" in effect.text for effect in found.effects)
    assert f"{found.more} more attributes are not shown" in html.render(report(huge))
