"""Small apps that use the constructs like any user's app."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from cdktf import App, TerraformStack

from constructs_lib.aws import AwsProvider
from tests.stacks import Terraform, synthesize

Made = TypeVar("Made")


def stack_with(make: Callable[[TerraformStack], Made]) -> tuple[Made, Terraform]:
    """What a function makes in a new stack, and the stack's JSON."""
    with TemporaryDirectory() as folder:
        app = App(outdir=str(Path(folder)))
        stack = TerraformStack(app, "shop")
        AwsProvider(stack, "aws", region="eu-west-1")
        made = make(stack)
        return made, synthesize(stack, app)
