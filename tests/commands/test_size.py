"""``size``: its output, its formats, and its exit codes."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from constructs_lib.__main__ import main
from constructs_lib.configuration.yaml_file import read_yaml

FILE = """name: shop
region: eu-west-1
traffic:
  events_per_second: 1000
  monthly_growth_percent: 5
stream: {shard_count: 2}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def size(*arguments: str | Path) -> int:
    return main(["size", *map(str, arguments)])


def test_the_report_names_the_first_bottleneck_and_a_proposal(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size(file) == 0
    said = capsys.readouterr()
    assert "Breaks first: domain: disk" in said.out
    assert re.search(r"stream: records +3,000 +2,000 +records/s +150 % +80 % +breaks", said.out)
    assert "  stream:\n    shard_count: 5\n" in said.out
    assert "house judgement" in said.out
    assert f"{file}:6: stream.shard_count: warning: does not carry the traffic" in said.err


def test_a_file_with_the_proposed_block_needs_no_change(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    size(file)
    block = capsys.readouterr().out.partition("Proposed")[2].partition("\n\n")[2].partition("\n\n")[0]
    pasted = FILE.partition("stream:")[0] + "\n".join(line[2:] for line in block.splitlines()) + "\n"
    file.write_text(pasted, encoding="utf-8")
    assert size(file) == 0
    said = capsys.readouterr()
    assert "No change proposed" in said.out
    assert "the traffic" not in said.err


def test_json_has_the_same_numbers(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size(file, "--format", "json", "--simulate") == 0
    (report,) = json.loads(capsys.readouterr().out)
    hops = {row["hop"]: row for row in report["hops"]}
    assert (hops["stream: records"]["must_carry"], hops["stream: records"]["carries"]) == (3000, 2000)
    assert report["breaks_first"] == "domain: disk"
    assert report["proposal"]["deployments"] == 1
    assert {day["scenario"] for day in report["days"]} == {day["scenario"] for day in report["proposed_days"]}


def test_simulated_days_count_documents_by_outcome(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size(file, "--simulate") == 0
    days = capsys.readouterr().out.partition("A simulated day: the proposal")[2]
    assert re.search(r"a usual day +86,400,000 +0 +0 +0 ", days)
    assert re.search(r"the domain is unavailable for 3 hours +86,400,000 +0 +0 +10,6\d\d,\d{3} ", days)


class Page(HTMLParser):
    """Tags and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.tags.append(tag)


def test_the_chart_draws_every_hop_and_day(file: Path, tmp_path: Path) -> None:
    chart = tmp_path / "deep" / "chart.html"
    assert size(file, "--simulate", "--chart", chart) == 0
    text = chart.read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags.count("svg") == 2 * 9
    assert page.tags.count("polyline") == 3 * 2 * 9
    assert "script" not in page.tags
    assert "http" not in text.partition("<body>")[2]


def test_the_chart_escapes_texts_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "<img src=x onerror=alert(1)>.yaml"
    file.write_text(FILE, encoding="utf-8")
    chart = tmp_path / "chart.html"
    assert size(file, "--chart", chart) == 0
    assert "img" not in Page(chart.read_text(encoding="utf-8")).tags


def test_a_chart_that_cannot_be_written_is_one_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size(file, "--chart", file / "chart.html") == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith(f"{file}")


@pytest.mark.parametrize(
    ("traffic", "line"),
    [
        ("events_per_second: 0", "events_per_second: is out of range (given 0; allowed: 0.001 to 100000000"),
        ("events_per_second: -5", "events_per_second: is out of range (given -5; allowed"),
        ("events_per_second: 1e12", "events_per_second: is out of range (given 1000000000000; allowed"),
        ("events_per_second: many", 'events_per_second: has the wrong type (given "many"; allowed: a number)'),
        ("kept_percent: 0", "kept_percent: is out of range (given 0; allowed: 0.01 to 100 percent)"),
        ("event_bytes: 2000000", "event_bytes: is out of range (given 2000000; allowed: 1 to 1048576 bytes)"),
        ("hot_days: 0", "hot_days: is out of range (given 0; allowed: 1 to 3650 days)"),
        (
            "peak_events_per_second: 5",
            "peak_events_per_second: is below the average of the day (given 5; allowed: 10",
        ),
        ("events_per_secnd: 5", "events_per_secnd: is not a known key; did you mean events_per_second?"),
    ],
)
def test_an_error_is_one_line(traffic: str, line: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"name: shop\nregion: eu-west-1\ntraffic: {{{traffic}}}\n", encoding="utf-8")
    assert size(file) == 1
    said = [text for text in capsys.readouterr().err.splitlines() if ": warning: " not in text]
    assert len(said) == 1
    assert f"{file}:3: traffic.{line}" in said[0]


def test_traffic_beyond_every_account_names_the_quota(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("name: shop\nregion: eu-west-1\ntraffic: {events_per_second: 6000000}\n", encoding="utf-8")
    assert size(file) == 1
    said = [text for text in capsys.readouterr().err.splitlines() if ": warning: " not in text]
    assert len(said) == 1
    assert "22,500 of the quota Kinesis Data Streams: Shards per Region" in said[0]


def test_traffic_beyond_every_shape_has_no_proposal(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two nodes' worth of small types in an older engine do not hold a year of a million events a second."""
    domain = "{engine_version: Elasticsearch_7.1, cluster_config: {instance_type: m5.large.search}}"
    text = "{events_per_second: 1200000, hot_days: 400}"
    file.write_text(f"name: shop\nregion: eu-west-1\ntraffic: {text}\ndomain: {domain}\n", encoding="utf-8")
    assert size(file) == 1
    assert "OpenSearch Service: Domains per Region" in "".join(capsys.readouterr())


def test_a_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert size(tmp_path / "none.yaml") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


PRICES = """currency: EUR
prices:
  stream.shard_hours: 0.01
  domain.data_node_hours.r7g.large.search: 0.2
"""


def test_costs_use_only_the_price_file(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text(PRICES, encoding="utf-8")
    assert size(file, "--prices", prices) == 0
    said = capsys.readouterr().out
    # 2 shards and 3 nodes for 730 hours.
    assert f"The file costs {2 * 730 * 0.01 + 3 * 730 * 0.2:,.2f} EUR a month" in said
    assert "left out: stream.million_put_units" in said
    assert size(file) == 0
    assert "EUR" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("prices: {stream.shard_hours: 1}", "currency: is required"),
        ("currency: EUR", "prices: is required"),
        ("currency: EUR\nprices: {stream.shard_hour: 1}", "did you mean stream.shard_hours?"),
        (
            "currency: EUR\nprices: {stream.shard_hours: -1}",
            "is not a price (given -1; allowed: a number of 0 or more)",
        ),
        ("currency: EUR\nprices: {stream.shard_hours: free}", "has the wrong type"),
        ("currency: EUR\nprices: {beer: 1}", "is not a quantity"),
        ("[1, 2", ""),
    ],
)
def test_an_invalid_price_file_is_refused(
    text: str, line: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text(text, encoding="utf-8")
    assert size(file, "--prices", prices) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert line in said.err
    assert len(said.err.splitlines()) == 1


def test_a_file_without_traffic_is_sized_with_a_note(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("name: shop\nregion: eu-west-1\n", encoding="utf-8")
    assert size(file) == 0
    said = capsys.readouterr().out
    assert "The file has no section traffic" in said
    assert "It carries" in said
    assert read_yaml(file, "shop.yaml") == {"name": "shop", "region": "eu-west-1"}
