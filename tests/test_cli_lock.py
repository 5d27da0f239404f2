"""The official CLI is installed from a complete lock."""

from __future__ import annotations

import json
import re

from tests.official_cli import LOCK, ROOT

PACKAGES = json.loads((LOCK / "package-lock.json").read_text(encoding="utf-8"))["packages"]


def test_every_package_has_a_hash() -> None:
    fetched = {name: package for name, package in PACKAGES.items() if name and not package.get("inBundle")}
    assert len(fetched) > 400
    assert [name for name, package in fetched.items() if not package.get("integrity", "").startswith("sha512-")] == []


def test_the_guide_names_the_locked_version() -> None:
    named = set(re.findall(r"cdktf-cli@([\d.]+)", (ROOT / "docs" / "building.md").read_text(encoding="utf-8")))
    assert named == {PACKAGES["node_modules/cdktf-cli"]["version"]}


def test_the_lock_contains_no_urls() -> None:
    assert [name for name, package in PACKAGES.items() if "resolved" in package] == []
