"""Rules for a delivery stream to a search domain, each in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from constructs_lib.rules import UNKNOWN, delivery
from tests.rules.cases import DELIVERY, FUNCTION, ROLE, changed

BLOCK = "opensearch_configuration"
PROCESSOR = f"{BLOCK}.processing_configuration.processors[0]"
LOGGING = f"{BLOCK}.cloudwatch_logging_options"
BACKUP = f"{BLOCK}.s3_configuration"
UNKNOWN_TOPIC = {"topic_name": "events", "msk_cluster_arn": UNKNOWN, "authentication_configuration": UNKNOWN}
TYPE = "!{firehose:error-output-type}/"
ERROR_TYPE = f"failed/{TYPE}"


def processor(*parameters: tuple[Any, Any], kind: str = "Lambda", function: Any = FUNCTION) -> tuple[str, Any]:
    """A change that replaces the processors by one with these parameters."""
    listed = [*([("LambdaArn", function)] if function else []), *parameters]
    named = [{"parameter_name": name, "parameter_value": value} for name, value in listed]
    return (f"{BLOCK}.processing_configuration.processors", [{"type": kind, "parameters": named}])


ACCEPTED: dict[str, dict[str, Any]] = {
    "as it is": DELIVERY,
    "for Elasticsearch": {
        "name": "events",
        "destination": "elasticsearch",
        "elasticsearch_configuration": DELIVERY[BLOCK],
    },
    "as a plan has it": changed(
        DELIVERY,
        (BLOCK, [DELIVERY[BLOCK] | {"s3_configuration": [DELIVERY[BLOCK]["s3_configuration"] | {"prefix": "a/"}]}]),
    ),
    "endpoint": changed(DELIVERY, (f"{BLOCK}.domain_arn", None), (f"{BLOCK}.cluster_endpoint", "https://search")),
    "domain of the same plan": changed(DELIVERY, (f"{BLOCK}.domain_arn", UNKNOWN)),
    "no buffering": changed(DELIVERY, (f"{BLOCK}.buffering_interval", 0), (f"{BACKUP}.buffering_interval", 0)),
    "encryption without a source": changed(
        DELIVERY, ("kinesis_source_configuration", None), ("server_side_encryption.enabled", True)
    ),
    "logging": changed(
        DELIVERY,
        (f"{LOGGING}.enabled", True),
        (f"{LOGGING}.log_group_name", "/aws/firehose"),
        (f"{LOGGING}.log_stream_name", UNKNOWN),
    ),
    "error type": changed(
        DELIVERY, (f"{BACKUP}.prefix", "!{timestamp:yyyy}/"), (f"{BACKUP}.error_output_prefix", ERROR_TYPE)
    ),
    **{
        f"prefix {prefix}": changed(
            DELIVERY, (f"{BACKUP}.prefix", prefix), (f"{BACKUP}.error_output_prefix", f"failed/{TYPE}")
        )
        for prefix in (
            "year=!{timestamp:yyyy}/day=!{timestamp:dd}/",
            "!{timestamp:yyyy/MM/dd/HH}/!{firehose:random-string}/",
            "!{timestamp:'year='yyyy}/",
            "{a}/",
        )
    },
    "smallest batch": changed(DELIVERY, processor(("BufferSizeInMBs", "0.2"), ("NumberOfRetries", "0"))),
    "reference": changed(DELIVERY, processor(("BufferSizeInMBs", "${var.size}"))),
    "unknown function": changed(DELIVERY, processor(function=UNKNOWN)),
    "unknown parameter": changed(DELIVERY, processor((UNKNOWN, FUNCTION), function=None)),
    "alias": changed(DELIVERY, processor(function=FUNCTION.replace(":7", ":live"))),
    "delimiter": changed(DELIVERY, processor(kind="AppendDelimiterToRecord", function=None)),
    "everything unknown": dict.fromkeys(DELIVERY, UNKNOWN),
    "to a bucket": {"name": "events", "destination": "extended_s3"},
}


@pytest.mark.parametrize("arguments", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(arguments: dict[str, Any]) -> None:
    assert [f"{finding.path}: {finding}" for finding in delivery.check(arguments)] == []


FOUND: list[tuple[str, str, tuple[tuple[str, Any], ...]]] = [
    ("error", "name", (("name", "a b"),)),
    ("error", BLOCK, ((BLOCK, None),)),
    ("error", f"{BLOCK}.domain_arn", ((f"{BLOCK}.domain_arn", None),)),
    ("error", f"{BLOCK}.domain_arn", ((f"{BLOCK}.domain_arn", "arn:aws:es:eu-west-1:1:domain/events"),)),
    ("error", f"{BLOCK}.cluster_endpoint", ((f"{BLOCK}.cluster_endpoint", "https://search"),)),
    (
        "error",
        f"{BLOCK}.cluster_endpoint",
        ((f"{BLOCK}.domain_arn", None), (f"{BLOCK}.cluster_endpoint", "http://search")),
    ),
    ("error", "msk_source_configuration", (("msk_source_configuration", UNKNOWN_TOPIC),)),
    ("error", "server_side_encryption", (("server_side_encryption.enabled", True),)),
    (
        "error",
        "server_side_encryption.key_arn",
        (
            ("kinesis_source_configuration", None),
            ("server_side_encryption", {"enabled": True, "key_type": "CUSTOMER_MANAGED_CMK"}),
        ),
    ),
    ("error", f"{BLOCK}.index_name", ((f"{BLOCK}.index_name", "Events"),)),
    ("error", f"{BLOCK}.index_name", ((f"{BLOCK}.index_name", "_events"),)),
    ("error", f"{BLOCK}.index_name", ((f"{BLOCK}.index_name", "e" * 81),)),
    ("warning", f"{BLOCK}.type_name", ((f"{BLOCK}.type_name", "_doc"),)),
    ("error", f"{LOGGING}.log_stream_name", ((LOGGING, {"enabled": True, "log_group_name": "g"}),)),
    ("error", f"{BACKUP}.error_output_prefix", ((f"{BACKUP}.prefix", "!{timestamp:yyyy}/"),)),
    ("error", f"{BACKUP}.error_output_prefix", ((f"{BACKUP}.error_output_prefix", "!{timestamp:yyyy}/"),)),
    (
        "error",
        f"{BACKUP}.prefix",
        ((f"{BACKUP}.prefix", ERROR_TYPE), (f"{BACKUP}.error_output_prefix", ERROR_TYPE)),
    ),
    *(
        ("error", f"{BACKUP}.error_output_prefix", ((f"{BACKUP}.error_output_prefix", f"{prefix}{ERROR_TYPE}"),))
        for prefix in (
            "!{partitionKeyFromQuery:user}/",
            "!{partitionKeyFromLambda:user}/",
            "!{timestamp:yyyy/",
            "!{date:yyyy}/",
            "!{timestamp:}/",
            "!{timestamp:'yyyy}/",
            "!{timestamp:jjjj}/",
            "!{timestamp}/",
            "!{firehose:random}/",
        )
    ),
    ("error", f"{PROCESSOR}.type", (processor(kind="MetadataExtraction", function=None),)),
    ("error", f"{PROCESSOR}.type", (processor(kind="Lamda"),)),
    (
        "error",
        f"{PROCESSOR}.parameters[0].parameter_value",
        (
            processor(function=FUNCTION.replace("eu-west-1", "us-east-1")),
            ("arn", "arn:aws:firehose:eu-west-1:123456789012:deliverystream/events"),
        ),
    ),
    ("error", f"{PROCESSOR}.parameters[0].parameter_value", (processor(function=ROLE),)),
    ("error", f"{BLOCK}.role_arn", ((f"{BLOCK}.role_arn", f"{ROLE}*"),)),
    ("error", f"{BLOCK}.s3_configuration.bucket_arn", ((f"{BACKUP}.bucket_arn", "archive"),)),
    ("error", f"{BLOCK}.s3_configuration.kms_key_arn", ((f"{BACKUP}.kms_key_arn", "0a1b2c3d"),)),
    ("error", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("BufferSizeInMBs", "0.1")),)),
    ("error", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("BufferSizeInMBs", "3.1")),)),
    ("error", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("BufferIntervalInSeconds", "901")),)),
    ("error", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("NumberOfRetries", "301")),)),
    ("error", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("NumberOfRetries", "a few")),)),
    ("error", f"{PROCESSOR}.parameters[1].parameter_name", (processor(("Retries", "3")),)),
    ("error", f"{PROCESSOR}.parameters", (processor(("NumberOfRetries", "1"), function=None),)),
    ("warning", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("BufferSizeInMBs", "1.0")),)),
    ("warning", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("BufferIntervalInSeconds", "60")),)),
    ("warning", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("NumberOfRetries", "3")),)),
    ("warning", f"{PROCESSOR}.parameters[1].parameter_value", (processor(("BufferSizeInMBs", "3")),)),
    ("warning", f"{PROCESSOR}.parameters[0].parameter_value", (processor(function=FUNCTION.removesuffix(":7")),)),
]


@pytest.mark.parametrize(("severity", "path", "changes"), FOUND, ids=[f"{n}-{case[1]}" for n, case in enumerate(FOUND)])
def test_found(severity: str, path: str, changes: tuple[tuple[str, Any], ...]) -> None:
    found = delivery.check(changed(DELIVERY, *changes))
    assert [(finding.path, finding.severity) for finding in found] == [(path, severity)]
