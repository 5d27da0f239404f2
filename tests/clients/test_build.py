"""The shipped browser client: built from its source, small, and described in the documentation."""

from __future__ import annotations

import re

import pytest

from clients.browser.build import DOCUMENTATION, FOLDER, LARGEST, SHIPPED, documented, minified, packed_size
from clients.npm import NpmUnavailableError

CONTENT = SHIPPED.read_bytes()


def test_the_build_is_reproduced_from_the_source() -> None:
    try:
        made = minified()
    except NpmUnavailableError as error:
        pytest.skip(f"needs the minifier from npm: {error}")
    assert made == CONTENT, "make client"


def test_the_client_is_small() -> None:
    assert packed_size(CONTENT) <= LARGEST


def test_the_documentation_names_its_hash_and_its_size() -> None:
    text = DOCUMENTATION.read_text(encoding="utf-8")
    assert documented(text, CONTENT) == text, "make client"
    assert "sha384-" in text


def test_the_client_has_no_dependencies_and_no_eval() -> None:
    text = CONTENT.decode()
    assert not re.search(r"\bimport\b|\brequire\(|\beval\(|\bFunction\(|innerHTML|document\.write|insertAdjacent", text)


def test_the_client_reads_no_cookies_inputs_or_text() -> None:
    text = CONTENT.decode()
    assert not re.search(r"\.cookie|\.value\b|textContent|innerText|outerHTML", text)


def test_the_types_match_the_exports() -> None:
    types = (FOLDER / "behaviour.d.ts").read_text(encoding="utf-8")
    assert re.findall(r"export function (\w+)", types) == re.findall(r"export const (\w+)", CONTENT.decode()) or (
        re.findall(r"export\{(?:\w+ as )?(\w+)\}", CONTENT.decode()) == ["start"]
    )
    source = (FOLDER / "behaviour.js").read_text(encoding="utf-8")
    returned = source[source.rindex("return {") :]
    interface = types[types.index("export interface Behaviour {") :]
    assert re.findall(r"^    (\w+): ", returned, re.MULTILINE) == re.findall(r"^  (\w+)\(", interface, re.MULTILINE)
    for option in re.findall(r"options\.(\w+)", source):
        assert re.search(rf"^  {option}\??: ", types, re.MULTILINE), option
