"""Real Terraform for tests.

- ``terraform``: Terraform with the AWS provider (``constructs_lib.plans.terraform.Terraform``), attached to one
  provider process that serves the whole session: a plan takes one second instead of five. Runs must follow each other.
- ``validated(stack_folder)`` and ``planned(stack_folder)`` run on a copy of a synthesized stack's folder, once for each
  content in a session; any error or warning, a deprecation too, fails the test that asked.
- ``provider_schema``: the provider's own schema, the authority on what arguments there are.

Without Terraform, or without a provider it can install, tests that ask for these are skipped with the reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.plans.terraform import Terraform, TerraformError, served_provider

REQUIRED = {"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}}}}


@pytest.fixture(scope="session")
def installing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Terraform, Path]:
    """Terraform as a user runs it, and a folder in which it installed the provider."""
    try:
        found = Terraform.find()
        folder = tmp_path_factory.mktemp("provider")
        (folder / "cdk.tf.json").write_text(json.dumps(REQUIRED), encoding="utf-8")
        found.init(folder)
    except TerraformError as error:
        pytest.skip(f"needs Terraform and the AWS provider: {error}")
    return found, folder


@pytest.fixture(scope="session")
def terraform(installing: tuple[Terraform, Path]) -> Iterator[Terraform]:
    """Terraform with one provider process for the whole session."""
    found, _ = installing
    with served_provider(found.mirror) as environment:
        # Short runs with much memory at hand: garbage need not be collected.
        yield Terraform(found.binary, found.mirror, {**environment, "GOGC": "off", "GOMEMLIMIT": "2GiB"})


@pytest.fixture(scope="session")
def provider_schema(installing: tuple[Terraform, Path], request: pytest.FixtureRequest) -> dict[str, Any]:
    """The AWS provider's schema; kept between sessions, as it takes seconds to tell."""
    found, folder = installing
    lock = (folder / ".terraform.lock.hcl").read_bytes()
    kept = request.config.cache.mkdir("provider-schema") / f"{hashlib.sha256(lock).hexdigest()[:16]}.json"
    if kept.is_file():
        return dict(json.loads(kept.read_bytes()))
    schema = found.provider_schema(folder)
    kept.write_text(json.dumps(schema), encoding="utf-8")
    return schema


@pytest.fixture(scope="session")
def validated(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Validate a synthesized stack as it is."""

    def validate(stack: Path) -> None:
        folder = terraform.prepare(stack, tmp_path_factory.mktemp("validate"), offline=False)
        terraform.init(folder, backend=False)
        said = terraform.validate(folder)
        assert not said, "\n".join(map(str, said))

    return validate


@pytest.fixture(scope="session")
def planned(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], dict[str, Any]]:
    """Plan a synthesized stack without AWS; the plan's JSON. Asking again for the same content costs nothing."""
    plans: dict[str, dict[str, Any]] = {}

    def plan(stack: Path) -> dict[str, Any]:
        content = hashlib.sha256((stack / "cdk.tf.json").read_bytes()).hexdigest()
        if content not in plans:
            folder = terraform.prepare(stack, tmp_path_factory.mktemp("plan"))
            terraform.init(folder)
            plans[content] = terraform.plan(folder)
        return plans[content]

    return plan
