"""Small apps that use the constructs like any user's app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from cdktf import App, TerraformStack

from constructs_lib import ConfigurationError, Encryption
from constructs_lib.aws import AwsProvider
from tests.stacks import Terraform, synthesize

ACCOUNT = "111122223333"
Made = TypeVar("Made")
Make = Callable[[TerraformStack], object]


def stack() -> TerraformStack:
    """A stack named ``shop`` with a provider."""
    made = TerraformStack(App(), "shop")
    AwsProvider(made, "aws", region="eu-west-1")
    return made


def key(scope: TerraformStack) -> Encryption:
    """A key to encrypt with."""
    return Encryption(scope, "key", name="clicks")


def assert_refused(make: Make, beginnings: list[str]) -> None:
    """Check that a construct is refused with exactly these errors, each given by its beginning."""
    with pytest.raises(ConfigurationError) as caught:
        make(stack())
    lines = [str(problem) for problem in caught.value.problems if problem.severity == "error"]
    assert [line for line, begin in zip(lines, beginnings, strict=True) if not line.startswith(begin)] == []


def stack_with(make: Callable[[TerraformStack], Made]) -> tuple[Made, Terraform]:
    """What a function makes in a new stack, and the stack's JSON."""
    with TemporaryDirectory() as folder:
        app = App(outdir=str(Path(folder)))
        stack = TerraformStack(app, "shop")
        AwsProvider(stack, "aws", region="eu-west-1")
        made = make(stack)
        return made, synthesize(stack, app)
