"""Existing resources are used without being managed, alone and together with new ones."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from cdktf import TerraformStack

from constructs_lib import Archive, Delivery, Encryption, EventStream, SearchDomain
from tests.library.apps import stack_with
from tests.stacks import stack_of

KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001"
STREAM = {"arn": "arn:aws:kinesis:eu-west-1:111122223333:stream/clicks"}
DOMAIN = {
    "arn": "arn:aws:es:eu-west-1:111122223333:domain/search",
    "endpoint": "search.example",
    "engine_version": "OpenSearch_2.19",
}
ARCHIVE = {"bucket": "clicks-archive"}
MANAGED = {"stream": "aws_kinesis_stream", "domain": "aws_opensearch_domain", "archive": "aws_s3_bucket"}
PARTS: dict[str, dict[str, Any]] = {"stream": STREAM, "domain": DOMAIN, "archive": ARCHIVE}
COMBINATIONS = [chosen for count in range(len(PARTS) + 1) for chosen in itertools.combinations(sorted(PARTS), count)]


@pytest.mark.parametrize("chosen", COMBINATIONS, ids=lambda chosen: "+".join(chosen) or "none")
def test_existing_resources_are_not_created(chosen: tuple[str, ...]) -> None:
    stack = stack_of({"existing": {name: PARTS[name] for name in chosen}})
    made = {name for name, type_ in MANAGED.items() if stack.ids(type_)}
    assert made == set(PARTS) - set(chosen)


def test_an_existing_stream_is_read_and_its_key_used() -> None:
    stack = stack_of({"existing": {"stream": {**STREAM, "kms_key_arn": KEY}}})
    delivery = stack.one("aws_kinesis_firehose_delivery_stream")
    assert delivery["kinesis_source_configuration"]["kinesis_stream_arn"] == STREAM["arn"]
    granted = {each["sid"]: each["resources"] for each in stack.document("delivery_role_permissions")}
    assert granted["ReadStream"] == [STREAM["arn"]]
    assert granted["DecryptStream"] == [KEY]


def test_an_existing_stream_is_watched() -> None:
    alarm = stack_of({"existing": {"stream": STREAM}}).one("aws_cloudwatch_metric_alarm", "stream_age")
    assert alarm["dimensions"] == {"StreamName": "clicks"}


def test_an_existing_domain_is_written_to_and_set_up() -> None:
    stack = stack_of({"existing": {"domain": DOMAIN}})
    delivery = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    assert delivery["domain_arn"] == DOMAIN["arn"]
    variables = stack.one("aws_lambda_function", "bootstrap")["environment"]["variables"]
    assert (variables["ENDPOINT"], variables["FINE_GRAINED"]) == ("search.example", "true")
    assert not [name for name in stack.ids("aws_cloudwatch_metric_alarm") if name.startswith("domain_")]


def test_an_existing_domain_in_a_vpc_is_reached_through_its_network() -> None:
    network = {"vpc_id": "vpc-0a1b2c3d4e5f60718", "subnet_ids": ["subnet-0a1b2c3d"]}
    domain = {**DOMAIN, "security_group_ids": ["sg-0a1b2c3d"]}
    stack = stack_of({"existing": {"domain": domain}, "network": network})
    delivery = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]
    assert delivery["vpc_config"]["subnet_ids"] == ["subnet-0a1b2c3d"]
    rule = stack.one("aws_vpc_security_group_ingress_rule", "domain_https_from_delivery")
    assert rule["security_group_id"] == "sg-0a1b2c3d"


def test_an_existing_bucket_receives_undelivered_records() -> None:
    stack = stack_of({"existing": {"archive": ARCHIVE}})
    backup = stack.one("aws_kinesis_firehose_delivery_stream")["opensearch_configuration"]["s3_configuration"]
    assert backup["bucket_arn"] == "arn:${data.aws_partition.current.partition}:s3:::clicks-archive"


def test_the_constructs_accept_existing_resources() -> None:
    def make(scope: TerraformStack) -> Delivery:
        key = Encryption.from_arn(scope, "key", KEY)
        return Delivery(
            scope,
            "delivery",
            name="clicks",
            stream=EventStream.from_arn(scope, "stream", STREAM["arn"], encryption=key),
            domain=SearchDomain.from_attributes(
                scope, "domain", domain_arn=DOMAIN["arn"], endpoint=DOMAIN["endpoint"], engine_version="OpenSearch_2.19"
            ),
            archive=Archive.from_bucket(scope, "archive", "clicks-archive", encryption=key),
        )

    made, stack = stack_with(make)
    assert made.role.name
    assert set(stack.json["resource"]) == {
        "aws_cloudwatch_log_group",
        "aws_cloudwatch_log_stream",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_kinesis_firehose_delivery_stream",
    }
