"""Every key of an environment file is documented, in the schema and on the page of the reference."""

from __future__ import annotations

from constructs_lib.commands import reference as command
from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.keys import known_keys
from constructs_lib.configuration.reference import PROVIDER_ARGUMENTS, UNITS, entries
from constructs_lib.configuration.schema import environment_schema
from tests.stacks import ROOT

KEYS = [path for path, _, _ in known_keys(Environment)]


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "reference.md").read_text(encoding="utf-8") == command.page(), "make reference renews it"


def test_every_key_is_on_the_page() -> None:
    lines = command.page().splitlines()
    assert [key for key in KEYS if sum(line.startswith(f"| `{key}` |") for line in lines) != 1] == []


def test_every_key_has_a_description() -> None:
    assert [entry.key for entry in entries() if len(entry.text) < 10 or not entry.text.endswith(".")] == []


def test_every_key_has_its_description_in_the_schema() -> None:
    schema = environment_schema()
    sections = [schema, *schema["$defs"].values()]
    found = [
        name for each in sections for name, part in each.get("properties", {}).items() if not part.get("description")
    ]
    assert found == []


def test_every_number_has_a_unit() -> None:
    numbers = [entry for entry in entries() if "number" in entry.type]
    assert [entry.key for entry in numbers if not entry.unit] == []


def test_the_tables_name_keys_that_exist() -> None:
    assert [key for key in (*UNITS, *PROVIDER_ARGUMENTS) if key not in KEYS] == []


def test_newer_arguments_name_the_provider_version_they_need() -> None:
    since = {entry.key: entry.since for entry in entries()}
    assert since["stream.max_record_size_in_kib"] == "AWS provider 6.20.0"
    assert since["domain.advanced_security_options.jwt_options.roles_key"] == "AWS provider 6.34.0"
    assert since["stream.shard_count"] == "0.1.0"
