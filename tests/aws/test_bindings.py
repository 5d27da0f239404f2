"""The one door to the bindings."""

from __future__ import annotations

import pytest

from constructs_lib import aws
from constructs_lib.aws.bindings import BINDINGS, submodules_of


@pytest.mark.parametrize("name", sorted(BINDINGS))
def test_every_listed_class_is_in_its_submodule(name: str) -> None:
    assert getattr(aws, name).__jsii_type__.endswith(f".{name}")


def test_a_struct_is_found_through_its_resource() -> None:
    assert aws.S3BucketVersioning.__jsii_type__ == "@cdktf/provider-aws.s3Bucket.S3BucketVersioning"


def test_the_longest_matching_resource_is_tried_first() -> None:
    assert submodules_of("KinesisStreamConsumerTimeouts") == ["kinesis_stream_consumer", "kinesis_stream"]


def test_an_unlisted_name_says_where_the_list_is() -> None:
    with pytest.raises(ImportError):
        from constructs_lib.aws import XrayGroup  # noqa: F401, PLC0415
    with pytest.raises(AttributeError, match=r"bindings\.py"):
        aws.__getattr__("XrayGroup")
