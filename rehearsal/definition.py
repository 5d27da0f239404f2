"""Creates a deployment's stream, bucket and delivery stream in the emulator, as an environment's stack defines them.

It synthesizes and reads the stack, and creates the needed resources through the AWS API, so that the delivery loop
reads its configuration from the same place as Firehose.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from constructs_lib.commands.plan import stack_name
from rehearsal.emulator import Emulator

ROOT = Path(__file__).resolve().parent.parent

_REFERENCE = re.compile(r"\$\{(aws_\w+)\.([\w-]+)\.\w+\}")

_INDEX = {
    "index_name": "IndexName",
    "index_rotation_period": "IndexRotationPeriod",
    "s3_backup_mode": "S3BackupMode",
}

_BUCKET = {"prefix": "Prefix", "error_output_prefix": "ErrorOutputPrefix", "compression_format": "CompressionFormat"}


class DefinitionError(Exception):
    """The environment cannot be synthesized or has no pipeline; the message is for the user."""


@dataclass(frozen=True)
class Deployment:
    """The created resources."""

    region: str
    engine_version: str
    stream: str
    bucket: str
    delivery: str
    index_name: str
    rotation: str
    variables: dict[str, str]
    """Environment variables of the transform function."""


def synthesize(environment: str) -> dict[str, Any]:
    """The stack of an environment as Terraform JSON.

    Raises:
        DefinitionError: with the messages of synth.
    """
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        run = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), environment],
            env={**os.environ, "CDKTF_OUTDIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise DefinitionError(run.stderr.strip())
        stack: dict[str, Any] = json.loads(Path(folder, "stacks", stack_name(environment), "cdk.tf.json").read_bytes())
        return stack


def _one(stack: dict[str, Any], kind: str) -> dict[str, Any]:
    members = list(stack.get("resource", {}).get(kind, {}).values())
    if len(members) != 1:
        raise DefinitionError(f"a rehearsal needs one {kind}; the stack has {len(members)}")
    found: dict[str, Any] = members[0]
    return found


def _block(given: Any) -> dict[str, Any]:
    """A single block, given as a mapping or as a list of one."""
    block: dict[str, Any] = (given[0] if given else {}) if isinstance(given, list) else (given or {})
    return block


def _literals(given: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {theirs: given[ours] for ours, theirs in names.items() if given.get(ours) not in {None, ""}}


def _buffer(given: dict[str, Any]) -> dict[str, int]:
    return {
        "SizeInMBs": given.get("buffering_size") or 5,
        "IntervalInSeconds": given["buffering_interval"] if given.get("buffering_interval") is not None else 300,
    }


def _variables(stack: dict[str, Any], function_arn: str) -> dict[str, str]:
    """The literal environment variables of the function that an ARN refers to, through its alias or at once."""
    found = _REFERENCE.search(function_arn)
    resources = stack.get("resource", {})
    while found is not None:
        kind, name = found.groups()
        resource = resources.get(kind, {}).get(name, {})
        if kind == "aws_lambda_function":
            given = _block(resource.get("environment")).get("variables", {})
            return {key: value for key, value in given.items() if "${" not in value}
        found = _REFERENCE.search(str(resource.get("function_name", "")))
    return {}


def create(stack: dict[str, Any], aws: Emulator) -> Deployment:
    """Create the stream, the bucket, the key for pseudonyms and the delivery stream of a stack.

    Raises:
        DefinitionError: the stack has no such resources, or more than one of a kind.
    """
    region = _block(stack["provider"]["aws"])["region"]
    stream, delivery = _one(stack, "aws_kinesis_stream"), _one(stack, "aws_kinesis_firehose_delivery_stream")
    options = _block(delivery["opensearch_configuration"])
    backup = _block(options["s3_configuration"])
    name, bucket = stream["name"], "rehearsal-archive"
    kinesis, s3 = aws.client("kinesis", region), aws.client("s3", region)
    mode = _block(stream.get("stream_mode_details")).get("stream_mode", "PROVISIONED")
    shards = {"ShardCount": stream["shard_count"]} if mode == "PROVISIONED" else {}
    kinesis.create_stream(StreamName=name, StreamModeDetails={"StreamMode": mode}, **shards)
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **place)
    role = f"arn:aws:iam::{aws.account_id}:role/{delivery['name']}"
    function = f"arn:aws:lambda:{region}:{aws.account_id}:function:{delivery['name']}:live"
    processors = _processors(options)
    arn = next((value for names in processors for key, value in names.items() if key == "LambdaArn"), "")
    parameters = [
        {"ParameterName": key, "ParameterValue": function if key == "LambdaArn" else value}
        for key, value in (processors[0] if processors else {"LambdaArn": function}).items()
    ]
    aws.client("firehose", region).create_delivery_stream(
        DeliveryStreamName=delivery["name"],
        DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration={
            "KinesisStreamARN": f"arn:aws:kinesis:{region}:{aws.account_id}:stream/{name}",
            "RoleARN": role,
        },
        AmazonopensearchserviceDestinationConfiguration={
            "RoleARN": role,
            "DomainARN": f"arn:aws:es:{region}:{aws.account_id}:domain/rehearsal",
            **_literals(options, _INDEX),
            "BufferingHints": _buffer(options),
            "RetryOptions": {"DurationInSeconds": options.get("retry_duration", 300)},
            "DocumentIdOptions": {
                "DefaultDocumentIdFormat": _block(options.get("document_id_options")).get(
                    "default_document_id_format", "FIREHOSE_DEFAULT"
                )
            },
            "S3Configuration": {
                "RoleARN": role,
                "BucketARN": f"arn:aws:s3:::{bucket}",
                **_literals(backup, _BUCKET),
                "BufferingHints": _buffer(backup),
            },
            "ProcessingConfiguration": {
                "Enabled": True,
                "Processors": [{"Type": "Lambda", "Parameters": parameters}],
            },
        },
    )
    key = aws.client("kms", region).create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    variables = _variables(stack, arn) | {"PSEUDONYM_KEY_ID": key["KeyMetadata"]["Arn"]}
    version = _one(stack, "aws_opensearch_domain")["engine_version"]
    return Deployment(
        region,
        version,
        name,
        bucket,
        delivery["name"],
        options["index_name"],
        options.get("index_rotation_period", "OneDay"),
        variables,
    )


def _processors(options: dict[str, Any]) -> list[dict[str, str]]:
    """The parameters of each Lambda processor."""
    given = _block(options.get("processing_configuration")).get("processors", [])
    return [
        {entry["parameter_name"]: entry["parameter_value"] for entry in processor.get("parameters", [])}
        for processor in (given if isinstance(given, list) else [given])
        if processor["type"] == "Lambda"
    ]
