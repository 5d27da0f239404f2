"""docs/scaling.md shows the output of ``size``, and every file and block on it works."""

from __future__ import annotations

import re

import pytest
import yaml

from constructs_lib.configuration.load import parse_environment
from constructs_lib.sizing.cost import PriceFile
from constructs_lib.sizing.deployment import block, deployment_of, pasted
from tests.sizing import scaling

TEXT = scaling.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("events", scaling.FILES)
def test_the_page_shows_what_size_prints(events: int) -> None:
    assert scaling.output(events) in TEXT, "renew it: make scaling"


def test_the_table_and_the_simulated_days_are_current() -> None:
    assert scaling.table() in TEXT
    assert scaling.simulated() in TEXT


@pytest.mark.parametrize("events", scaling.FILES)
def test_the_proposed_files_are_accepted(events: int) -> None:
    document = scaling.file_of(events)
    found = deployment_of(parse_environment(document, "shop.yaml")[0])
    parse_environment(pasted(document, block(found, found.propose())), "shop.yaml")


def test_the_traffic_section_and_the_price_file_are_accepted() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    first, prices = (yaml.safe_load(text) for text in blocks[:2])
    parse_environment({"name": "shop", "region": "eu-west-1"} | first, "shop.yaml")
    PriceFile.model_validate(prices)
