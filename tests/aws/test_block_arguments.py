"""Arguments in the provider's form are converted to the bindings' form."""

from __future__ import annotations

import importlib
import inspect

import pytest

from constructs_lib.aws import (
    ArgumentError,
    DataAwsIamPolicyDocument,
    KinesisFirehoseDeliveryStream,
    KinesisStream,
    KinesisStreamStreamModeDetails,
    KinesisStreamTimeouts,
    arguments,
)
from constructs_lib.aws import block_arguments as reading
from constructs_lib.aws.bindings import BINDINGS, PACKAGE


def test_a_hint_means_the_same_as_text_and_as_object() -> None:
    """Hints are texts in the slim copy, which the tests use, and are objects in the package itself."""
    modules = [importlib.import_module(f"{PACKAGE}.{submodule}") for submodule in sorted(set(BINDINGS.values()))]
    hints = [
        (hint, each.__init__.__globals__)
        for module in modules
        for _, each in inspect.getmembers(module, inspect.isclass)
        for name, hint in getattr(each.__init__, "__annotations__", {}).items()
        if each.__module__ == module.__name__ and name not in reading._PASSED_ON and "Dict[" in str(hint)
    ]
    assert len(hints) > 100
    assert all(isinstance(hint, str) for hint, _ in hints)
    for hint, names in hints:
        assert reading._block_in_text(hint, names) == reading._evaluated_block(hint, names)


def test_plain_arguments_pass_through() -> None:
    assert arguments(KinesisStream, {"name": "events", "shard_count": 2}) == {"name": "events", "shard_count": 2}


def test_a_single_block_becomes_its_struct() -> None:
    converted = arguments(KinesisStream, {"name": "events", "stream_mode_details": {"stream_mode": "ON_DEMAND"}})
    assert converted["stream_mode_details"] == KinesisStreamStreamModeDetails(stream_mode="ON_DEMAND")


def test_nested_and_repeated_blocks_become_structs() -> None:
    converted = arguments(
        KinesisFirehoseDeliveryStream,
        {
            "opensearch_configuration": {
                "index_name": "events",
                "role_arn": "role",
                "s3_configuration": {"bucket_arn": "bucket", "role_arn": "role"},
                "processing_configuration": {
                    "enabled": True,
                    "processors": [
                        {
                            "type": "Lambda",
                            "parameters": [{"parameter_name": "LambdaArn", "parameter_value": "function"}],
                        }
                    ],
                },
            }
        },
    )
    processor = converted["opensearch_configuration"].processing_configuration.processors[0]
    assert processor.parameters[0].parameter_value == "function"


def test_a_single_mapping_becomes_a_list_of_one() -> None:
    converted = arguments(DataAwsIamPolicyDocument, {"statement": {"actions": ["kinesis:PutRecord"]}})
    assert [statement.actions for statement in converted["statement"]] == [["kinesis:PutRecord"]]


def test_an_existing_struct_passes_through() -> None:
    made = KinesisStreamTimeouts(create="5m")
    assert arguments(KinesisStream, {"timeouts": made})["timeouts"] is made


def test_an_unknown_argument_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(
        ArgumentError, match=r"KinesisStream\.shard_cuont: unknown argument; did you mean 'shard_count'\?"
    ):
        arguments(KinesisStream, {"shard_cuont": 1})


def test_an_unknown_argument_of_a_block_is_named_with_its_path() -> None:
    with pytest.raises(ArgumentError, match=r"KinesisStream\.stream_mode_details\.zzz: unknown argument; known: "):
        arguments(KinesisStream, {"stream_mode_details": {"zzz": 1}})


@pytest.mark.parametrize("value", [[{"stream_mode": "ON_DEMAND"}], 3, True])
def test_a_block_of_the_wrong_type_is_refused(value: object) -> None:
    with pytest.raises(ArgumentError, match=r"KinesisStream\.stream_mode_details: .*give a mapping"):
        arguments(KinesisStream, {"stream_mode_details": value})
