"""Links of the pages work, and their shorter snippets are accepted."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from constructs_lib.configuration.load import parse_environment
from tests.guide.pages import PAGES, Block, anchors, blocks, links, name
from tests.stacks import EXAMPLES, ROOT

ENVIRONMENT_FILE = ROOT / "docs" / "environment-file.md"
INDEX = ROOT / "docs" / "index.md"
FIRST, *OPTIONS = blocks(ENVIRONMENT_FILE, "yaml")


def _targets(page: Path) -> list[tuple[str, str]]:
    """Links within the repository: path ("" for the page itself) and anchor."""
    return [
        (path, anchor)
        for path, _, anchor in (target.partition("#") for target in links(page))
        if not urlsplit(path).scheme
    ]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_files(page: Path) -> None:
    assert [path for path, _ in _targets(page) if path and not Path(page.parent, path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_anchors_are_headings_of_the_page_they_lead_to(page: Path) -> None:
    broken = [
        f"{path}#{anchor}"
        for path, anchor in _targets(page)
        if anchor and anchor not in anchors(Path(page.parent, path) if path else page)
    ]
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_to_elsewhere_are_whole_https_addresses(page: Path) -> None:
    """Nothing is downloaded: whether an external page still exists does not depend on a change here."""
    outside = [target for target in links(page) if urlsplit(target).scheme]
    assert [each for each in outside if not re.fullmatch(r"https://[\w.-]+\.\w+(:\d+)?(/[^\s<>\"]*)?", each)] == []


def test_the_index_leads_to_every_page() -> None:
    listed = {(INDEX.parent / path).resolve() for path, _ in _targets(INDEX) if path}
    assert set(PAGES) - listed == {ROOT / "README.md", INDEX}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_make_targets_that_are_named_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^ *\$ make ([a-z-]+)", text, re.MULTILINE))
    assert {each for each in named if not re.search(rf"^{each}:", makefile, re.MULTILINE)} == set()


def test_every_target_that_proves_something_is_on_the_page_of_proofs() -> None:
    runs = re.findall(r"^(?:step|exec) make ([a-z-]+)", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    page = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
    assert [each for each in runs if each != "synth" and f"| `make {each}` |" not in page and each != "test"] == []


def test_the_smallest_whole_file_is_accepted_without_a_warning() -> None:
    assert parse_environment(yaml.safe_load(FIRST.text), "shop.yaml")[1] == []


@pytest.mark.parametrize("block", OPTIONS, ids=lambda block: f"line {block.line}")
def test_every_option_that_is_shown_is_accepted(block: Block) -> None:
    parse_environment({"name": "shop", "region": "eu-west-1"} | yaml.safe_load(block.text), "shop.yaml")


def test_every_example_is_listed() -> None:
    page = ENVIRONMENT_FILE.read_text(encoding="utf-8")
    assert [each for each in EXAMPLES if f"environments/examples/{each}.yaml" not in page] == []
