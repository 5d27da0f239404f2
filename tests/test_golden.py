"""The shipped environments' Terraform changes only on purpose (`make golden` renews the files)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cdktf import App, TerraformStack
from constructs import Construct

from constructs_lib.aws import AwsProvider, KinesisStream
from tests.golden import FOLDER, render
from tests.renames import lost
from tests.stacks import ENVIRONMENTS, shipped, synthesize


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_stack_equals_the_golden_file(name: str) -> None:
    assert render(shipped(name).json) == (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def test_every_golden_file_has_its_environment() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == ENVIRONMENTS


PINNED = FOLDER.parent / "logical_ids.json"


def test_logical_ids_are_pinned() -> None:
    """A changed id is a destroyed resource; whoever renames one says so with `move_from_id`."""
    assert not lost(json.loads(PINNED.read_text(encoding="utf-8")), shipped("prod").json)


class _Renamed(TerraformStack):
    """A stack whose stream had the id ``old``."""

    def __init__(self, scope: Construct, id_: str, *, moved: bool) -> None:
        super().__init__(scope, id_)
        AwsProvider(self, "aws", region="eu-west-1")
        stream = KinesisStream(self, "new", name="events", shard_count=1)
        if moved:
            stream.move_from_id("aws_kinesis_stream.old")


@pytest.mark.parametrize(("moved", "gone"), [(False, {"aws_kinesis_stream.old"}), (True, set())])
def test_a_rename_without_a_moved_block_is_a_loss(tmp_path: Path, gone: set[str], *, moved: bool) -> None:
    app = App(outdir=str(tmp_path))
    stack = synthesize(_Renamed(app, "renamed", moved=moved), app)
    assert lost(["aws_kinesis_stream.old"], stack.json) == gone
