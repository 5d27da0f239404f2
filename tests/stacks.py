"""Reads synthesized stacks for tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cdktf import App, TerraformStack

from constructs_lib.configuration.environment import Environment
from constructs_lib.configuration.load import parse_environment
from constructs_lib.configuration.yaml_file import read_yaml
from constructs_lib.stack import Stack

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted(path.stem for path in (ROOT / "environments" / "examples").glob("*.yaml"))
ENVIRONMENTS = ["dev", "prod", "seed"]
"""Those that the project ships. Files that a user adds are judged by `make check`, not by these tests."""


@dataclass(frozen=True)
class Terraform:
    """The JSON of one stack."""

    json: Mapping[str, Any]

    def ids(self, type_: str) -> set[str]:
        """Logical ids of the resources of one type; there may be none."""
        return set(self.json.get("resource", {}).get(type_, {}))

    def all(self, type_: str) -> dict[str, Any]:
        """Resources of one type, by logical id; there is at least one."""
        found: dict[str, Any] = self.json.get("resource", {}).get(type_, {})
        assert found, f"no {type_}: {sorted(self.json.get('resource', {}))}"
        return found

    def one(self, type_: str, logical_id: str | None = None) -> Any:
        """The resource of a type with a logical id; without one, the only resource of the type."""
        found = self.all(type_)
        if logical_id is None:
            assert len(found) == 1, f"{len(found)} resources {type_}: {sorted(found)}"
            return next(iter(found.values()))
        assert logical_id in found, f"no {type_}.{logical_id}: {sorted(found)}"
        return found[logical_id]

    def document(self, logical_id: str) -> list[dict[str, Any]]:
        """Statements of the policy document with a logical id."""
        documents = self.json["data"]["aws_iam_policy_document"]
        assert logical_id in documents, f"no document {logical_id}: {sorted(documents)}"
        statements: list[dict[str, Any]] = documents[logical_id]["statement"]
        return statements

    def expanded(self, value: str) -> str:
        """A text with the stack's local values in the place of references to them."""
        local = re.compile(r"\$\{local\.(\w+)\}")
        while local.search(value):
            value = local.sub(lambda found: str(self.json["locals"][found[1]]), value)
        return value

    def statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every statement of every policy document, with the document's logical id."""
        for name, document in self.json.get("data", {}).get("aws_iam_policy_document", {}).items():
            for statement in document["statement"]:
                yield name, statement


def synthesize(stack: TerraformStack, app: App) -> Terraform:
    """Write the app and read one of its stacks."""
    app.synth()
    path = Path(app.outdir, "stacks", stack.node.id, "cdk.tf.json")
    return Terraform(json.loads(path.read_text(encoding="utf-8")))


def stack_of(changes: Mapping[str, Any], *, allow_destroy: bool = False, stack: str = "test") -> Terraform:
    """The stack of an environment given as a mapping; ``name`` and ``region`` have defaults."""
    document = {"name": "test-behaviour", "region": "eu-west-1"} | dict(changes)
    environment, _ = parse_environment(document, "test.yaml")
    return _stack(environment, allow_destroy=allow_destroy, stack=stack)


def _stack(environment: Environment, *, allow_destroy: bool, stack: str) -> Terraform:
    with TemporaryDirectory() as folder:
        app = App(outdir=folder)
        return synthesize(Stack(app, stack, environment=environment, allow_destroy=allow_destroy), app)


@cache
def _output() -> TemporaryDirectory[str]:
    """Where shipped environments are written; goes with the process."""
    return TemporaryDirectory(prefix="stacks-")


@cache
def shipped_folder(name: str, folder: str = "environments") -> Path:
    """The synthesized folder of a shipped environment, or of an example, made once; with the functions' archives."""
    file = ROOT / folder / f"{name}.yaml"
    environment, _ = parse_environment(read_yaml(file, name), name)
    output = Path(_output().name, folder)
    output.mkdir(parents=True, exist_ok=True)
    app = App(outdir=str(output))
    Stack(app, name, environment=environment)
    app.synth()
    return Path(app.outdir, "stacks", name)


@cache
def shipped(name: str, folder: str = "environments") -> Terraform:
    """The stack of a shipped environment, or of an example."""
    return Terraform(json.loads((shipped_folder(name, folder) / "cdk.tf.json").read_text(encoding="utf-8")))
