"""`constructs_lib.aws`, the only module that imports the bindings."""

from __future__ import annotations

import ast
import re

import pytest

from constructs_lib import aws
from constructs_lib.aws.bindings import BINDINGS, submodules_of
from tests.stacks import ROOT


@pytest.mark.parametrize("name", sorted(BINDINGS))
def test_every_listed_class_is_in_its_submodule(name: str) -> None:
    assert getattr(aws, name).__jsii_type__.endswith(f".{name}")


def test_a_struct_is_found_through_its_resource() -> None:
    assert aws.S3BucketVersioning.__jsii_type__ == "@cdktf/provider-aws.s3Bucket.S3BucketVersioning"


def test_the_longest_matching_resource_is_tried_first() -> None:
    assert submodules_of("KinesisStreamConsumerTimeouts") == ["kinesis_stream_consumer", "kinesis_stream"]


def test_an_unlisted_name_raises_with_the_location_of_the_list() -> None:
    with pytest.raises(ImportError):
        from constructs_lib.aws import XrayGroup  # noqa: F401, PLC0415
    with pytest.raises(AttributeError, match=r"bindings\.py"):
        aws.__getattr__("XrayGroup")


def imported() -> set[str]:
    """What the library imports from `constructs_lib.aws`."""
    found = set()
    for module in (ROOT / "constructs_lib").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "constructs_lib.aws":
                found |= {alias.name for alias in node.names}
    return found


def test_every_listed_submodule_is_used() -> None:
    used = {getattr(aws, name).__module__.rpartition(".")[2] for name in imported() if submodules_of(name)}
    assert sorted(set(BINDINGS.values()) - used) == []


def test_bindings_are_imported_only_through_constructs_lib_aws() -> None:
    others = [
        module.name
        for module in (ROOT / "constructs_lib").rglob("*.py")
        if re.search(r"^\s*(from|import) cdktf_cdktf_provider_aws", module.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert others == []
